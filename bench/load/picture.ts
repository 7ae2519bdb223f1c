/** The picture of every answer: noise as a PNG, made once, with the wish's number in a chunk of its own. */
import { randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

export interface Answer {
  /** Base64 up to and with the number; the pieces follow. */
  head(wish: number): string;
  /** The rest, the same for all, as base64 of at most 64 KiB each. */
  pieces: Buffer[];
}

// What a 1K picture of Gemini has at most; with 5 bits of noise in each byte, PNG comes to 2.0 MB.
const SIDE = 1024;
const NOISE_BITS = 0b11111;
// A PNG's signature and IHDR. With 3 bytes for 4 characters, base64 can be cut there.
const START_BYTES = 33;
// About what a TLS gateway's socket hands on at once.
const PIECE_BYTES = 64 * 1024;

export async function createAnswer(): Promise<Answer> {
  const png = await createNoise();
  const start = png.subarray(0, START_BYTES);
  const rest = Buffer.from(png.subarray(START_BYTES).toString('base64'), 'latin1');
  const count = Math.ceil(rest.length / PIECE_BYTES);
  return {
    head: (wish) => Buffer.concat([start, createMark(wish)]).toString('base64'),
    pieces: Array.from({ length: count }, (_, index) =>
      rest.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
    ),
  };
}

function createNoise(): Promise<Buffer> {
  const pixels = randomFillSync(Buffer.alloc(SIDE * SIDE * 3)).map((byte) => byte & NOISE_BITS);
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  return sharp(pixels, { raw }).png().toBuffer();
}

const MARK = /Comment\0wish(\d{6})/;

/** A tEXt chunk of 30 bytes, so that every picture is another file and can be told from all others. */
function createMark(wish: number): Buffer {
  const content = Buffer.from(`tEXtComment\0wish${String(wish).padStart(6, '0')}`, 'latin1');
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}

/** The number in the picture that begins somewhere in `bytes`; undefined where there is none. */
export function readMark(bytes: Buffer): number | undefined {
  const digits = MARK.exec(bytes.toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
