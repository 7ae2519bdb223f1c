import PQueue from 'p-queue';
import { EaselError, type ErrorCode } from '../errors.ts';
import { detectMediaType } from '../wire/magic.ts';
import { createDecoderProcess } from './decoder-process.ts';

/** A picture encoded anew: upright, 8-bit sRGB, no metadata. */
export interface NormalisedPicture {
  data: Uint8Array;
  /** WebP only where it was made small: not every model reads it. */
  mediaType: 'image/jpeg' | 'image/png' | 'image/webp';
  width: number;
  height: number;
}

/** What is sent to the child process: to be fit for a model, or to be small enough for people. */
export type DecoderTask = NormaliseTask | ShrinkTask;
export interface NormaliseTask {
  bytes: Uint8Array;
  maxSide: number;
}
export interface ShrinkTask {
  bytes: Uint8Array;
  maxBytes: number;
}

/** What the child process sends. */
export type NormaliseAnswer =
  | { type: 'ready' }
  | { type: 'done'; picture: NormalisedPicture }
  | { type: 'failed'; code: ErrorCode };

/** Makes pictures that people sent fit for a model; all decoding happens in a child process, one picture at a time. */
export interface Normaliser {
  /**
   * @throws EaselError `attachment-gone` for no bytes, `attachment-unsupported` for what is no readable raster picture
   * or takes too long, `attachment-too-large` for too many pixels, `cancelled`
   */
  normalise(bytes: Uint8Array, options: { signal: AbortSignal }): Promise<NormalisedPicture>;
  /** Ends the child process; what is waiting is `cancelled`. */
  close(): Promise<void>;
}

/** Makes pictures small enough for where people see them; in the same child process. */
export interface Shrinker {
  /**
   * In at most `maxBytes`, with as many pixels as that allows; throws as `normalise`, `attachment-too-large` also for
   * what cannot be made so small.
   */
  shrink(
    bytes: Uint8Array,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<NormalisedPicture>;
}

export interface NormaliserOptions {
  /** Longest side of the result in pixels. @default 2048, what image models look at */
  maxSide?: number;
  /** For one picture. @default 5000, twice what the worst accepted picture took */
  timeoutMs?: number;
  /** How long the idle child process is kept warm. @default 60000 */
  idleMs?: number;
}

export function createNormaliser({
  maxSide = 2_048,
  timeoutMs = 5_000,
  idleMs = 60_000,
}: NormaliserOptions = {}): Normaliser & Shrinker {
  const queue = new PQueue({ concurrency: 1 });
  const decoder = createDecoderProcess({ timeoutMs, idleMs });
  const closing = new AbortController();

  async function decode(task: DecoderTask, signal: AbortSignal): Promise<NormalisedPicture> {
    if (task.bytes.length === 0) throw new EaselError('attachment-gone');
    // SVG and the like never reach a decoder.
    if (detectMediaType(task.bytes) === undefined) throw new EaselError('attachment-unsupported');
    const stop = AbortSignal.any([signal, closing.signal]);
    try {
      return await queue.add(() => decoder.run(task, stop), { signal: stop });
    } catch (error) {
      throw stop.aborted ? new EaselError('cancelled') : error;
    }
  }

  return {
    normalise: (bytes, { signal }) => decode({ bytes, maxSide }, signal),
    shrink: (bytes, { maxBytes, signal }) => decode({ bytes, maxBytes }, signal),
    async close() {
      closing.abort();
      await queue.onIdle();
      decoder.stop();
    },
  };
}
