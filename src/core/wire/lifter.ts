/**
 * Takes long base64 runs out of a body while it arrives, so that JSON and text only see a skeleton: every run is
 * decoded into a sink and stands in the text as a token. Linear: each byte is looked at once or twice.
 *
 * It knows nothing of JSON keys or SSE. Short lines pass untouched; in long ones any run of base64 characters over
 * `MIN_RUN` is lifted, whatever it belongs to, since `LiftedRuns.restore` can undo it.
 */
import { type Base64Run, IS_BASE64 } from './base64.ts';
import type { LiftedRuns } from './lifted.ts';
import type { Repeats } from './repeats.ts';
import { BREAK, createRunReader, OVER, PENDING } from './run-reader.ts';
import { createTextDecoder } from './text-decoder.ts';

/** A line shorter than this goes to JSON whole: parsing it costs less than searching it. */
const LONG_LINE = 8_192;
/** Runs shorter than this stay in the text; longer words than this do not occur in prose or URLs. */
const MIN_RUN = 4_096;
/** Piece of a run decoded at once; stays in the second-level cache, where decoding is fastest. */
const PIECE_BYTES = 65_536;

/** The end of `base64://` (Q39), whose slashes are base64 characters, before the first ones of a picture. */
const SCHEME_END = /^(?:\\?\/){2}(?=iVBOR|\\?\/9j|UklGR|R0lGOD|AAAA)/;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface Lifter {
  feed(chunk: Uint8Array): void;
  /** The body is over: gives out what was held back. */
  end(): void;
}

