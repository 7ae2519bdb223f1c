import { expect, test } from 'vitest';
import { say } from '../../src/core/index.ts';
import { commandDefinitions, MENUS, type SlashCommand } from '../../src/discord/commands.ts';

type Values = Record<string, unknown>;

const definitions = commandDefinitions() as unknown as (Values & {
  name: string;
  options?: Values[];
})[];
const LOCALES = ['zh-CN', 'zh-TW', 'ja'];
const PLAIN = [
  'new',
  'settings',
  'cancel',
  'usage',
  'forget',
  'help',
  'Edit image',
  'Describe image',
];
const parts = definitions.flatMap((command) => [command, ...(command.options ?? [])]);

test('menus are known again by their names', () => {
  expect(MENUS).toEqual({
    edit: say('en', 'discord.menu.edit'),
    describe: say('en', 'discord.menu.describe'),
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

test('in English everything is called what the bot calls it', () => {
  for (const { name, type, options = [] } of definitions) {
    if (type === 1) expect(say('en', `discord.command.${name as SlashCommand}`)).toBe(name);
    for (const option of options) {
      const key = String(option.name).replace(/\d$/, '') as 'image';
      expect(say('en', `discord.option.${key}`) + (/\d$/.exec(String(option.name)) ?? '')).toBe(
        option.name,
      );
    }
  }
});

test('every command takes what it is to take, the required in front', () => {
  const looks = ['aspect_ratio', 'size', 'count'];
  const more = ['image2', 'image3', 'image4'];
  const named = definitions.map(({ name, options = [] }) => [
    name,
    options.map((option) => `${option.required ? '' : '?'}${option.name}`),
  ]);
  const optional = (names: string[]) => names.map((name) => `?${name}`);
  expect(Object.fromEntries(named)).toEqual({
    imagine: ['prompt', ...optional(['image', ...more, ...looks, 'model', 'style'])],
    edit: ['image', 'prompt', ...optional([...more, ...looks, 'style'])],
    describe: ['image', '?question'],
    ...Object.fromEntries(PLAIN.map((name) => [name, []])),
  });
});

test('pictures are all that can be attached; models and styles are looked up', () => {
  const options = definitions.flatMap((command) => command.options ?? []);
  const attachments = options.filter(({ type }) => type === 11);
  expect(attachments).toHaveLength(9);
  for (const { file_types } of attachments) expect(file_types).toEqual(['image']);
  const lookedUp = options.filter(({ autocomplete }) => autocomplete).map(({ name }) => name);
  expect(lookedUp).toEqual(['model', 'style', 'style']);
});

test('names are unique in every language', () => {
  const slashes = definitions.filter(({ type }) => type === 1);
  for (const siblings of [slashes, ...definitions.map(({ options = [] }) => options)]) {
    for (const language of LOCALES) {
      const names = siblings.map((part) => (part.name_localizations as Values)[language]);
      expect(new Set(names).size).toBe(siblings.length);
    }
  }
});

test('a name that the help speaks of stands beside the one that people see', () => {
  const slashes = definitions.filter(({ type }) => type === 1);
  expect(slashes).toHaveLength(9);
  for (const { name, description_localizations } of slashes) {
    for (const language of LOCALES) {
      expect((description_localizations as Values)[language]).toContain(`/${name}`);
    }
  }
});

test('choices are told in the language of people too, and mean the same', () => {
  const imagine = definitions.find(({ name }) => name === 'imagine');
  const ratios = imagine?.options?.find(({ name }) => name === 'aspect_ratio');
  const choices = ratios?.choices as Values[];
  expect(choices.find(({ value }) => value === '16:9')).toEqual({
    name: '16:9 · wide',
    value: '16:9',
    name_localizations: { 'zh-CN': '16:9 · 横向', 'zh-TW': '16:9 · 橫向', ja: '16:9 · 横長' },
  });
  expect(choices.map(({ name }) => String(name).split(' · ')[1])).toEqual(
    expect.arrayContaining(['square', 'wide', 'tall']),
  );
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
  // Big5 has no simplified ones, so what it cannot write is one that was left.
  const big5 = new TextDecoder('big5');
  const known = new Set(
    Array.from({ length: 0x59 }, (_, row) =>
      Array.from({ length: 0xbf }, (_, cell) =>
        big5.decode(Uint8Array.of(0xa1 + row, 0x40 + cell)),
      ),
    ).flat(),
  );
  const texts = JSON.stringify(definitions, (key, value) =>
    key === 'zh-CN' || key === 'ja' ? undefined : value,
  );
  const letters = new Set(texts.match(/\p{Script=Han}/gu));
  expect([...letters].filter((letter) => !known.has(letter))).toEqual([]);
  const imagine = definitions.find(({ name }) => name === 'imagine');
  const image = imagine?.options?.find(({ name }) => name === 'image');
  expect(image?.name_localizations).toEqual({ 'zh-CN': '图片', 'zh-TW': '圖片', ja: '画像' });
});
