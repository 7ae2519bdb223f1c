import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../src/core/job/words.ts';

const FOLDER = new URL('../locales/', import.meta.url);

function readCatalogue(language: string): Map<string, string> {
  const entries: Record<string, string> = JSON.parse(
    readFileSync(new URL(`${language}.json`, FOLDER), 'utf8'),
  );
  return new Map(Object.entries(entries));
}

/** What a person types as it is, or what is filled in: the same in every language. */
function fixedParts(text: string): string[] {
  return (
    text.match(/\{[^}]*\}|\/[a-z]+|--[a-z]+( \d[\w:]*)?|\p{Extended_Pictographic}/gu) ?? []
  ).sort();
}

const english = readCatalogue('en');

it('has one file for every language that people are answered in', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(LANGUAGES.map((name) => `${name}.json`).sort());
});

describe.each(LANGUAGES)('%s', (language) => {
  const catalogue = readCatalogue(language);

  it('has the keys of English in the same order', () => {
    expect([...catalogue.keys()]).toEqual([...english.keys()]);
  });

  it.each([...english])('says %s', (key, words) => {
    const text = catalogue.get(key) ?? '';
    expect(text.trim()).toBe(text);
    expect(text).not.toBe('');
    expect(fixedParts(text)).toEqual(fixedParts(words));
    expect(text.split('\n')).toHaveLength(words.split('\n').length);
    for (const placeholder of text.match(/\{[^}]*\}/g) ?? [])
      expect(placeholder).toMatch(/^\{\w+\}$/);
  });

  it('says everything in its own words', () => {
    const same = [...catalogue].filter(([key, text]) => english.get(key) === text);
    expect(same.map(([key]) => key)).toEqual(language === 'en' ? [...english.keys()] : []);
  });

  it('keeps command descriptions within 100 characters', () => {
    for (const [key, text] of catalogue) {
      if (key.startsWith('command.')) expect(text.length, key).toBeLessThanOrEqual(100);
    }
  });
});
