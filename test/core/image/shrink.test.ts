import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createNormaliser } from '../../../src/core/image/normalise.ts';
import { createShrink } from '../../../src/core/image/shrink.ts';
import type { Picture } from '../../../src/core/types.ts';

const normaliser = createNormaliser();
afterAll(() => normaliser.close());

const SIZE = { width: 600, height: 400 };

/** As hard to compress as a picture can be: about three bytes for each pixel as PNG. */
const noise = await sharp({
  create: {
    ...SIZE,
    channels: 3,
    background: '#000',
    noise: { type: 'gaussian', mean: 128, sigma: 40 },
  },
})
  .png()
  .toBuffer();
const clear = await sharp(noise).ensureAlpha(0.5).png().toBuffer();
const pictureOf = (bytes: Buffer, facts: Partial<Picture> = {}): Picture => ({
  hash: 'large',
  path: '/pictures/large',
  mediaType: 'image/png',
  ...SIZE,
  bytes: bytes.length,
  ...facts,
});

/** Shrinks `bytes`; the picture that comes of it, and its bytes where they are new. */
async function shrink(bytes: Buffer, maxBytes: number) {
  let made: Uint8Array = bytes;
  const run = createShrink({
    normaliser,
    pictures: {
      read: async () => bytes,
      addBytes: async (data, shape) => {
        made = data;
        return pictureOf(Buffer.from(data), { hash: 'small', ...shape });
      },
    },
  });
  const picture = await run(pictureOf(bytes), maxBytes);
  return { picture, made: sharp(made) };
}

describe('a picture for a place with a limit', () => {
  it('stays as it is where it fits', async () => {
    const { picture } = await shrink(noise, noise.length);
    expect(picture).toEqual(pictureOf(noise));
  });

  it.each([
    ['keeps all pixels, as a JPEG', noise, 0.5, 'image/jpeg'],
    ['keeps all pixels at the lowest good quality', noise, 0.2, 'image/jpeg'],
    ['keeps what is transparent', clear, 0.5, 'image/webp'],
  ])('%s', async (_name, bytes, share, mediaType) => {
    const maxBytes = Math.floor(bytes.length * share);
    const { picture, made } = await shrink(bytes, maxBytes);
    expect(picture).toMatchObject({ hash: 'small', mediaType, ...SIZE });
    expect(picture.bytes).toBeLessThanOrEqual(maxBytes);
    expect((await made.stats()).isOpaque).toBe(mediaType === 'image/jpeg');
  });

  it('takes the better of two qualities that fit', async () => {
    const [much, little] = await Promise.all([shrink(noise, 500_000), shrink(noise, 160_000)]);
    expect(much.picture.bytes).toBeGreaterThan(little.picture.bytes);
    expect(much.picture.width).toBe(little.picture.width);
  });

  it.each([noise, clear])(
    'is within any limit, and uses most of one that is too small for it all',
    async (bytes) => {
      const limits = fc.integer({ min: 10_000, max: 150_000 });
      await fc.assert(
        fc.asyncProperty(limits, async (maxBytes) => {
          const { picture, made } = await shrink(bytes, maxBytes);
          const { width, height } = await made.metadata();
          expect(picture).toMatchObject({ hash: 'small', width, height });
          expect(picture.bytes).toBeLessThanOrEqual(maxBytes);
          if (width < SIZE.width) expect(picture.bytes).toBeGreaterThan(maxBytes * 0.5);
          expect(width / height).toBeCloseTo(1.5, 1);
        }),
        { numRuns: 12 },
      );
    },
  );

  it('comes back as it is where it can never fit, or where the decoder fails', async () => {
    expect((await shrink(noise, 50)).picture).toEqual(pictureOf(noise));
    const broken = createShrink({
      normaliser: {
        shrink: async () => {
          throw new EaselError('attachment-unsupported');
        },
      },
      pictures: { read: async () => noise, addBytes: async () => pictureOf(noise) },
    });
    expect(await broken(pictureOf(noise), 500)).toEqual(pictureOf(noise));
  });
});
