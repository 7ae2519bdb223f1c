/** What is measured: something that reads one streamed answer and gives its pictures as bytes. */
import type { Format } from '../formats.ts';

/** The bytes of a picture in order. */
export type Picture = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface Target {
  /** Without an endpoint: `http://127.0.0.1:<port>/<format>/<bytes>`. */
  baseUrl: string;
  format: Format;
}

/** Reads one answer to its end; drains give no picture. */
export type Decode = (target: Target) => Promise<Picture[]>;

export interface Peer {
  /** As the tables call it; with the version, where it is a package. */
  title: string;
  formats: readonly Format[];
  /** Whether it gives pictures whose hashes can be checked. */
  decodes: boolean;
  load(): Promise<Decode>;
}

export const CHAT_FORMATS: readonly Format[] = ['a', 'b', 'c'];
export const ALL_FORMATS: readonly Format[] = ['a', 'b', 'c', 'd'];
export const WORDS = 'a fox in the snow';
export const KEY = 'no-key';
export const MODEL = 'painter-1';

const MARK = ';base64,';

/** What a data URI says, or the first one within words, which ends with a bracket there. */
export function decodeDataUri(text: string): Buffer {
  const start = text.indexOf(MARK) + MARK.length;
  const stop = text.indexOf(')', start);
  return Buffer.from(text.slice(start, stop === -1 ? text.length : stop), 'base64');
}
