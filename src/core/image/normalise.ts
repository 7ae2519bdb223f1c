import PQueue from 'p-queue';
import { EaselError, type ErrorCode } from '../errors.ts';
import { detectMediaType } from '../wire/magic.ts';
import { createDecoderProcess } from './decoder-process.ts';

/** A picture fit for a model: upright, 8-bit sRGB, no metadata. */
export interface NormalisedPicture {
  data: Uint8Array;
  mediaType: 'image/jpeg' | 'image/png';
  width: number;
  height: number;
}

/** What is sent to the child process. */
export interface NormaliseTask {
  bytes: Uint8Array;
  maxSide: number;
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
}: NormaliserOptions = {}): Normaliser {
  const queue = new PQueue({ concurrency: 1 });
  const decoder = createDecoderProcess({ timeoutMs, idleMs });
  const closing = new AbortController();
  return {
    async normalise(bytes, { signal }) {
      if (bytes.length === 0) throw new EaselError('attachment-gone');
      // SVG and the like never reach a decoder.
      if (detectMediaType(bytes) === undefined) throw new EaselError('attachment-unsupported');
      const stop = AbortSignal.any([signal, closing.signal]);
      try {
        return await queue.add(() => decoder.run({ bytes, maxSide }, stop), { signal: stop });
      } catch (error) {
        throw stop.aborted ? new EaselError('cancelled') : error;
      }
    },
    async close() {
      closing.abort();
      await queue.onIdle();
      decoder.stop();
    },
  };
}
