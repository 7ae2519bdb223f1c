import { crc32 } from 'node:zlib';
import { EaselError } from '../errors.ts';
import type { Facts, Walk } from './inspect.ts';

// Chunks that make the look (PNG third edition, which took in APNG's); all others are metadata.
const LOOK = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP acTL fcTL fdAT'.split(' '));

// Encoders cut pixels into chunks of 4 KiB or more; a flood of tiny ones would only cost time.
const MAX_CHUNKS = 50_000;

// IHDR is 13 bytes long and acTL 8; nothing is read beyond that of any chunk.
const FACT_BYTES = 13;

/** Chunk by chunk to IEND, each with its CRC. */
export const inspectPng: Walk = async (reader, fingerprint) => {
  await reader.skip(8);
  const facts: Facts = { width: 0, height: 0, frames: 1 };
  let previous = '';
  let pixels = false;
  for (let count = 0; count < MAX_CHUNKS; count += 1) {
    const header = await reader.read(8);
    const length = header.readUInt32BE(0);
    const type = header.toString('latin1', 4);
    if (!/^[A-Za-z]{4}$/.test(type) || (count === 0 && type !== 'IHDR')) break;
    // A run of IDATs is one stream, wherever the encoder cut it.
    if (LOOK.has(type) && type !== previous) fingerprint.update(type);

    const start = await reader.read(Math.min(length, FACT_BYTES));
    let crc = crc32(start, crc32(header.subarray(4)));
    if (LOOK.has(type)) fingerprint.update(start);
    await reader.skip(length - start.length, (bytes) => {
      crc = crc32(bytes, crc);
      if (LOOK.has(type)) fingerprint.update(bytes);
    });
    if ((await reader.read(4)).readUInt32BE(0) !== crc) break;

    Object.assign(facts, chunkFacts(type, start));
    pixels ||= type === 'IDAT' && length > 0;
    if (type === 'IEND' && pixels) return facts;
    if (type === 'IEND') break;
    previous = type;
  }
  throw new EaselError('incomplete-image');
};

function chunkFacts(type: string, start: Buffer): Partial<Facts> {
  if (type === 'IHDR' && start.length === FACT_BYTES) {
    return { width: start.readUInt32BE(0), height: start.readUInt32BE(4) };
  }
  return type === 'acTL' && start.length >= 8 ? { frames: start.readUInt32BE(0) } : {};
}
