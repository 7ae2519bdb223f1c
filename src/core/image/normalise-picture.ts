import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { EaselError } from '../errors.ts';
import type { MediaType } from '../types.ts';
import { detectMediaType } from '../wire/magic.ts';
import { checkDimensions, MAX_PIXELS } from './inspect.ts';
import type { NormalisedPicture, NormaliseTask } from './normalise.ts';

// A picture at a time needs no cache, and one thread per picture keeps the peak low.
function openWithSharp(bytes: Uint8Array, limitInputPixels: number | false): Sharp {
  sharp.cache(false);
  sharp.concurrency(1);
  // `error` refuses what is cut as well, and passes the harmless warnings that phones' files are full of.
  return sharp(bytes, { limitInputPixels, failOn: 'error', pages: 1 });
}

// What sharp calls the formats; a file that it takes for anything else is a polyglot.
const SHARP_FORMATS: Partial<Record<MediaType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};

const JPEG_QUALITY = 90;
/** Google's limit for an inline picture on Vertex, which many gateways stand before. */
const MAX_PNG_BYTES = 7_000_000;

/**
 * Decodes, turns upright, brings to 8-bit sRGB within `maxSide`, and encodes anew, without a byte of metadata: PNG where
 * something is transparent, else JPEG. A PNG that no gateway would take becomes a JPEG on white, which every gateway reads
 * (not all read WebP). To run in the child process only.
 */
export async function normalisePicture({
  bytes,
  maxSide,
}: NormaliseTask): Promise<NormalisedPicture> {
  const { data, info } = await decodePicture(bytes, maxSide);
  return encode(data, info);
}

/**
 * Pixels of 8-bit sRGB, upright, within `maxSide`. To run in the child process only.
 * @throws EaselError `attachment-unsupported`, `attachment-too-large`
 */
export async function decodePicture(
  bytes: Uint8Array,
  maxSide?: number,
): Promise<{ data: Buffer; info: OutputInfo }> {
  const mediaType = detectMediaType(bytes);
  if (mediaType === undefined) throw new EaselError('attachment-unsupported');
  const picture = mediaType === 'image/heic' ? await openHeic(bytes) : await open(bytes, mediaType);
  const upright = picture.autoOrient();
  const box = { fit: 'inside', withoutEnlargement: true } as const;
  const sized =
    maxSide === undefined ? upright : upright.resize({ width: maxSide, height: maxSide, ...box });
  return sized.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
}

async function open(bytes: Uint8Array, mediaType: MediaType): Promise<Sharp> {
  // Headers only: our own check tells a person more than sharp's refusal.
  const { format, width, height } = await openWithSharp(bytes, false).metadata();
  if (format !== SHARP_FORMATS[mediaType]) throw new EaselError('attachment-unsupported');
  checkDimensions(width, height);
  return openWithSharp(bytes, MAX_PIXELS);
}

/** sharp's prebuilt libheif has no HEVC, so HEIC goes through WebAssembly, loaded only when one comes. */
async function openHeic(bytes: Uint8Array): Promise<Sharp> {
  const { default: heicDecode } = await import('heic-decode');
  const pictures = await heicDecode.all({ buffer: bytes });
  try {
    const [first] = pictures;
    if (first === undefined) throw new EaselError('attachment-unsupported');
    checkDimensions(first.width, first.height);
    const { data, width, height } = await first.decode();
    return sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: MAX_PIXELS });
  } finally {
    pictures.dispose();
  }
}

async function encode(
  data: Buffer,
  { width, height, channels }: OutputInfo,
): Promise<NormalisedPicture> {
  const picture = sharp(data, { raw: { width, height, channels } });
  if (hasTransparency(data, channels)) {
    const png = await picture.clone().png().toBuffer();
    if (png.length <= MAX_PNG_BYTES) return { data: png, mediaType: 'image/png', width, height };
  }
  const opaque = picture.flatten({ background: 'white' });
  const jpeg = await opaque.jpeg({ quality: JPEG_QUALITY }).toBuffer();
  return { data: jpeg, mediaType: 'image/jpeg', width, height };
}

export function hasTransparency(pixels: Buffer, channels: number): boolean {
  if (channels !== 4) return false;
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return true;
  return false;
}
