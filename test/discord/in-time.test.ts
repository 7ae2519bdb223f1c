/** What Discord waits for, and counts: first answers, however much there is to do, and requests that it refuses. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRest } from '../../src/discord/rest.ts';
import {
  createPng,
  createRecordingLogger,
  deliveryOf,
  EDIT,
  lastTarget,
  setUp,
  shown,
  started,
  storePicture,
  TOKEN,
  WORKING,
} from './setup.ts';

const CALLBACK = 'POST /interactions/:id/:token/callback';
const FOREVER = new Promise<never>(() => {});

afterEach(() => void vi.useRealTimers());

/** A desk that knows no end when it is asked for what a form says. */
async function withSlowStore() {
  const world = await started();
  world.desk.language = () => FOREVER;
  world.desk.styles = () => FOREVER;
  return world;
}

describe('the first answer', () => {
  test('comes at once where more happens than Discord lets a bot say in a second', async () => {
    const { fake, on, platform } = await started();
    const ada = fake.person();
    // discord.js' pauses, by which it keeps to that pace, do not end: what waits for one never comes.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    // Each job writes its status as soon as it can: more than the 50 requests a second that a bot has.
    on.hear = async ({ target }) => void (await platform.showStatus(target, WORKING));
    const asked = Array.from({ length: 160 }, () =>
      ada.command(fake.channelId, 'imagine', { prompt: 'a fox' }),
    );
    await fake.waitFor(() => asked.every(({ answered }) => answered === 5), 10_000);
    const written = shown(fake).filter(({ content }) => content === 'working');
    expect(written.length).toBeLessThan(160);
  });

  test('to a menu is a form, also without the store', async () => {
    const { fake } = await withSlowStore();
    const ada = fake.person();
    const message = ada.says(fake.channelId, '', { files: [{ bytes: await createPng() }] });
    const menu = ada.menu(fake.channelId, 'Edit image', message);
    const modal = await fake.waitFor(() => menu.modal);
    expect(modal.components.map(({ type }) => type)).toEqual([18, 18]);
  });

  test('to Edit is a form, also without the store', async () => {
    const { fake, heard, on, platform } = await withSlowStore();
    const ada = fake.person();
    ada.directMessages('a fox');
    await fake.waitFor(() => heard.length === 1);
    const picture = await storePicture(await createPng());
    await platform.deliver(lastTarget(heard), deliveryOf([picture], { buttons: [[EDIT]] }));
    const [result] = shown(fake, ada.dm);
    if (result === undefined) throw new Error('no result');
    on.press = () => ({ type: 'ask', text: 'What shall I change?', turn: 'abcdefghijkl' });
    const press = ada.presses(result, EDIT.id);
    const modal = await fake.waitFor(() => press.modal);
    expect(JSON.stringify(modal)).toContain('What shall I change?');
  });
});

test('requests that are refused are counted, and told before Discord bans the address', async () => {
  const { fake, network } = await setUp();
  const lines: string[] = [];
  const logger = createRecordingLogger(lines);
  const rest = createRest({ token: TOKEN, apiRoot: fake.origin, network, logger });
  const refused = Array.from({ length: 500 }, () => 50_001);
  fake.script(CALLBACK, ...refused);
  const call = () => rest.post('/interactions/1/x/callback', { body: {} }).catch(() => {});
  for (let left = 10; left > 0; left -= 1) await Promise.all(Array.from({ length: 50 }, call));
  expect(lines.filter((line) => line.includes('many refused requests'))).toHaveLength(1);
});
