/** The base64 runs of one answer, taken out of its text and named there by tokens. */
import { randomBytes } from 'node:crypto';
import {
  type Base64Run,
  createBase64Run,
  type DecodedRun,
  encodeRun,
  HEAD_BYTES,
} from './base64.ts';
import type { PayloadStore } from './types.ts';

/** One run and its name. */
export interface Lifted extends DecodedRun {
  index: number;
  /** Set by whoever made a picture, a signature or text of it; the rest is salvaged or thrown away. */
  claimed: boolean;
}

/** A piece of text, or a run that stood between the pieces. */
export type TextPiece = string | Lifted;

export interface LiftedRuns {
  /** Starts a run; `add` gives it its name. */
  start(): Base64Run;
  /** Ends a run and names it. */
  add(run: Base64Run): Lifted;
  /** Decodes a string up to where it stops being base64; line breaks and blanks are skipped. */
  decode(text: string): { lifted: Lifted; whole: boolean };
  /** One run out of several that are one text: cheap for one, a second pass for more. */
  join(runs: Lifted[]): Lifted;
  token(lifted: Lifted): string;
  /** Text and runs in order. */
  split(text: string): TextPiece[];
  /** The text with every run written as `replacement`. */
  strip(text: string, replacement: string): string;
  /** The text with every run written out again as it stood; for words that only looked like base64. */
  restore(text: string): Promise<string>;
  all(): readonly Lifted[];
  /** Waits until every sink keeps up. */
  drain(): Promise<void>;
}

export function createLiftedRuns(payloads: PayloadStore): LiftedRuns {
  // The nonce keeps a gateway from naming a run that it did not send.
  const prefix = `easel-${randomBytes(12).toString('hex')}-`;
  const pattern = new RegExp(`${prefix}(\\d+);`);
  const runs: Lifted[] = [];
  const open = new Set<Base64Run>();

  function name(decoded: DecodedRun): Lifted {
    const lifted = { ...decoded, index: runs.length, claimed: false };
    // A failure shows where the payload is awaited; here it only must not be "unhandled".
    lifted.payload.catch(() => {});
    runs.push(lifted);
    return lifted;
  }

  const start = () => {
    const run = createBase64Run(payloads.createSink());
    open.add(run);
    return run;
  };

  const add = (run: Base64Run) => {
    open.delete(run);
    return name(run.finish());
  };

  function decode(text: string): { lifted: Lifted; whole: boolean } {
    const dense = text.replace(/\s+|\\[nr]/g, '');
    const run = start();
    const taken = run.write(dense);
    return { lifted: add(run), whole: taken === dense.length && taken > 0 };
  }

  function join(parts: Lifted[]): Lifted {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    for (const part of parts) part.claimed = true;
    const run = start();
    open.delete(run);
    const head = joinHeads(parts);
    return name({
      head,
      tail: '',
      padding: '',
      alphabet: 'mixed',
      payload: rewrite(run, parts),
    });
  }

  function split(text: string): TextPiece[] {
    // Asked of every delta, and most hold no run.
    if (runs.length === 0 || !text.includes(prefix)) return [text];
    return text.split(pattern).map((piece, at) => (at % 2 === 0 ? piece : lookUp(piece)));
  }

  const lookUp = (index: string): TextPiece => runs[Number(index)] ?? '';

  async function restore(text: string): Promise<string> {
    const whole: string[] = [];
    for (const piece of split(text)) {
      if (typeof piece === 'string') whole.push(piece);
      else {
        piece.claimed = true;
        for await (const slice of encodeRun(piece)) whole.push(slice);
      }
    }
    return whole.join('');
  }

  return {
    start,
    add,
    decode,
    join,
    token: (lifted) => `${prefix}${lifted.index};`,
    split,
    strip: (text, replacement) =>
      split(text)
        .map((piece) => (typeof piece === 'string' ? piece : replacement))
        .join(''),
    restore,
    all: () => runs,
    async drain() {
      for (const run of open) await run.drain();
    },
  };
}

/** The groups of four of one run may straddle the next, so the bytes cannot just be strung together. */
async function rewrite(run: Base64Run, parts: Lifted[]) {
  for (const part of parts) {
    for await (const slice of encodeRun(part)) {
      run.write(slice);
      await run.drain();
    }
    await (await part.payload).discard();
  }
  return run.finish().payload;
}

/** What the first bytes of the joined run will be, known before its payload is. */
function joinHeads(parts: Lifted[]): Uint8Array {
  let text = '';
  for (const { head, tail } of parts) {
    const whole = head.length < HEAD_BYTES;
    const bytes = whole ? head.length - Math.max(0, tail.length - 1) : HEAD_BYTES - 1;
    text += Buffer.from(head.subarray(0, bytes)).toString('base64') + (whole ? tail : '');
    if (!whole || text.length >= HEAD_BYTES * 2) break;
  }
  return Buffer.from(text, 'base64').subarray(0, HEAD_BYTES);
}
