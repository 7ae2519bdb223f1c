import { afterEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createAccess } from '../../../src/core/job/access.ts';
import type { IncomingMessage } from '../../../src/core/types.ts';
import { createFakeStore } from '../../fakes/store.ts';
import { ADA, ADMIN, BOB, createWorld, photo } from './world.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('a message that comes twice', () => {
  it.each<[string, Partial<IncomingMessage>]>([
    ['help', { command: 'help' }],
    ['a menu', { attachments: [photo('own')] }],
    ['a refusal', { words: '--ar 7:7' }],
    ['settings', { command: 'settings' }],
  ])('is answered once: %s', async (_name, some) => {
    const world = createWorld();
    const message = world.message(some);
    await Promise.all([world.desk.hear(message), world.desk.hear(message)]);
    await world.start().hear(message);
    expect(world.texts()).toHaveLength(1);
  });

  it('changes nothing the second time', async () => {
    const world = createWorld();
    const leave = vi.spyOn(world.options.conversations, 'leave');
    const message = world.message({ command: 'new' });
    for (const desk of [world.start(), world.start()]) await desk.hear(message);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it('is handed to the engine each time where it is a wish: the engine knows', async () => {
    const world = createWorld();
    const message = world.message({ words: 'a fox' });
    await world.desk.hear(message);
    await world.desk.hear(message);
    expect(world.requests.map(({ id }) => id)).toEqual([message.id, message.id]);
  });

  it('is new again after two days, when no platform sends it again', async () => {
    vi.useFakeTimers();
    const world = createWorld();
    const message = world.message({ command: 'help' });
    await world.desk.hear(message);
    vi.advanceTimersByTime(48 * 3_600_000 - 1);
    await world.desk.hear(message);
    expect(world.texts()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await world.desk.hear(message);
    expect(world.texts()).toHaveLength(2);
  });
});

describe('access', () => {
  const access = createAccess({ users: [ADA.id], chats: [], admins: [ADMIN.id], gated: [] });
  const DENIED = '⚠️ This bot is private. The operator can let you in; your ID is fake:bob.';

  it.each<Partial<IncomingMessage>>([
    { words: 'a fox' },
    { command: 'help' },
    { command: 'forget' },
    { attachments: [photo('a'), photo('b')] },
  ])('is denied with the id to give to the operator: %o', async (some) => {
    const world = createWorld({ access });
    await world.hear({ ...some, person: BOB });
    expect(world.texts()).toEqual([DENIED]);
    expect([world.requests, [...world.links], world.forgotten]).toEqual([[], [], []]);
  });

  it('is denied in the language of the person', async () => {
    const world = createWorld({ access });
    await world.hear({ words: '狐狸', person: { id: BOB.id, language: 'zh-hans' } });
    expect(world.texts()).toEqual(['⚠️ 这是私人机器人。管理员可以为你开通，你的 ID 是 fake:bob。']);
  });

  it('is checked for presses too', async () => {
    const world = createWorld({ access });
    const answer = await world.press('s:AAAAAAAAAAAA', { person: BOB });
    expect(answer).toEqual({ type: 'note', text: DENIED });
  });
});

describe('limits', () => {
  const photos = (count: number) => Array.from({ length: count }, (_, at) => photo(`p${at}`));

  it.each<[string, Partial<IncomingMessage>, string]>([
    ['too many words', { words: 'x'.repeat(8_001) }, 'at most 8000 characters'],
    ['too many pictures', { words: 'x', attachments: photos(11) }, 'At most 10 pictures'],
    ['too many without words', { attachments: photos(11) }, 'At most 10 pictures'],
    [
      'too many with those answered',
      { words: 'x', attachments: photos(5), replied: { message: 'm', attachments: photos(6) } },
      'At most 10 pictures',
    ],
    ['an unknown ratio', { words: 'a fox --ar 7:9' }, 'I do not know “--ar 7:9”'],
    ['a count from a form', { words: 'x', options: { count: 11 } }, 'I do not know “--n 11”'],
    ['half a picture', { words: 'x', options: { count: 0.5 } }, 'I do not know “--n 0.5”'],
    ['no picture', { words: 'x', options: { count: 0 } }, 'I do not know “--n 0”'],
  ])('%s', async (_name, some, text) => {
    const world = createWorld();
    await world.hear(some);
    expect(world.requests).toEqual([]);
    expect(world.texts()).toEqual([expect.stringContaining(text)]);
  });

  it('are not reached by what just fits', async () => {
    const world = createWorld();
    const words = `${'x'.repeat(8_000)} --n 10`;
    await world.hear({ words, attachments: photos(10), options: { count: 10 } });
    expect(world.requests).toMatchObject([{ options: { count: 10 } }]);
  });
});

describe('when something fails', () => {
  const broken = () => Promise.reject(new EaselError('internal', { subject: 'store' }));

  it('the database: the person is told, and nothing is thrown', async () => {
    const entries = () => {
      throw new EaselError('internal', { subject: 'store' });
    };
    const table = () => ({ get: broken, set: broken, delete: broken, entries });
    const store = { ...createFakeStore(), table };
    const world = createWorld({ store });
    await world.hear({ command: 'usage' });
    await world.hear({ attachments: [photo('own')] });
    expect(world.texts()).toEqual([
      'Pictures today: 0. There is no daily limit.',
      expect.stringContaining('Something went wrong on my side.'),
    ]);
    expect(world.log.some(({ level }) => level === 'error')).toBe(true);
    expect(await world.press('y:AAAAAAAAAAAA:night')).toMatchObject({
      type: 'note',
      text: expect.stringContaining('Something went wrong'),
    });
  });

  it('a command half way: the person is told once', async () => {
    const world = createWorld();
    world.options.engine.forget = broken;
    await world.start().hear(world.message({ command: 'forget' }));
    expect(world.texts()).toEqual([expect.stringContaining('Something went wrong on my side.')]);
  });

  it.each(['undeliverable', 'delivery-failed'] as const)('posting: %s', async (code) => {
    const world = createWorld();
    world.seen.block(code);
    await world.hear({ command: 'help' });
    await world.hear({ attachments: [photo('own')] });
    expect(world.log.filter(({ level }) => level === 'warn')).toHaveLength(2);
    expect(world.texts()).toEqual([]);
  });

  it('a platform that is not connected', async () => {
    const world = createWorld();
    await world.hear({ command: 'help', target: { platform: 'unheard-of' } });
    expect(world.texts()).toEqual([]);
  });

  it('linking a menu: the menu stands', async () => {
    const world = createWorld();
    world.options.conversations.link = broken;
    await world.start().hear(world.message({ attachments: [photo('own')] }));
    expect(world.texts()).toHaveLength(1);
    expect(world.log).toMatchObject([{ level: 'error' }]);
  });
});
