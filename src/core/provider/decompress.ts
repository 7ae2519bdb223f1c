/** Bodies that a gateway compressed although it was asked not to. */
import { pipeline, type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { EaselError } from '../errors.ts';

/** `Content-Encoding` as RFC 9110 section 8.4.1 names it, `zstd` by RFC 8878. */
const DECOMPRESSORS = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);

/**
 * What the body says in plain. It is pulled: nothing is expanded that nobody reads, so a limit on what comes out holds.
 * Leaving it early, or its failure, ends `body` too.
 * @throws EaselError `malformed-answer` for an unknown encoding, or for several on top of each other
 */
export function decompress(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string | string[] | undefined,
): AsyncIterable<Uint8Array> {
  const encoding = String(contentEncoding ?? '')
    .trim()
    .toLowerCase();
  if (encoding === '' || encoding === 'identity') return body;
  const create = DECOMPRESSORS.get(encoding);
  if (create === undefined) {
    throw new EaselError('malformed-answer', { billed: 'maybe', subject: 'content-encoding' });
  }
  // Failures reach the reader through the stream itself.
  return pipeline(body, create(), () => {});
}
