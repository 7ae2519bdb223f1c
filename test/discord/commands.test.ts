import { expect, test } from 'vitest';
import { commandDefinitions, MENUS } from '../../src/discord/commands.ts';
import { word } from '../../src/discord/words.ts';

type Values = Record<string, unknown>;

const definitions = commandDefinitions() as unknown as (Values & {
  name: string;
  options?: Values[];
})[];
const parts = definitions.flatMap((command) => [command, ...(command.options ?? [])]);

test('menus are known again by their names', () => {
  expect(MENUS).toEqual({
    edit: word('en', 'discord.menu.edit'),
    describe: word('en', 'discord.menu.describe'),
  });
});

test('names and descriptions are what Discord takes, in every language', () => {
  for (const part of parts) {
    const isMenu = part.type === 3 && part.contexts !== undefined;
    const names = [part.name, ...Object.values(part.name_localizations ?? {})].map(String);
    const pattern = isMenu ? /^.{1,32}$/u : /^[-_'\p{L}\p{N}]{1,32}$/u;
    for (const name of names) {
      expect(name).toMatch(pattern);
      if (!isMenu) expect(name).toBe(name.toLowerCase());
    }
    if (isMenu) continue;
    const texts = [part.description, ...Object.values(part.description_localizations as Values)];
    expect(texts).toHaveLength(4);
    for (const text of texts) expect(String(text)).toMatch(/^.{1,100}$/u);
  }
});

test('names are unique in every language', () => {
  for (const { options = [] } of definitions) {
    for (const language of ['zh-CN', 'zh-TW', 'ja']) {
      const names = options.map(
        ({ name_localizations }) => (name_localizations as Values)[language],
      );
      expect(new Set(names).size).toBe(options.length);
    }
  }
});

test('what is required comes first, and there are at most 25 options and choices', () => {
  for (const { options = [] } of definitions) {
    const required = options.map((option) => option.required === true);
    expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
    expect(options.length).toBeLessThanOrEqual(25);
    for (const { choices = [] } of options) expect((choices as []).length).toBeLessThanOrEqual(25);
  }
});

test('every command works in servers, in private and between people', () => {
  for (const { integration_types, contexts } of definitions) {
    expect([integration_types, contexts]).toEqual([
      [0, 1],
      [0, 1, 2],
    ]);
  }
});

test('Taiwan reads its own characters', () => {
  const imagine = definitions.find(({ name }) => name === 'imagine');
  const image = imagine?.options?.find(({ name }) => name === 'image');
  expect(image?.name_localizations).toEqual({ 'zh-CN': '图片', 'zh-TW': '圖片', ja: '画像' });
});
