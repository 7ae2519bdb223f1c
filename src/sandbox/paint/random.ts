import { createHash } from 'node:crypto';

/** Gives numbers from 0 (inclusive) to 1 (exclusive), the same ones for the same words. */
export type Random = () => number;

/** A small generator (a 32-bit xorshift with a multiply) whose whole state comes from `words`. */
export function createRandom(words: string): Random {
  let state = createHash('sha256').update(words).digest().readUInt32LE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (Math.imul(state, 0x9e3779b1) >>> 0) / 2 ** 32;
  };
}

/** A number from `low` to `high`. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}
