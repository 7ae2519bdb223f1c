import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createPng, passTime, setUp } from './setup.ts';

afterEach(() => void vi.useRealTimers());

async function started(overrides: Parameters<typeof setUp>[0] = {}) {
  const world = await setUp(overrides);
  await world.telegram.start();
  return world;
}

type World = Awaited<ReturnType<typeof started>>;

/** The desk hears `words` and never ends hearing them, as when the process dies before they are durable. */
function sticksAt(words: string, { desk }: World): void {
  const { hear } = desk;
  const { promise: stuck, resolve: release } = Promise.withResolvers<void>();
  desk.hear = async (message) => {
    await hear(message);
    if (message.words === words) await stuck;
  };
  onTestFinished(() => release());
}

const offsets = ({ fake }: World) =>
  fake.calls('getUpdates').map(({ fields }) => Number(fields.offset ?? 0));

describe('polling', () => {
  test.each([
    [401, 'Unauthorized'],
    [409, 'Conflict: terminated by other getUpdates request'],
  ])('ends for good after %i', async (code, description) => {
    const { fake, telegram, fatal } = await setUp();
    fake.script('getUpdates', { code, description });
    await telegram.start();
    await fake.waitFor(() => fatal.length > 0);
    expect(fatal).toMatchObject([
      { code: 'bad-config', status: code, subject: 'TELEGRAM_BOT_TOKEN' },
    ]);
    expect(fake.calls('getUpdates')).toHaveLength(1);
  });

  test('goes on after anything else within 5 s, without losing an update', async () => {
    const { fake, telegram, heard, fatal, reached } = await setUp();
    fake.script('getUpdates', { status: 502, html: '<html>' }, 'reset', 'reset-after');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await telegram.start();
    fake.person().says('a fox');
    for (const polls of [1, 2, 3, 4]) {
      const passedMs = await passTime(() => fake.calls('getUpdates').length >= polls);
      expect(passedMs).toBeLessThanOrEqual(5000);
    }
    await fake.waitFor(() => heard.length === 1);
    expect(fatal).toEqual([]);
    // Told at each change, not at each poll.
    expect(reached).toEqual([false, true]);
  });

  test('confirms what was heard, and asks anew at once', async () => {
    const { fake, heard } = await started();
    const ada = fake.person();
    ada.says('a fox');
    await fake.waitFor(() => heard.length === 1);
    ada.says('a cat');
    await fake.waitFor(() => heard.length === 2);
    await fake.waitFor(() => fake.calls('getUpdates').at(-1)?.fields.offset === 700_003);
    expect(heard.map(({ id }) => id)).toEqual(['telegram:700001', 'telegram:700002']);
    expect(fake.calls('getUpdates')).toHaveLength(3);
  });
});

describe('an update that was not heard to the end', () => {
  test('comes again after a crash, whatever came after it', async () => {
    const first = await started();
    const { fake } = first;
    sticksAt('a fox', first);
    fake.person().says('a fox');
    await fake.waitFor(() => first.heard.length === 1);
    fake.person({ id: 2002 }).says('a cat');
    await fake.waitFor(() => first.heard.length === 2);
    expect(Math.max(...offsets(first))).toBe(700_001);
    // As after a crash: the first is never stopped, and its poll ends when another begins.
    const second = await started({ fake });
    await fake.waitFor(() => second.heard.length === 2);
    expect(second.heard.map(({ words }) => words)).toEqual(['a fox', 'a cat']);
  });

  test('is handed on once while it is given again and again', async () => {
    const world = await started();
    sticksAt('a fox', world);
    world.fake.person().says('a fox');
    await world.fake.waitFor(() => world.fake.calls('getUpdates').length >= 4);
    expect(world.heard).toHaveLength(1);
    const given = world.fake
      .calls('getUpdates')
      .slice(1, 3)
      .map(({ answer }) => answer?.result);
    expect(given).toMatchObject([[{ update_id: 700_001 }], [{ update_id: 700_001 }]]);
  });

  test('lets others wait for a quarter of a second at most', async () => {
    const world = await started();
    const { fake, heard } = world;
    sticksAt('a fox', world);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    fake.person().says('a fox');
    await fake.waitFor(() => heard.length === 1);
    for (const id of [2002, 3003, 4004]) {
      fake.person({ id }).says('hello');
      const count = heard.length + 1;
      expect(await passTime(() => heard.length === count)).toBeLessThanOrEqual(400);
    }
  });

  test('is given up after 15 s, or it would hold up all others', async () => {
    const world = await started();
    sticksAt('a fox', world);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    world.fake.person().says('a fox');
    const passedMs = await passTime(() => offsets(world).at(-1) === 700_002);
    expect(passedMs).toBeGreaterThanOrEqual(14_000);
    expect(passedMs).toBeLessThanOrEqual(17_000);
  });

  test('may be part of an album that waits for more', async () => {
    const first = await started();
    const { fake } = first;
    await fake.person().sendsAlbum([await createPng(), await createPng()], { caption: 'x' });
    await fake.waitFor(() => fake.calls('getUpdates').length >= 3);
    expect(first.heard).toEqual([]);
    const second = await started({ fake });
    await fake.waitFor(() => second.heard.length === 1);
    expect(second.heard[0]?.attachments).toHaveLength(2);
  });
});

describe('stopping', () => {
  test('confirms what was heard', async () => {
    const { fake, telegram, heard } = await started();
    fake.person().says('a fox');
    await fake.waitFor(() => heard.length === 1);
    await telegram.stop();
    expect(fake.calls('getUpdates').at(-1)?.fields).toMatchObject({ offset: 700_002 });
  });

  test('ends a poll that hangs, and takes nothing more', async () => {
    const world = await started();
    await world.fake.waitFor(() => world.fake.calls('getUpdates').length === 1);
    await world.telegram.stop();
    world.fake.person().says('a fox');
    expect(world.heard).toEqual([]);
    expect(world.fake.calls('getUpdates')).toHaveLength(1);
  });

  test('waits a second at most for what is not heard, and leaves it to the next start', async () => {
    const world = await started();
    sticksAt('a fox', world);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    world.fake.person().says('a fox');
    await world.fake.waitFor(() => world.heard.length === 1);
    let isStopped = false;
    world.telegram.stop().then(() => {
      isStopped = true;
    });
    expect(await passTime(() => isStopped)).toBeLessThanOrEqual(1300);
    expect(Math.max(...offsets(world))).toBe(700_001);
  });
});
