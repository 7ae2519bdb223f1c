import { expect, test } from 'vitest';
import { readWishes } from '../../../src/sandbox/paint/wishes.ts';

test.each([
  ['make it night', { night: true }],
  ['改成夜晚', { night: true }],
  ['a knight', {}],
  ['明るくして', { day: true }],
  ['白黒', { gray: true }],
  ['模糊', { blur: true }],
  ['鏡', { mirror: true }],
  ['镜像', { mirror: true }],
  ['赤くして', { tint: 'red' }],
  ['“Summer”', { caption: 'Summer' }],
  ['brighter, please', { day: true }],
  ['B&W', { gray: true }],
  ['a credible hundred', {}],
  ['flip it and tint it green', { mirror: true, tint: 'green' }],
  ['caption "red night"', { caption: 'red night' }],
  ['「夏」を青く', { caption: '夏', tint: 'blue' }],
  ['empty "" quotes', {}],
])('%s', (prompt, wishes) => {
  const none = { night: false, day: false, gray: false, blur: false, mirror: false };
  expect(readWishes(prompt)).toEqual({ ...none, ...wishes });
});
