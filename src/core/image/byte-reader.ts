import { setImmediate } from 'node:timers/promises';
import { EaselError } from '../errors.ts';

/** Sees the bytes that are passed over, in order. */
export type Tap = (bytes: Buffer) => void;

/** Pulls bytes out of a stream by count. Every method throws EaselError `incomplete-image` where the stream ends too early. */
export interface ByteReader {
  /** Bytes taken so far. */
  position(): number;
  /** The next bytes without taking them; fewer only at the end. */
  peek(bytes: number): Promise<Buffer>;
  /** The next bytes, held at once: for headers. */
  read(bytes: number): Promise<Buffer>;
  /** Passes over bytes without holding them. */
  skip(bytes: number, tap?: Tap): Promise<void>;
  /** Passes over everything up to and with the first `first` that is followed by a byte that `accepts`; gives that byte. */
  skipPast(first: number, accepts: (second: number) => boolean, tap: Tap): Promise<number>;
  /** Lets go of the stream. */
  close(): Promise<void>;
}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let window: Buffer = Buffer.alloc(0);
  let passed = 0;

  /** Adds a chunk to the window; false at the end. */
  const pull = async () => {
    // In-memory sources never yield to the event loop by themselves.
    await setImmediate();
    const { value, done } = await chunks.next();
    if (done) return false;
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    window = window.length === 0 ? chunk : Buffer.concat([window, chunk]);
    return true;
  };
  const need = async (bytes: number) => {
    while (window.length < bytes) if (!(await pull())) throw new EaselError('incomplete-image');
  };
  const take = (bytes: number) => {
    const taken = window.subarray(0, bytes);
    window = window.subarray(bytes);
    passed += bytes;
    return taken;
  };
  return {
    position: () => passed,
    async peek(bytes) {
      while (window.length < bytes) if (!(await pull())) break;
      return window.subarray(0, bytes);
    },
    async read(bytes) {
      await need(bytes);
      return take(bytes);
    },
    async skip(bytes, tap) {
      for (let left = bytes; left > 0; ) {
        await need(1);
        const taken = take(Math.min(left, window.length));
        tap?.(taken);
        left -= taken.length;
      }
    },
    async skipPast(first, accepts, tap) {
      for (let from = 0; ; ) {
        const at = window.indexOf(first, from);
        const second = at < 0 ? undefined : window[at + 1];
        if (second !== undefined && accepts(second)) {
          tap(take(at + 2));
          return second;
        }
        if (second !== undefined) {
          from = at + 1;
          continue;
        }
        // What may begin the pair stays in the window.
        tap(take(at < 0 ? window.length : at));
        await need(window.length + 1);
        from = 0;
      }
    },
    async close() {
      await chunks.return?.();
    },
  };
}
