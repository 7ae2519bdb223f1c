/** Reads a base64 run byte by byte out of JSON text: undoes the escapes that encoders put inside, and line wrapping. */
import { IS_BASE64 } from './base64.ts';

/** The byte belongs to an escape that is not complete. */
export const PENDING = -1;
/** The byte ended a line break inside the run. */
export const BREAK = -2;
/** The byte is not part of the run. */
export const OVER = -3;

const BACKSLASH = 0x5c;
const PAD = 0x3d;
/** MIME wraps at 76 and PEM at 64; what is outside of this is prose, or no wrapping. */
const MIN_LINE = 32;
const MAX_LINE = 1_024;

export interface RunReader {
  /** The base64 character (or `=`) that the byte completes, or PENDING, BREAK or OVER. */
  push(byte: number): number;
  /** The part of an escape that was taken in before an OVER, and turned out not to be ours. */
  unread(): string;
  /** A new run. One that is known to have a longer line than wrapping makes never accepts a break. */
  reset(options?: { longLine: boolean }): void;
}

export function createRunReader(): RunReader {
  let begun = '';
  let unread = '';
  let padded = false;
  let column = 0;
  let width = 0;
  let lastBreak = 0;

  function character(code: number): number {
    if (code === PAD) padded = true;
    else if (padded || IS_BASE64[code] !== 1) return end();
    column += 1;
    lastBreak = 0;
    return code;
  }

  function lineBreak(kind: number): number {
    if (padded) return end();
    const pair = column === 0 && lastBreak === 0x72 && kind === 0x6e;
    if (!pair) {
      if (width === 0 && column >= MIN_LINE && column <= MAX_LINE) width = column;
      // Only lines of one width are wrapping; a short line was the last one.
      if (width === 0 || column !== width) return end();
      column = 0;
    }
    lastBreak = kind;
    begun = '';
    return BREAK;
  }

  function end(): number {
    unread = begun;
    begun = '';
    return OVER;
  }

  function escaped(byte: number): number {
    const so = begun + String.fromCharCode(byte);
    if (so === '\\/') return completeEscape(0x2f);
    if (so === '\\n' || so === '\\r') return lineBreak(byte);
    if (so === '\\\\n' || so === '\\\\r') return lineBreak(byte);
    if (so.length === 6) return completeEscape(Number.parseInt(so.slice(2), 16));
    if (!/^\\(?:\\|u[0-9a-f]{0,4})$/i.test(so)) return end();
    begun = so;
    return PENDING;
  }

  function completeEscape(code: number): number {
    const before = begun;
    begun = '';
    const result = character(code);
    if (result === OVER) unread = before;
    return result;
  }

  return {
    push(byte) {
      if (begun !== '') return escaped(byte);
      if (byte !== BACKSLASH) return character(byte);
      begun = '\\';
      return PENDING;
    },
    unread: () => unread,
    reset({ longLine } = { longLine: false }) {
      begun = '';
      unread = '';
      padded = false;
      column = longLine ? MAX_LINE + 1 : 0;
      width = 0;
      lastBreak = 0;
    },
  };
}
