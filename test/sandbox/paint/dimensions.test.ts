import { expect, test } from 'vitest';
import { ASPECT_RATIOS } from '../../../src/core/types.ts';
import { nearestRatio, toPixels } from '../../../src/sandbox/paint/dimensions.ts';

test.each([
  ['21:9', '1K', 1584, 672],
  ['16:9', '2K', 2752, 1536],
  ['1:8', '4K', 1536, 12288],
  ['1:1', '512', 512, 512],
] as const)('%s at %s', (ratio, size, width, height) => {
  expect(toPixels(ratio, size)).toEqual({ width, height });
});

test('every documented ratio is the nearest to itself', () => {
  for (const ratio of ASPECT_RATIOS) expect(nearestRatio(toPixels(ratio, '1K'))).toBe(ratio);
});

test.each([
  [4032, 3024, '4:3'],
  [3000, 4000, '3:4'],
  [1920, 1080, '16:9'],
  [10, 5000, '1:8'],
])('a picture of %i × %i is %s', (width, height, ratio) => {
  expect(nearestRatio({ width, height })).toBe(ratio);
});
