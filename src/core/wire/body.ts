/** Request bodies as pieces: a picture or long signature is never a string, its base64 exists one slice at a time. */
import { randomUUID } from 'node:crypto';
import type { BodyPiece } from './types.ts';

/** Input bytes per base64 slice: a multiple of 3, so that only the last slice is padded. */
const SLICE_BYTES = 48 * 1024;

/** Marks where the base64 of bytes belongs and gives the text that stands for it meanwhile. */
export type Slot = (bytes: Uint8Array) => string;

/**
 * JSON with bytes left out as pieces. `build` puts `slot(bytes)` wherever base64 belongs, alone or inside a string;
 * the marks are random, so no text of a person can look like one.
 */
export function jsonBody(build: (slot: Slot) => unknown): BodyPiece[] {
  const mark = `slot-${randomUUID()}-`;
  const blobs: Uint8Array[] = [];
  const text = JSON.stringify(build((bytes) => `${mark}${blobs.push(bytes) - 1};`));
  return splitAtMarks(text, mark, blobs);
}

function splitAtMarks(text: string, mark: string, blobs: Uint8Array[]): BodyPiece[] {
  const [first = '', ...rest] = text.split(mark);
  const pieces: BodyPiece[] = [first];
  for (const section of rest) {
    const end = section.indexOf(';');
    const base64 = blobs[Number(section.slice(0, end))];
    if (base64 !== undefined) pieces.push({ base64 });
    pieces.push(section.slice(end + 1));
  }
  return pieces;
}

/** Exact length of the body in bytes, for `content-length`. */
export function bodyLength(pieces: readonly BodyPiece[]): number {
  return pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);
}

function pieceLength(piece: BodyPiece): number {
  if (typeof piece === 'string') return Buffer.byteLength(piece);
  if ('raw' in piece) return piece.raw.length;
  return Math.ceil(piece.base64.length / 3) * 4;
}

/** The body in order; base64 comes in chunks of at most 64 KiB. Raw bytes are passed on without a copy. */
export function* bodyChunks(pieces: readonly BodyPiece[]): Generator<Buffer> {
  for (const piece of pieces) {
    if (typeof piece === 'string') yield Buffer.from(piece);
    else if ('raw' in piece) yield view(piece.raw);
    else yield* base64Chunks(view(piece.base64));
  }
}

function* base64Chunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    yield Buffer.from(bytes.toString('base64', at, at + SLICE_BYTES), 'latin1');
  }
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
