import { expect, it } from 'vitest';
import { createShrink } from '../../../src/core/image/shrink.ts';
import type { Picture } from '../../../src/core/types.ts';

const picture = (hash: string, bytes: number): Picture => ({
  hash,
  path: `/pictures/${hash}`,
  mediaType: 'image/png',
  width: 4096,
  height: 4096,
  bytes,
});

const shrink = createShrink({
  normaliser: {
    normalise: async () => ({
      data: new Uint8Array(500),
      mediaType: 'image/jpeg',
      width: 2048,
      height: 2048,
    }),
  },
  pictures: {
    read: async () => new Uint8Array(1_000),
    addBytes: async (bytes, shape) => ({ ...picture('small', bytes.length), ...shape }),
  },
});

it.each([
  ['leaves what fits', 1_000, { hash: 'large', bytes: 1_000 }],
  ['makes it fit', 999, { hash: 'small', bytes: 500, mediaType: 'image/jpeg' }],
  ['gives back what can never fit', 499, { hash: 'large', bytes: 1_000 }],
])('%s', async (_name, maxBytes, expected) => {
  expect(await shrink(picture('large', 1_000), maxBytes)).toMatchObject(expected);
});
