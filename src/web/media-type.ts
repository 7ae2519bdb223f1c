/** What the first bytes of an upload say that it is: only how a browser may show it, the core looks for itself. */

/** Those that some browser shows, by how they begin; `????` stands for any four bytes. */
const BEGINNINGS: readonly [mediaType: string, beginning: string][] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/webp', 'RIFF????WEBP'],
  ['image/avif', '????ftypavif'],
  ['image/heic', '????ftyphei'],
  ['image/heic', '????ftypmif1'],
];

/** Bytes that decide. */
export const HEAD_BYTES = 16;

/** Undefined for anything that is no picture. */
export function readMediaType(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1');
  return BEGINNINGS.find(([, beginning]) => beginsWith(text, beginning))?.[0];
}

function beginsWith(text: string, beginning: string): boolean {
  return [...beginning].every((letter, index) => letter === '?' || text[index] === letter);
}