/** `emit` gets the skeleton, as text, in order; lines that `repeats` takes are not in it. */
export function createLifter(
  runs: LiftedRuns,
  emit: (text: string) => void,
  repeats: Repeats = { take: () => false, learn: () => {} },
): Lifter {
  const decoder = createTextDecoder();
  const reader = createRunReader();
  const scratch = Buffer.allocUnsafe(PIECE_BYTES);
  let mode: 'line' | 'hunt' | 'run' = 'line';
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let runLength = 0;
  let run: Base64Run | undefined;
  let escapes = false;

  function give(bytes: Uint8Array): void {
    if (bytes.length > 0) emit(decoder.decode(bytes));
  }

  function giveHeld(): void {
    for (const bytes of held) give(bytes);
    dropHeld();
  }

  function dropHeld(): void {
    held = [];
    heldBytes = 0;
  }

  /** Copies, so that a few bytes do not pin a whole receive buffer. */
  function hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    held.push(Buffer.from(bytes));
    heldBytes += bytes.length;
  }

  /** Passes whole short lines on; stops at a line that has grown long. */
  function passLines(chunk: Buffer, from: number): number {
    let given = from;
    let start = from;
    let last = chunk.subarray(from, from);
    for (;;) {
      const feed = chunk.indexOf(LINE_FEED, start);
      const stop = feed === -1 ? chunk.length : feed + 1;
      if (heldBytes + stop - start >= LONG_LINE) {
        give(chunk.subarray(given, start));
        return hunt(start);
      }
      if (feed === -1) {
        give(chunk.subarray(given, start));
        repeats.learn(last);
        hold(chunk.subarray(start));
        return stop;
      }
      const line = wholeLine(chunk.subarray(start, feed));
      if (repeats.take(line)) {
        give(chunk.subarray(given, start));
        dropHeld();
        given = stop;
      } else {
        giveHeld();
        if (line.length > 1) last = line;
      }
      start = stop;
    }
  }

  function wholeLine(end: Buffer): Buffer {
    return heldBytes === 0 ? end : Buffer.concat([...held, end]);
  }

  /** Turns to hunting; what is held is hunted through first. */
  function hunt(at: number): number {
    mode = 'hunt';
    const bytes = held;
    dropHeld();
    for (const piece of bytes) feedBuffer(asBuffer(piece));
    return at;
  }

  function search(chunk: Buffer, from: number): number {
    // Bytes of this chunk before `given` are out; those from `candidate` on may be a run.
    let given = from;
    let candidate = runLength > 0 ? from : -1;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      const result = reader.push(byte);
      if (result === OVER) {
        giveHeld();
        candidate = -1;
        runLength = 0;
        const fresh = startsAnew(byte);
        reader.reset();
        if (byte === LINE_FEED) {
          give(chunk.subarray(given, at + 1));
          mode = 'line';
          return at + 1;
        }
        if (!fresh) continue;
        reader.push(byte);
      }
      if (candidate === -1) candidate = at;
      runLength += 1;
      if (runLength >= MIN_RUN && result !== PENDING) {
        give(chunk.subarray(given, Math.max(given, candidate)));
        return beginRun(chunk.subarray(candidate, at + 1), at + 1);
      }
    }
    given = giveUpTo(chunk, given, candidate);
    hold(chunk.subarray(given));
    return chunk.length;
  }

  /** Whether the byte that ended a run is the first of another: behind padding, or behind an escaped backslash. */
  function startsAnew(byte: number): boolean {
    const unread = reader.unread();
    return IS_BASE64[byte] === 1 && (unread === '' || unread === '\\\\');
  }

  function giveUpTo(chunk: Buffer, from: number, candidate: number): number {
    const until = candidate === -1 ? chunk.length : candidate;
    give(chunk.subarray(from, until));
    return until;
  }

  function beginRun(start: Buffer, next: number): number {
    mode = 'run';
    runLength = 0;
    reader.reset();
    run = runs.start();
    const first = Buffer.concat([...held, start]);
    escapes = first.includes(BACKSLASH);
    dropHeld();
    const scheme = SCHEME_END.exec(first.toString('latin1', 0, 16))?.[0].length ?? 0;
    give(first.subarray(0, scheme));
    takeRun(run, first, scheme);
    return next;
  }

  function takeRun(current: Base64Run, chunk: Buffer, from: number): number {
    return escapes ? takeEscaped(current, chunk, from) : takePlain(current, chunk, from);
  }

  /** The common case: nothing but base64 up to the closing quote. */
  function takePlain(current: Base64Run, chunk: Buffer, from: number): number {
    const quote = chunk.indexOf(QUOTE, from);
    const stop = quote === -1 ? chunk.length : quote;
    for (let at = from; at < stop; ) {
      const piece = chunk.toString('latin1', at, Math.min(stop, at + PIECE_BYTES));
      const taken = current.write(piece);
      at += taken;
      if (taken === piece.length) continue;
      // An escape or the end: from here on byte by byte.
      escapes = true;
      reader.reset({ longLine: true });
      return takeEscaped(current, chunk, at);
    }
    return quote === -1 ? stop : endRun(current, 0, stop);
  }

  function takeEscaped(current: Base64Run, chunk: Buffer, from: number): number {
    let filled = 0;
    for (let at = from; at < chunk.length; at += 1) {
      const result = reader.push(chunk[at] ?? 0);
      if (result === OVER) return endRun(current, filled, at);
      if (result === PENDING || result === BREAK) continue;
      scratch[filled] = result;
      filled += 1;
      if (filled < scratch.length) continue;
      const rest = pour(current, filled);
      if (rest !== '') return endRun(current, 0, at + 1, rest);
      filled = 0;
    }
    const rest = pour(current, filled);
    return rest === '' ? chunk.length : endRun(current, 0, chunk.length, rest);
  }

  /** Decodes what is in the scratch; gives back what stood behind the padding. */
  function pour(current: Base64Run, filled: number): string {
    const text = scratch.toString('latin1', 0, filled);
    return text.slice(current.write(text));
  }

  /** Ends the run, its last characters in the scratch; the text goes on at `next` of the chunk. */
  function endRun(current: Base64Run, filled: number, next: number, rest = ''): number {
    const behind = rest + pour(current, filled);
    // `unread`: an escape that began inside the run but is not part of it, such as `\"`.
    emit(runs.token(runs.add(current)) + behind + reader.unread());
    run = undefined;
    reader.reset();
    mode = 'hunt';
    return next;
  }

  function feedBuffer(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (mode === 'run' && run !== undefined) at = takeRun(run, chunk, at);
      else at = mode === 'line' ? passLines(chunk, at) : search(chunk, at);
    }
  }

  return {
    feed: (chunk) => feedBuffer(asBuffer(chunk)),
    end() {
      if (run !== undefined) endRun(run, 0, 0);
      giveHeld();
      emit(decoder.end());
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
