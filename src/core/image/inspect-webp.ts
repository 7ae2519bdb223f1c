import { EaselError } from '../errors.ts';
import type { Facts, Walk } from './inspect.ts';

// Chunks with pixels or their colours (RFC 9649); EXIF, XMP and the flags in VP8X that announce them are left out.
const LOOK = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

const MAX_CHUNKS = 20_000;
const FACT_BYTES = 10;

/** Chunk by chunk to the end that the RIFF header declares. */
export const inspectWebp: Walk = async (reader, fingerprint) => {
  const end = (await reader.read(12)).readUInt32LE(4) + 8;
  const facts: Facts = { width: 0, height: 0, frames: 0 };
  for (let count = 0; count < MAX_CHUNKS && reader.position() + 8 <= end; count += 1) {
    const header = await reader.read(8);
    const type = header.toString('latin1', 0, 4);
    const length = header.readUInt32LE(4);
    // The last chunk's padding byte may lie outside of a carelessly counted RIFF size.
    if (reader.position() + length > end) throw new EaselError('incomplete-image');
    const start = await reader.read(Math.min(length, FACT_BYTES));
    widen(facts, chunkSize(type, start));
    if (PICTURES.has(type)) facts.frames += 1;
    if (LOOK.has(type)) fingerprint.update(type).update(start);
    await reader.skip(
      length - start.length,
      (bytes) => LOOK.has(type) && fingerprint.update(bytes),
    );
    await reader.skip(Math.min(length % 2, end - reader.position()));
  }
  if (facts.frames === 0 || reader.position() > end) throw new EaselError('incomplete-image');
  await reader.skip(end - reader.position());
  return facts;
};

const PICTURES = new Set(['VP8 ', 'VP8L', 'ANMF']);

function widen(facts: Facts, [width, height]: readonly [number, number]): void {
  facts.width = Math.max(facts.width, width);
  facts.height = Math.max(facts.height, height);
}

function chunkSize(type: string, start: Buffer): readonly [number, number] {
  if (start.length < (type === 'VP8L' ? 5 : FACT_BYTES)) return [0, 0];
  switch (type) {
    case 'VP8X':
      return [start.readUIntLE(4, 3) + 1, start.readUIntLE(7, 3) + 1];
    case 'VP8 ':
      return [start.readUInt16LE(6) & 0x3fff, start.readUInt16LE(8) & 0x3fff];
    case 'VP8L': {
      const bits = start.readUInt32LE(1);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    default:
      return [0, 0];
  }
}
