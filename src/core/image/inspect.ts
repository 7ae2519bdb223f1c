import { createHash, type Hash } from 'node:crypto';
import { EaselError } from '../errors.ts';
import type { MediaType } from '../types.ts';
import { detectMediaType } from '../wire/magic.ts';
import type { Payload } from '../wire/types.ts';
import { type ByteReader, createByteReader } from './byte-reader.ts';
import { isFakePicture } from './fake-picture.ts';
import { inspectGif } from './inspect-gif.ts';
import { inspectIsobmff } from './inspect-isobmff.ts';
import { inspectJpeg } from './inspect-jpeg.ts';
import { inspectPng } from './inspect-png.ts';
import { inspectWebp } from './inspect-webp.ts';

/** What the structure of a whole picture says; its pixels are not decoded. */
export interface Inspection {
  mediaType: MediaType;
  /** Pixels as stored, before any orientation tag. */
  width: number;
  height: number;
  /** The picture's own bytes, from the first; what follows is no part of it. */
  length: number;
  /** SHA-256 (hex) without metadata: pictures that differ only in provenance or EXIF share it. */
  fingerprint: string;
  /** Above 1 for animations; HEIC and AVIF sequences count as 1. */
  frames: number;
}

/** What one format's walk finds; it leaves the reader right behind the picture. */
export interface Facts {
  width: number;
  height: number;
  frames: number;
}

/** @throws EaselError `incomplete-image` where the walk finds no whole picture */
export type Walk = (reader: ByteReader, fingerprint: Hash) => Promise<Facts>;

/** What a decoder can take in about 415 MB (measured: 16-bit RGBA, interlaced). */
export const MAX_PIXELS = 36_000_000;
/** The longest that models make, which people then want changed: 8:1 at 4K is 12288x1536. */
const MAX_SIDE = 12_288;

/** @throws EaselError `attachment-too-large` for a side or an area beyond the limits */
export function checkDimensions(width: number, height: number): void {
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new EaselError('attachment-too-large', { subject: `${width}x${height} pixels` });
  }
}

const WALKS: Record<MediaType, Walk> = {
  'image/png': inspectPng,
  'image/jpeg': inspectJpeg,
  'image/webp': inspectWebp,
  'image/gif': inspectGif,
  'image/avif': inspectIsobmff,
  'image/heic': inspectIsobmff,
};

/**
 * Walks a picture's structure to its end in one linear pass, holding headers only.
 * @throws EaselError `incomplete-image` for what is cut, fake or no picture, `attachment-unsupported` for SVG and other
 * formats, `attachment-too-large` for more pixels than `MAX_PIXELS` or `MAX_SIDE`
 */
export async function inspect(payload: Pick<Payload, 'head' | 'open'>): Promise<Inspection> {
  const mediaType = detectMediaType(payload.head);
  if (mediaType === undefined) {
    throw new EaselError(
      isFakePicture(payload.head) ? 'incomplete-image' : 'attachment-unsupported',
    );
  }
  const fingerprint = createHash('sha256').update(mediaType);
  const reader = createByteReader(payload.open());
  try {
    const facts = await WALKS[mediaType](reader, fingerprint);
    if (facts.width < 1 || facts.height < 1) throw new EaselError('incomplete-image');
    checkDimensions(facts.width, facts.height);
    return {
      mediaType,
      ...facts,
      length: reader.position(),
      fingerprint: fingerprint.digest('hex'),
    };
  } finally {
    await reader.close();
  }
}
