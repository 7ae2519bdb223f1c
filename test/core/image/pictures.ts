import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { Payload } from '../../../src/core/wire/types.ts';

/** A picture with some structure, so that every encoder has work. */
export function paint(width = 60, height = 40, channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels, 0);
  for (let at = 0; at < data.length; at += 1) data[at] = (at * 7 + (at >> 5) * 13) & 255;
  return sharp(data, { raw: { width, height, channels } });
}

/** One of each format that sharp can write. */
export const encoders: Record<string, () => Promise<Buffer>> = {
  png: () => paint().png().toBuffer(),
  'interlaced png': () => paint(60, 40, 4).png({ progressive: true }).toBuffer(),
  jpeg: () => paint().jpeg().toBuffer(),
  'progressive jpeg': () => paint().jpeg({ progressive: true }).toBuffer(),
  webp: () => paint().webp().toBuffer(),
  'lossless webp': () => paint().webp({ lossless: true }).toBuffer(),
  'webp with alpha': () => paint(60, 40, 4).webp().toBuffer(),
  gif: () => paint().gif().toBuffer(),
  avif: () => paint().avif({ effort: 0 }).toBuffer(),
};

export function payloadOf(bytes: Uint8Array, chunkBytes = 64 * 1024): Payload {
  return {
    size: bytes.length,
    head: bytes.subarray(0, 64),
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield bytes.subarray(at, at + chunkBytes);
      }
    },
    async discard() {},
  };
}

export function pngChunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The same picture with bytes put in at `at`. */
export function insert(bytes: Buffer, at: number, addition: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), addition, bytes.subarray(at)]);
}

/** A PNG that declares any size over a few bytes of pixels. */
export function pngOf(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', Buffer.from('789c030000000001', 'hex')),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * A red HEIC of 16 x 16 pixels, since sharp writes none: one HEVC block of plain samples (I_PCM), made by hand from
 * the tables of H.265, so that no encoder is needed.
 */
export function heic(): Buffer {
  const header = [
    'AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABGm1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAA',
    'AAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABOgAAAYsAAAAjaWluZgAAAAAAAQAAABVpbmZl',
    'AgAAAAABAABodmMxAAAAAJ5pcHJwAAAAgWlwY28AAABlaHZjQwEBYAAAAJAAAAAAAB7wAPz9+PgAAA8DoAABABdAAQ',
    'wB//8BYAAAAwCQAAADAAADAB7wJKEAAQAaQgEBAWAAAAMAkAAAAwAAAwAeoIhF/q8XesGiAAEABkQBwHGAEgAAABRp',
    'c3BlAAAAAAAAABAAAAAQAAAAFWlwbWEAAAAAAAAAAQABAoECAAABk21kYXQAAAGHJgGvhoA=',
  ].join('');
  const samples = [Buffer.alloc(256, 81), Buffer.alloc(64, 90), Buffer.alloc(64, 240)];
  return Buffer.concat([Buffer.from(header, 'base64'), ...samples, Buffer.from('fe80', 'hex')]);
}
