import { expect, it } from 'vitest';
import { resolveLanguage, say } from '../../../src/core/job/words.ts';

it.each([
  ['en', 'en'],
  ['zh-hans-CN', 'zh'],
  ['ZH_TW', 'zh'],
  ['ja-JP', 'ja'],
  ['jam', 'zh'],
  ['de', 'zh'],
  ['', 'zh'],
  [undefined, 'zh'],
])('people whose platform says %s are answered in %s', (tag, language) => {
  expect(resolveLanguage(tag, 'zh')).toBe(language);
});

it('names are filled in, and one without a value stays to be seen', () => {
  expect(say('en', 'result.fewer', { made: 0, asked: 2 })).toBe('0 of 2 pictures came back.');
  expect(say('en', 'result.fewer', { made: 1 })).toBe('1 of {asked} pictures came back.');
});
