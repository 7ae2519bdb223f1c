import { describe, expect, it, vi } from 'vitest';
import { LANGUAGES, say } from '../../../src/core/job/words.ts';
import { createFakeStore } from '../../fakes/store.ts';
import { ADA, ADMIN, BOB, CHAT, createWorld, MODELS, photo, pictureOf, turnOf } from './world.ts';

const [PRO = '', , FLUX = '', BANANA = ''] = MODELS;

describe.each(LANGUAGES)('in %s', (language) => {
  it.each(['help', 'start'] as const)('%s', async (command) => {
    const world = createWorld();
    await world.hear({ command, person: { id: ADA.id, language } });
    expect(world.texts()).toEqual([say(language, command)]);
  });

  it('fits into one message of every platform', () => {
    expect(say(language, 'help').length).toBeLessThan(2_000);
  });
});

it('speaks the fallback to those who speak neither', async () => {
  const world = createWorld({ language: 'ja' });
  await world.hear({ command: 'help', person: { id: ADA.id, language: 'fr' } });
  await world.hear({ command: 'help', person: { id: ADA.id } });
  expect(world.texts()).toEqual([say('ja', 'help'), say('ja', 'help')]);
});

it('/new leaves the conversation in this chat only', async () => {
  const world = createWorld();
  world.branches.set(`${CHAT} ${ADA.id}`, 'a').set(`${CHAT} ${BOB.id}`, 'b');
  await world.hear({ command: 'new' });
  expect([...world.branches.values()]).toEqual(['b']);
  expect(world.texts()).toEqual(['A fresh start. What shall I paint?']);
});

it.each([
  [2, 'Cancelled.'],
  [0, 'There is nothing to cancel.'],
])('/cancel with %i jobs', async (stopped, text) => {
  const world = createWorld();
  world.counts.stopped = stopped;
  await world.hear({ command: 'cancel' });
  expect(world.texts()).toEqual([text]);
});

it.each([
  [ADA, 0, 'Pictures today: 3. There is no daily limit.'],
  [ADA, 5, 'Pictures today: 3 of 5. The count starts anew at midnight UTC.'],
  [ADMIN, 5, 'Pictures today: 3. There is no daily limit.'],
])('/usage of %o with a limit of %i', async (person, dailyImagesPerUser, text) => {
  const world = createWorld({ dailyImagesPerUser });
  world.counts.images = 3;
  await world.hear({ command: 'usage', person });
  expect(world.texts()).toEqual([text]);
});

describe('/forget', () => {
  async function createHistory() {
    const store = createFakeStore();
    const scrub = vi.spyOn(store, 'scrub');
    const world = createWorld({ store });
    for (const person of [ADA, BOB]) {
      await world.hear({ command: 'model', words: PRO, person });
      await world.hear({ attachments: [photo('own')], person });
    }
    const menus = world.seen.messages.filter(({ buttons }) => buttons.length > 0);
    const [hers = '', his = ''] = menus.map(({ buttons }) => buttons[0]?.id ?? '');
    return { world, scrub, hers, his };
  }

  it('deletes what is kept of this person, and of nobody else', async () => {
    const { world, scrub, hers, his } = await createHistory();
    const loaded = pictureOf('loaded');
    world.loaded.push(loaded);
    await world.hear({ command: 'forget' });
    expect(world.texts().at(-1)).toMatch(/deleted your settings.*posted in chats stays/);
    expect(world.forgottenPictures).toEqual([loaded]);
    expect(scrub).toHaveBeenCalledOnce();

    expect(await world.press(hers)).toMatchObject({
      text: expect.stringContaining('no longer have'),
    });
    expect(await world.press(his, { person: BOB })).toEqual({ type: 'note', text: '' });
    await world.hear({ words: 'a fox' });
    await world.hear({ words: 'a fox', person: BOB });
    expect(world.requests.map(({ options }) => options)).toEqual([
      { model: PRO },
      {},
      { model: PRO },
    ]);
  });

  it('leaves no trace of the person in the rows', async () => {
    const store = createFakeStore();
    const world = createWorld({ store });
    const id = `${ADA.id}:update`;
    await world.hear({ id, attachments: [photo('own')], isPrivate: true });
    await world.hear({ id: `${id}2`, command: 'model', words: PRO });
    await world.hear({ command: 'forget' });
    const rows: unknown[] = [];
    for (const name of ['settings', 'pending-wishes', 'awaited-words', 'heard']) {
      for await (const row of store.table(name).entries()) rows.push(row);
    }
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(ADA.id);
  });

  it('stops jobs before it deletes turns, and can be said twice', async () => {
    const world = createWorld();
    const order: string[] = [];
    world.options.engine.forget = async (id) => {
      order.push(`jobs of ${id}`);
      return [];
    };
    world.options.conversations.forget = async (id) => void order.push(`turns of ${id}`);
    const desk = world.start();
    await desk.hear(world.message({ command: 'forget' }));
    await desk.hear(world.message({ command: 'forget' }));
    const once = [`jobs of ${ADA.id}`, `turns of ${ADA.id}`];
    expect(order).toEqual([...once, ...once]);
    expect(world.texts()).toHaveLength(2);
  });
});

