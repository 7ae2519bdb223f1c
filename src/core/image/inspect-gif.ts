import { EaselError } from '../errors.ts';
import type { ByteReader, Tap } from './byte-reader.ts';
import type { Facts, Walk } from './inspect.ts';

// Block introducers and labels of GIF89a, appendix A.
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;

// Beyond this an animation is an attack on our time.
const MAX_BLOCKS = 20_000;

/** Block by block to the trailer. Comments and application data are metadata. */
export const inspectGif: Walk = async (reader, fingerprint) => {
  const screen = await reader.read(13);
  const facts: Facts = {
    width: screen.readUInt16LE(6),
    height: screen.readUInt16LE(8),
    frames: 0,
  };
  const hash: Tap = (bytes) => fingerprint.update(bytes);
  hash(screen);
  await reader.skip(paletteBytes(screen.readUInt8(10)), hash);
  for (let count = 0; count < MAX_BLOCKS; count += 1) {
    const [kind] = await reader.read(1);
    if (kind === TRAILER && facts.frames > 0) return facts;
    if (kind === IMAGE) await readImage(reader, facts, hash);
    else if (kind === EXTENSION) await readExtension(reader, hash);
    else break;
  }
  throw new EaselError('incomplete-image');
};

async function readImage(reader: ByteReader, facts: Facts, hash: Tap): Promise<void> {
  const header = await reader.read(9);
  hash(header);
  facts.frames += 1;
  // Decoders widen the screen to a frame that is larger than it.
  facts.width = Math.max(facts.width, header.readUInt16LE(0) + header.readUInt16LE(4));
  facts.height = Math.max(facts.height, header.readUInt16LE(2) + header.readUInt16LE(6));
  await reader.skip(paletteBytes(header.readUInt8(8)), hash);
  await reader.skip(1, hash);
  await skipSubBlocks(reader, hash);
}

async function readExtension(reader: ByteReader, hash: Tap): Promise<void> {
  const [label] = await reader.read(1);
  await skipSubBlocks(reader, label === GRAPHIC_CONTROL ? hash : undefined);
}

async function skipSubBlocks(reader: ByteReader, tap: Tap | undefined): Promise<void> {
  for (;;) {
    const [length = 0] = await reader.read(1);
    if (length === 0) return;
    await reader.skip(length, tap);
  }
}

function paletteBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
