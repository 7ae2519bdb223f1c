import { describe, expect, it } from 'vitest';
import { shortId } from '../../../src/core/desk/short-id.ts';
import type { PressAnswer, Reply } from '../../../src/core/types.ts';
import { ADA, ADMIN, BOB, createWorld, MODELS } from './world.ts';

const OWNER = shortId(ADA.id);
const LIST = `s:${OWNER}`;

function replyOf(answer: PressAnswer): Reply {
  if (answer.type !== 'replace') throw new Error(`${answer.type} instead of a reply`);
  return answer.reply;
}

function labels({ buttons }: Reply): string[][] {
  return buttons.map((row) => row.map(({ label }) => label));
}

describe('the menu', () => {
  it('opens with every setting and its value', async () => {
    const world = createWorld();
    await world.hear({ command: 'settings' });
    const [menu] = world.seen.messages;
    expect(menu?.text).toBe('This is what I use when you say nothing else:');
    expect(menu?.buttons.map(({ label }) => label)).toEqual([
      'Ratio: Auto',
      'Size: Auto',
      'Pictures: Auto',
      'Model: Auto',
      'Language: Auto',
    ]);
  });

  it('opens a setting with a mark on its value, and a way back', async () => {
    const world = createWorld();
    await world.press(`${LIST}:z:2K`);
    const reply = replyOf(await world.press(`${LIST}:z`));
    expect(reply.text).toBe('Size');
    expect(labels(reply)).toEqual([['Auto', '512', '1K', '✓ 2K', '4K'], ['⬅️ Back']]);
    const back = replyOf(await world.press(reply.buttons.at(-1)?.[0]?.id ?? ''));
    expect(labels(back)[1]).toEqual(['Size: 2K']);
  });

  it.each([
    ['r:16:9', 'Ratio: 16:9', { aspectRatio: '16:9' }],
    ['z:4K', 'Size: 4K', { size: '4K' }],
    ['n:3', 'Pictures: 3', { count: 3 }],
    [`m:${shortId('flux-2')}`, 'Model: flux-2', { model: 'flux-2' }],
  ])(
    'keeps a choice, also after a restart, until it is Auto again: %s',
    async (code, label, set) => {
      const world = createWorld();
      const chosen = replyOf(await world.press(`${LIST}:${code}`));
      expect(labels(chosen).flat()).toContain(label);
      await world.start().hear(world.message({ words: 'a fox' }));
      expect(world.requests[0]?.options).toEqual(set);

      await world.press(`${LIST}:${code[0]}:-`);
      await world.hear({ words: 'a fox' });
      expect(world.requests[1]?.options).toEqual({});
    },
  );

  it('speaks the new language at once', async () => {
    const world = createWorld();
    const reply = replyOf(await world.press(`${LIST}:l:ja`));
    expect(reply.text).toBe('特に指定がないときは、この設定で描きます：');
    expect(labels(reply).at(-1)).toEqual(['言語：日本語']);
    await world.hear({ command: 'cancel' });
    expect(world.texts()).toEqual(['キャンセルするものはありません。']);
    await world.hear({ words: '狐' });
    expect(world.requests[0]?.person).toEqual({ id: ADA.id, language: 'ja' });
    expect(await world.desk.language(ADA)).toBe('ja');
    expect(await world.desk.language(BOB)).toBe('en');
  });

  it('keeps both of two choices that are made at once', async () => {
    const world = createWorld();
    await Promise.all([world.press(`${LIST}:n:2`), world.press(`${LIST}:z:4K`)]);
    await world.hear({ words: 'a fox' });
    expect(world.requests[0]?.options).toEqual({ count: 2, size: '4K' });
  });

  it.each([BOB, ADMIN])('obeys its owner only, not %o', async (person) => {
    const world = createWorld();
    for (const button of [LIST, `${LIST}:z`, `${LIST}:z:4K`]) {
      expect(await world.press(button, { person })).toEqual({
        type: 'note',
        text: 'Only the person who asked can use these buttons.',
      });
    }
    for (const some of [person, ADA]) await world.hear({ words: 'a fox', person: some });
    expect(world.requests.map(({ options }) => options)).toEqual([{}, {}]);
  });

  it('shows what there is now when a choice is no longer offered', async () => {
    const world = createWorld();
    const reply = replyOf(await world.press(`${LIST}:m:${shortId('retired')}`));
    expect(reply.text).toBe('Model');
    expect(labels(reply)[0]).toEqual(['✓ Auto']);
  });

  it('has rows that every platform takes, but for models, and short ids', async () => {
    const long = `${'x'.repeat(200)}-image`;
    const world = createWorld({ listModels: async () => [...MODELS, long] });
    for (const letter of ['', ':r', ':z', ':n', ':m', ':l']) {
      const { buttons } = replyOf(await world.press(`${LIST}${letter}`));
      if (letter !== ':m') expect(buttons.length).toBeLessThanOrEqual(5);
      expect(Math.max(...buttons.map(({ length }) => length))).toBeLessThanOrEqual(5);
      for (const { label, id } of buttons.flat()) {
        expect(label.length).toBeLessThanOrEqual(80);
        expect(id).toMatch(/^[!-~]{1,64}$/);
      }
    }
  });
});