describe('/model', () => {
  it('shows the models that paint, the known families first', async () => {
    const world = createWorld();
    await world.hear({ command: 'model' });
    const [menu] = world.seen.messages;
    expect(menu?.text).toBe('Model');
    const labels = ['✓ Auto', PRO, BANANA, FLUX, '⬅️ Back'];
    expect(menu?.buttons.map(({ label }) => label)).toEqual(labels);
  });

  it.each([
    [FLUX, `From now on I paint with ${FLUX}.`, { model: FLUX }],
    [BANANA.toUpperCase(), `From now on I paint with ${BANANA}.`, { model: BANANA }],
    ['gpt-5', 'I do not know the model “gpt-5”. /settings shows what there is.', {}],
    ['Auto', 'From now on I paint with the model that the operator chose.', {}],
  ])('%s', async (words, text, options) => {
    const world = createWorld();
    await world.hear({ command: 'model', words });
    await world.hear({ words: 'a fox' });
    expect(world.texts()).toEqual([text]);
    expect(world.requests).toMatchObject([{ options }]);
    expect(world.requests[0]?.options).toEqual(options);
  });

  it('goes back to the operator’s', async () => {
    const world = createWorld();
    await world.hear({ command: 'model', options: { model: FLUX } });
    await world.hear({ command: 'model', words: 'auto' });
    await world.hear({ words: 'a fox' });
    expect(world.requests).toMatchObject([{ options: {} }]);
  });

  it.each<[string, () => Promise<string[]>]>([
    ['lists none', async () => []],
    ['lists none that paint', async () => ['gpt-5']],
    ['fails', () => Promise.reject(new Error('no list'))],
  ])('paints with the operator’s where the gateway %s', async (_name, listModels) => {
    const world = createWorld({ listModels });
    await world.hear({ command: 'model' });
    await world.hear({ command: 'model', words: FLUX });
    await world.hear({ words: 'a fox', options: { model: FLUX } });
    expect(new Set(world.texts())).toEqual(new Set([say('en', 'model.none')]));
    expect(world.requests).toEqual([]);
    expect(await world.desk.models()).toEqual([]);
  });

  it('paints with the operator’s when the gateway no longer has the one that was set', async () => {
    let models = [FLUX, PRO];
    const world = createWorld({ listModels: async () => models });
    await world.hear({ command: 'model', words: FLUX });
    models = [PRO];
    await world.desk.models();
    await vi.waitFor(async () => expect(await world.desk.models()).toEqual([PRO]));
    await world.hear({ words: 'a fox' });
    expect(world.requests[0]?.options).toEqual({});
  });
});

describe('the desk', () => {
  it('hands a moved group and a linked message on', async () => {
    const world = createWorld();
    await world.desk.moveChat('fake:old', 'fake:new');
    await world.desk.link('question', 'turn-of-fox-');
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
    await world.hear({ words: 'night', replied: { message: 'question', attachments: [] } });
    expect(world.moved).toEqual([['fake:old', 'fake:new']]);
    expect(world.log).toMatchObject([
      { level: 'warn', fields: { from: 'fake:old', to: 'fake:new' } },
    ]);
    expect(world.requests).toMatchObject([{ origin: { turn: 'turn-of-fox-' } }]);
  });

  it('names styles in the language of the person', async () => {
    const world = createWorld();
    const styles = await world.desk.styles({ id: ADA.id, language: 'zh-CN' });
    expect(styles[0]).toMatchObject({ name: 'night', label: '🌙 夜晚' });
    expect(await world.desk.language({ id: ADA.id, language: 'zh-CN' })).toBe('zh');
  });
});
