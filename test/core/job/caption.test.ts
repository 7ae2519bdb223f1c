import { describe, expect, it } from 'vitest';
import { captionOf } from '../../../src/core/job/caption.ts';
import type { PictureOptions } from '../../../src/core/types.ts';
import { pictureOf, picturesOf } from './world.ts';

describe('the caption', () => {
  it.each([
    ['is empty when all is as asked', 1, {}, ''],
    ['names pictures that are missing', 2, { count: 3 }, '2 of 3 pictures came back.'],
    ['is silent about more pictures than asked', 2, { count: 1 }, ''],
  ])('%s', (_name, made, options: PictureOptions, text) => {
    const answer = { pictures: picturesOf(made), text: '', truncated: false };
    expect(captionOf(answer, options, 'en')).toBe(text);
  });

  it.each<[number, number, PictureOptions, string | undefined]>([
    [1376, 768, { aspectRatio: '16:9' }, undefined],
    [1024, 1024, { aspectRatio: '16:9' }, '16:9'],
    [768, 1376, { aspectRatio: '16:9' }, '16:9'],
    [1376, 768, { aspectRatio: '16:9', size: '1K' }, undefined],
    [5504, 3072, { aspectRatio: '16:9', size: '4K' }, undefined],
    [6336, 2688, { aspectRatio: '21:9', size: '4K' }, undefined],
    [1024, 1024, { size: '4K' }, '4K'],
    [2048, 2048, { size: '1K' }, '1K'],
    [512, 512, { size: '512' }, undefined],
    [1024, 1024, { aspectRatio: '16:9', size: '2K' }, '16:9 · 2K'],
    [100, 900, {}, undefined],
  ])('%d×%d for %j', (width, height, options, missed) => {
    const answer = { pictures: [pictureOf('a', width, height)], text: '', truncated: false };
    const text = missed && `Made at ${width}×${height}; you asked for ${missed}.`;
    expect(captionOf(answer, options, 'en')).toBe(text ?? '');
  });

  it('is no flood, however much the model says', () => {
    const answer = { pictures: picturesOf(1), text: '🦊'.repeat(100_000), truncated: false };
    const text = captionOf(answer, {}, 'en');
    expect(text.length).toBeLessThanOrEqual(8_000);
    expect(text.isWellFormed()).toBe(true);
  });

  it('begins with the words of the model', () => {
    const answer = { pictures: picturesOf(1), text: 'A fox.', truncated: true };
    expect(captionOf(answer, { count: 2 }, 'en')).toBe(
      'A fox.\n1 of 2 pictures came back.\nThe answer was cut off after this picture.',
    );
  });
});
