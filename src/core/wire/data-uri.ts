/** Finds data URIs in text that arrives in pieces, and decodes what stands behind them while it arrives. */
import { type Base64Run, IS_BASE64 } from './base64.ts';
import type { Lifted, LiftedRuns } from './lifted.ts';

/** How gateways begin them, blanks and capitals included (Q39). */
const HEADER =
  /data\s{0,4}:\s{0,4}image\/[^,"')\]]{0,100}?base64\s{0,4},\s{0,4}|base64:\/\/\s{0,4}/i;
/** No header is longer, so a text that ends in half of one is held back this far. */
const MAX_HEADER = 140;
/** Lines of wrapped base64 (`run-reader.ts`). */
const MIN_LINE = 32;
const MAX_LINE = 1_024;

export interface DataUriReader {
  /** Text in; the same text out, as far as it is certain, with a token in the place of base64. */
  feed(text: string): string;
  /** Whether the last text ended in the middle of a data URI. */
  isInside(): boolean;
  /** The rest. */
  end(): string;
}

export function createDataUriReader(runs: LiftedRuns): DataUriReader {
  let held = '';
  let parts: Lifted[] = [];
  let run: Base64Run | undefined;
  let inside = false;
  let fresh = false;
  let column = 0;
  let width = 0;

  function closeRun(): void {
    if (run !== undefined) parts.push(runs.add(run));
    run = undefined;
  }

  function leave(): string {
    closeRun();
    inside = false;
    const token = parts.length === 0 ? '' : runs.token(runs.join(parts));
    parts = [];
    return token;
  }

  function enter(): void {
    inside = true;
    fresh = true;
    column = 0;
    width = 0;
  }

  /** Characters up to the end of the data URI, or to the end of `text`; how many were taken. */
  function take(text: string): number {
    let at = 0;
    if (fresh) at = text.length - text.trimStart().length;
    while (at < text.length) {
      fresh = false;
      const piece = at === 0 ? text : text.slice(at);
      if (IS_BASE64[piece.charCodeAt(0)] !== 1 && piece[0] !== '=') {
        const gap = lineBreak(piece);
        if (gap === 0) return at;
        at += gap;
        continue;
      }
      run ??= runs.start();
      const taken = run.write(piece);
      if (taken === 0) return at;
      at += taken;
      column += taken;
    }
    return at;
  }

  /** The length of a line break inside wrapped base64; 0 when it is the end. */
  function lineBreak(text: string): number {
    const gap = /^(?:\r?\n|\\r\\n|\\n|\r)/.exec(text)?.[0].length ?? 0;
    if (gap === 0) return 0;
    if (width === 0 && column >= MIN_LINE && column <= MAX_LINE) width = column;
    if (width === 0 || column !== width) return 0;
    column = 0;
    return gap;
  }

  /** Text within a data URI, which may hold runs that were lifted before. */
  function within(text: string): { out: string; rest: string } {
    const pieces = runs.split(text);
    for (const [index, piece] of pieces.entries()) {
      if (typeof piece !== 'string') {
        closeRun();
        fresh = false;
        parts.push(piece);
        continue;
      }
      const taken = take(piece);
      if (taken === piece.length) continue;
      const rest = [piece.slice(taken), ...pieces.slice(index + 1)];
      return { out: leave(), rest: rest.map(write).join('') };
    }
    return { out: '', rest: '' };
  }

  const write = (piece: string | Lifted) => (typeof piece === 'string' ? piece : runs.token(piece));

  function read(text: string, last: boolean): string {
    const out: string[] = [];
    let rest = text;
    while (rest !== '') {
      if (inside) {
        const result = within(rest);
        out.push(result.out);
        rest = result.rest;
        continue;
      }
      const header = HEADER.exec(rest);
      if (header === null) {
        const certain = last ? rest.length : Math.max(0, rest.length - MAX_HEADER);
        out.push(rest.slice(0, certain));
        held = rest.slice(certain);
        break;
      }
      const stop = header.index + header[0].length;
      out.push(rest.slice(0, stop));
      rest = rest.slice(stop);
      enter();
    }
    return out.join('');
  }

  function feed(text: string, last: boolean): string {
    const whole = held + text;
    held = '';
    return read(whole, last);
  }

  return {
    feed: (text) => feed(text, false),
    isInside: () => inside,
    end: () => feed('', true) + (inside ? leave() : ''),
  };
}
