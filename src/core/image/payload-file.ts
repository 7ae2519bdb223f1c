import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { EaselError } from '../errors.ts';
import type { PayloadPlace } from './payload-store.ts';

// Two of these alternate, one filled while the other is written: memory stays the same however large the payload.
const BUFFER_BYTES = 384 * 1024;
// With less room than this left (more than a usual piece), the other buffer must be back before decoding goes on.
const LOW_BYTES = 96 * 1024;
const READ_BYTES = 256 * 1024;

/**
 * A new file at `path` that begins with `blocks`. Reserving never waits: who does not await `drain()` is given
 * more buffers than two.
 */
export function createFilePlace(path: string, blocks: Buffer[]): PayloadPlace {
  const writer = createWriter(path);
  let spare: Buffer | undefined;
  let buffer: Buffer = Buffer.alloc(0);
  let used = 0;

  const flush = () => {
    const filled = buffer;
    if (used > 0) writer.push(filled.subarray(0, used), () => (spare = filled));
    buffer = Buffer.alloc(0);
    used = 0;
  };
  for (const block of blocks) writer.push(block, () => {});
  return {
    reserve(bytes) {
      if (buffer.length - used < bytes) {
        flush();
        buffer =
          spare !== undefined && spare.length >= bytes
            ? spare
            : Buffer.allocUnsafeSlow(Math.max(bytes, BUFFER_BYTES));
        spare = undefined;
      }
      return buffer.subarray(used);
    },
    commit(bytes) {
      used += bytes;
    },
    drain: () =>
      writer.waiting() > (buffer.length - used < LOW_BYTES ? 0 : 1) ? writer.settle() : undefined,
    async finish() {
      flush();
      await writer.end();
      return createContent(path);
    },
  };
}

/** Writes pieces in order; the first failure is kept and thrown by `settle` and `end`. */
function createWriter(path: string) {
  // Exclusive: neither an existing file nor a planted symlink is followed.
  const opening = open(path, 'wx', 0o600);
  let failure: unknown;
  let waiting = 0;
  let tail = Promise.resolve();

  const write = async (piece: Buffer, done: () => void) => {
    try {
      const file: FileHandle = await opening;
      // Appends at the handle's own position and goes on after short writes.
      if (failure === undefined) await file.writeFile(piece);
    } catch (error) {
      failure ??= error;
    }
    waiting -= 1;
    done();
  };
  const settle = async () => {
    await tail;
    if (failure === undefined) return;
    throw new EaselError('internal', { subject: 'temporary file', cause: failure });
  };
  return {
    push(piece: Buffer, done: () => void) {
      waiting += 1;
      tail = tail.then(() => write(piece, done));
    },
    waiting: () => waiting,
    settle,
    async end() {
      try {
        await settle();
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      } finally {
        await opening.then(
          (file) => file.close(),
          () => {}, // `settle` has told
        );
      }
    },
  };
}

function createContent(path: string) {
  return {
    async *open() {
      yield* createReadStream(path, { highWaterMark: READ_BYTES });
    },
    discard: () => rm(path, { force: true }),
  };
}
