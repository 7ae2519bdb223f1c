import { EaselError } from '../errors.ts';
import type { PayloadPlace } from './payload-store.ts';

// Blocks grow by four from 96 KiB to 1.5 MiB: a signature costs little, a picture few blocks, and growth copies nothing.
// All are multiples of 3, the bytes that four base64 characters carry.
const FIRST_BLOCK_BYTES = 96 * 1024;
const LAST_BLOCK_BYTES = 1536 * 1024;

export interface MemoryPlace extends PayloadPlace {
  /** Gives the content away. */
  take(): Buffer[];
}

export function createMemoryPlace(): MemoryPlace {
  let full: Buffer[] = [];
  let block = Buffer.alloc(0);
  let used = 0;
  let nextBytes = FIRST_BLOCK_BYTES;

  const take = () => {
    const blocks = used > 0 ? [...full, block.subarray(0, used)] : full;
    full = [];
    block = Buffer.alloc(0);
    used = 0;
    return blocks;
  };
  return {
    take,
    reserve(bytes) {
      if (block.length - used < bytes) {
        if (used > 0) full.push(block.subarray(0, used));
        block = Buffer.allocUnsafeSlow(Math.max(bytes, nextBytes));
        nextBytes = Math.min(nextBytes * 4, LAST_BLOCK_BYTES);
        used = 0;
      }
      return block.subarray(used);
    },
    commit(bytes) {
      used += bytes;
    },
    drain: () => undefined,
    finish: async () => createContent(take()),
  };
}

function createContent(content: Buffer[]) {
  let blocks: Buffer[] | undefined = content;
  return {
    async *open() {
      if (blocks === undefined) throw new EaselError('internal', { subject: 'discarded payload' });
      yield* blocks;
    },
    async discard() {
      blocks = undefined;
    },
  };
}