describe('the groups', () => {
  it('have all choices, the present one marked, at most 25', async () => {
    const many = Array.from({ length: 40 }, (_, at) => `image-${at}`);
    const world = createWorld({ listModels: async () => many });
    await world.hear({ command: 'model', words: 'image-39' });
    const groups = await world.desk.settings(ADA);
    expect(groups.map(({ label, choices }) => [label, choices.length])).toEqual([
      ['Ratio', 15],
      ['Size', 5],
      ['Pictures', 5],
      ['Model', 25],
      ['Language', 4],
    ]);
    const chosen = groups.map(({ choices }) => choices.filter(({ isChosen }) => isChosen));
    expect(chosen.map((some) => some.map(({ label }) => label))).toEqual([
      ['Auto'],
      ['Auto'],
      ['Auto'],
      ['image-39'],
      ['Auto'],
    ]);
  });

  it('are pressed like buttons', async () => {
    const world = createWorld();
    const [ratios] = await world.desk.settings(ADA);
    const wide = ratios?.choices.find(({ label }) => label === '21:9');
    await world.press(wide?.id ?? '');
    const [after] = await world.desk.settings(ADA);
    expect(after?.choices.find(({ isChosen }) => isChosen)?.label).toBe('21:9');
  });

  it('say so where the gateway names no model', async () => {
    const world = createWorld({ listModels: async () => [] });
    const [, , , models] = await world.desk.settings(ADA);
    expect(models?.choices.map(({ label }) => label)).toEqual(['Auto']);
    const reply = replyOf(await world.press(`${LIST}:m`));
    expect(reply.text).toMatch(/^The gateway does not say which models it has/);
    expect(labels(reply)).toEqual([['⬅️ Back']]);
  });
});

describe('a language that is told with commands only', () => {
  const START = 'こんにちは！';
  const silent = { id: ADA.id };

  it('is kept for messages, also after a restart, until it is forgotten', async () => {
    const world = createWorld();
    await world.press(LIST, { person: { ...silent, language: 'ja' } });
    expect(await world.start().language(silent)).toBe('ja');
    await world.hear({ command: 'start', person: silent });
    expect(world.texts()).toEqual([expect.stringContaining(START)]);
    await world.hear({ command: 'forget', person: silent });
    expect(await world.desk.language(silent)).toBe('en');
  });

  it('gives way to the one told now, and to the one that is set', async () => {
    const world = createWorld();
    expect(await world.desk.language({ ...silent, language: 'ja' })).toBe('ja');
    expect(await world.desk.language({ ...silent, language: 'zh-TW' })).toBe('zh');
    expect(await world.desk.language({ id: BOB.id })).toBe('en');
    await world.press(`${LIST}:l:en`, { person: silent });
    expect(await world.desk.language(silent)).toBe('en');
  });
});

it.each([
  ['zh', '比例：自动'],
  ['ja', '比率：自動'],
])('the menu has the punctuation of %s', async (language, first) => {
  const world = createWorld();
  await world.hear({ command: 'settings', person: { id: ADA.id, language } });
  expect(world.seen.messages[0]?.buttons[0]?.label).toBe(first);
});
