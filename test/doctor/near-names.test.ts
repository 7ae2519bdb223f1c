import { expect, it } from 'vitest';
import { nearNames } from '../../src/doctor/near-names.ts';

const MODELS = [
  'gpt-4o',
  'claude',
  'gemini-3-pro-preview',
  'vertex-gemini-3-pro-image-preview',
  'Gemini-3-Pro-Image',
  '',
];

it.each([
  [
    'gemini-3-pro-image-preview',
    ['vertex-gemini-3-pro-image-preview', 'gemini-3-pro-preview', 'Gemini-3-Pro-Image'],
  ],
  ['gpt-4', ['gpt-4o']],
  ['zzz', []],
])('%s', (wanted, near) => {
  expect(nearNames(wanted, MODELS, 5).toSorted()).toEqual(near.toSorted());
  expect(nearNames(wanted, MODELS, 1)).toEqual(near.slice(0, 1));
});
