/** Base64 in, bytes out, while it arrives: pieces of text are decoded straight into a sink. */
import type { Payload, PayloadSink } from './types.ts';

/** How much of a payload is kept for sniffing; `Payload.head`. */
export const HEAD_BYTES = 64;
const PAD = 0x3d;
/** Joining the carry to a text longer than this costs more than decoding one group by itself. */
const LONG_TEXT = 16_384;

/** 1 for the characters of both base64 alphabets, without padding. */
export const IS_BASE64 = table(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_',
);

/** A run of base64 whose bytes are in a sink. */
export interface Base64Run {
  /**
   * Decodes as much of `text` as is base64 and says how many characters that were; fewer than all of them
   * means that the run is over. The caller cleans out escapes and line breaks.
   */
  write(text: string): number;
  /** The first decoded bytes, up to 64. */
  head(): Uint8Array;
  /** Ends the run; what is needed to write it down again comes with it. */
  finish(): DecodedRun;
  /** Waits for the sink; undefined when it keeps up. */
  drain(): Promise<void> | undefined;
}

/** A finished run. */
export interface DecodedRun {
  head: Uint8Array;
  payload: Promise<Payload>;
  /** The characters (0 to 3) behind the last whole group of four, without padding. Their bytes are in the payload. */
  tail: string;
  /** Padding as it stood: '', '=' or '=='. */
  padding: string;
  alphabet: 'standard' | 'url' | 'mixed';
}

export function createBase64Run(sink: PayloadSink): Base64Run {
  let carry = '';
  let padding = '';
  let head = Buffer.alloc(0);
  let urlSafe = false;
  let standard = false;

  function commit(view: Buffer, bytes: number): void {
    if (head.length < HEAD_BYTES) {
      head = Buffer.concat([head, view.subarray(0, Math.min(bytes, HEAD_BYTES - head.length))]);
    }
    sink.commit(bytes);
  }

  /** `text` is pure and a multiple of four long, or nothing is committed and false comes back. */
  function decodeGroups(text: string): boolean {
    const bytes = (text.length / 4) * 3;
    if (bytes === 0) return true;
    const view = sink.reserve(bytes);
    // Node leaves out what is not base64, so the count proves that every character was.
    if (view.write(text, 0, bytes, 'base64') !== bytes) return false;
    commit(view, bytes);
    noteAlphabet(text);
    return true;
  }

  /** Looks until it is known: the first pieces of any picture tell. */
  function noteAlphabet(text: string): void {
    if (urlSafe || standard) return;
    urlSafe = text.includes('-') || text.includes('_');
    standard = text.includes('+') || text.includes('/');
  }

  function writeCharacters(text: string): boolean {
    const whole = carry + text;
    const cut = whole.length & ~3;
    if (!decodeGroups(whole.slice(0, cut))) return false;
    carry = whole.slice(cut);
    return true;
  }

  /** Completes the group that was begun, so that the rest is decoded as it lies; how many characters that took. */
  function completeGroup(text: string): number {
    const missing = (4 - carry.length) & 3;
    if (missing === 0 || text.length < LONG_TEXT) return 0;
    const start = text.slice(0, missing);
    return pureLength(start) === missing && writeCharacters(start) ? missing : 0;
  }

  function writePadding(text: string): number {
    let at = 0;
    while (at < text.length && padding.length < 2 && text.charCodeAt(at) === PAD) {
      padding += '=';
      at += 1;
    }
    return at;
  }

  return {
    write(text) {
      if (padding !== '') return writePadding(text);
      const begun = completeGroup(text);
      const rest = begun === 0 ? text : text.slice(begun);
      // The carry may be impure only when this very text made it so, hence the check of both below.
      if (!endsImpure(rest) && writeCharacters(rest)) return text.length;
      const pure = pureLength(rest);
      writeCharacters(rest.slice(0, pure));
      return begun + pure + writePadding(rest.slice(pure));
    },
    head: () => head,
    drain: () => sink.drain(),
    finish() {
      // One character alone holds no whole byte.
      if (carry.length > 1) {
        const view = sink.reserve(3);
        commit(view, view.write(carry, 0, 3, 'base64'));
        noteAlphabet(carry);
      }
      const alphabet = urlSafe ? (standard ? 'mixed' : 'url') : 'standard';
      return { head, payload: sink.finish(), tail: carry, padding, alphabet };
    },
  };
}

/** The text of a finished run, in slices; exact unless its alphabet was mixed. */
export async function* encodeRun(run: DecodedRun): AsyncGenerator<string> {
  const payload = await run.payload;
  const encoding = run.alphabet === 'url' ? 'base64url' : 'base64';
  let left = payload.size - tailBytes(run.tail);
  let carry = Buffer.alloc(0);
  for await (const chunk of payload.open()) {
    const bytes = Buffer.concat([carry, chunk.subarray(0, left)]);
    left -= Math.min(left, chunk.length);
    const cut = bytes.length - (bytes.length % 3);
    yield bytes.toString(encoding, 0, cut);
    carry = bytes.subarray(cut);
  }
  yield run.tail + run.padding;
}

/** Whether the standard encoding of the run's bytes is the run's text, letter by letter. */
export function isCanonical({ alphabet, tail, padding }: DecodedRun): boolean {
  return (
    alphabet === 'standard' && Buffer.from(tail, 'base64').toString('base64') === tail + padding
  );
}

function tailBytes(tail: string): number {
  return tail.length > 1 ? tail.length - 1 : 0;
}

/** Only the last three characters can hide in the carry unchecked. */
function endsImpure(text: string): boolean {
  for (let at = Math.max(0, text.length - 3); at < text.length; at += 1) {
    if (IS_BASE64[text.charCodeAt(at)] !== 1) return true;
  }
  return false;
}

function pureLength(text: string): number {
  let at = 0;
  while (at < text.length && IS_BASE64[text.charCodeAt(at)] === 1) at += 1;
  return at;
}

function table(characters: string): Uint8Array {
  const marks = new Uint8Array(65_536);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}
