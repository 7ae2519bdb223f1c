/**
 * Events that differ from the one before in their words only, in the middle of a data URI: thousands of deltas make one
 * picture (Q16). Such an event means exactly "more of the same", so its words go on to where the last ones went, and
 * text decoder, event parser and JSON are spared, which cost four times as much as decoding the picture.
 */
import { isAscii } from 'node:buffer';

const QUOTE = 0x22;
const RETURN = 0x0d;

/** Where the last event's words went. */
export interface OpenTail {
  /** All of the words of the last event, which did nothing but lengthen a data URI; undefined for any other event. */
  last(): string | undefined;
  /** Lengthens it further; false when that ended the data URI. */
  append(text: string): boolean;
}

export interface Repeats {
  /** Takes a line (without its line feed) that repeats; false for one that has to go the whole way. */
  take(line: Buffer): boolean;
  /** Learns what repeats, from the last line that went the whole way. */
  learn(line: Buffer): void;
}

export function createRepeats(tail: OpenTail): Repeats {
  let frame: { before: Buffer; behind: Buffer } | undefined;

  /** The words of a line in the known frame. An escape or a letter beyond ASCII would not mean itself in JSON. */
  function wordsOf(line: Buffer): string | undefined {
    if (frame === undefined) return undefined;
    const { before, behind } = frame;
    const end = line.length - behind.length;
    if (end <= before.length || !before.equals(line.subarray(0, before.length))) return undefined;
    if (!behind.equals(line.subarray(end))) return undefined;
    const words = line.subarray(before.length, end);
    const isPlain = isAscii(words) && !words.includes('"') && !words.includes('\\');
    return isPlain ? words.toString('latin1') : undefined;
  }

  return {
    take(line) {
      if (frame === undefined || isBlank(line)) return false;
      const words = wordsOf(line);
      if (words === undefined || !tail.append(words)) frame = undefined;
      return words !== undefined;
    },
    learn(line) {
      const words = tail.last();
      if (frame !== undefined || words === undefined || words === '') return;
      const at = line.indexOf(words, 0, 'latin1');
      const end = at + words.length;
      // Once only, and all of a string: then it is the very one that was read.
      if (at < 1 || line.indexOf(words, at + 1, 'latin1') !== -1) return;
      if (line[at - 1] !== QUOTE || line[end] !== QUOTE) return;
      frame = {
        before: Buffer.from(line.subarray(0, at)),
        behind: Buffer.from(line.subarray(end)),
      };
    },
  };
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || (line.length === 1 && line[0] === RETURN);
}
