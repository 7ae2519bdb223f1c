import { createHash } from 'node:crypto';

/** A live capture had 597,616 characters of signature beside 439,196 of picture (gemini-3.1-flash-image). */
const SIGNATURE_CHARACTERS = 597_616;

/**
 * The sandbox's seal on a picture: as long as a real one, and computed from the picture alone, so that a replay can be
 * checked without remembering anything.
 */
export function signPicture(base64: string): string {
  const blocks: Buffer[] = [];
  let block = createHash('sha256').update(base64).digest();
  for (let bytes = 0; bytes < (SIGNATURE_CHARACTERS / 4) * 3; bytes += block.length) {
    blocks.push(block);
    block = createHash('sha256').update(block).digest();
  }
  return Buffer.concat(blocks).toString('base64').slice(0, SIGNATURE_CHARACTERS);
}
