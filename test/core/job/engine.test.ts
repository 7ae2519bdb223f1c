import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createWorld, picturesOf, requestOf, STATUS_INTERVAL_MS } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('an accepted request', () => {
  it('shows one status at once, then pictures in its place', async () => {
    const { engine, seen, paintings, texts } = createWorld();
    await engine.submit(requestOf('fake:ada', { options: { aspectRatio: '1:1', count: 2 } }));
    expect(texts()).toEqual(['🎨 On it…']);
    await settle();
    expect(paintings[0]?.wish).toEqual({
      prompt: 'a fox in snow',
      inputs: [],
      options: { aspectRatio: '1:1', count: 2 },
    });
    paintings[0]?.finish({ pictures: picturesOf(2), text: 'A fox.' });
    await settle();
    expect(seen.messages).toMatchObject([{ text: 'A fox.', pictures: ['hash-0', 'hash-1'] }]);
  });

  it('stands before anything is loaded or paid', async () => {
    const shown = Promise.withResolvers<void>();
    const load = vi.fn(async () => new Uint8Array(1));
    const world = createWorld({
      platform: {
        load,
        showStatus: async (target) => {
          await shown.promise;
          return target;
        },
      },
    });
    const attachments = [{ platform: 'fake', id: '1' }];
    const submitted = world.engine.submit(requestOf('fake:ada', { attachments }));
    await settle();
    expect([load.mock.calls.length, world.paintings.length]).toEqual([0, 0]);
    shown.resolve();
    await submitted;
    await settle();
    expect([load.mock.calls.length, world.paintings.length]).toEqual([1, 1]);
  });

  it('brings its attachments in their order', async () => {
    const { engine, seen, paintings } = createWorld();
    const bytes = [1, 2, 3].map((value) => new Uint8Array(4).fill(value));
    const attachments = bytes.map((content) => seen.putFile(content));
    await engine.submit(requestOf('fake:ada', { attachments }));
    await settle();
    const hashes = paintings[0]?.wish.inputs.map(({ hash }) => hash);
    expect(hashes).toEqual(['input-1', 'input-2', 'input-3']);
  });

  it('shows the headline and the seconds', async () => {
    const { engine, paintings, texts } = createWorld();
    await engine.submit(requestOf());
    await settle();
    paintings[0]?.options.onEvent?.({ type: 'thought', text: '**Drawing**\n' });
    await vi.advanceTimersByTimeAsync(14 * STATUS_INTERVAL_MS);
    expect(texts()).toEqual(['🎨 Drawing · 14 s']);
    paintings[0]?.options.onWait?.(2_600);
    await vi.advanceTimersByTimeAsync(STATUS_INTERVAL_MS);
    expect(texts()).toEqual(['⏳ The gateway is busy. I will try again in 2 s.']);
  });

  it('is posted once, though the update comes twice', async () => {
    const { engine, seen, paintings } = createWorld();
    const request = requestOf();
    await Promise.all([engine.submit(request), engine.submit(request)]);
    await settle();
    expect([paintings.length, seen.messages.length]).toEqual([1, 1]);
    paintings[0]?.finish();
    await settle();
    await engine.submit(request);
    await settle();
    expect([paintings.length, seen.messages.length]).toEqual([1, 1]);
  });

  it('delivers as many pictures as the platform takes', async () => {
    const limits = { pictures: 2, statusIntervalMs: 1_000 };
    const { engine, seen, paintings } = createWorld({ platform: { limits } });
    await engine.submit(requestOf('fake:ada', { options: { count: 3 } }));
    await settle();
    paintings[0]?.finish({ pictures: picturesOf(3) });
    await settle();
    expect(seen.messages).toMatchObject([
      { text: '2 of 3 pictures came back.', pictures: ['hash-0', 'hash-1'] },
    ]);
  });

  it('is nothing on a platform that is not connected', async () => {
    const { engine, paintings } = createWorld();
    await engine.submit(requestOf('fake:ada', { target: { platform: 'other' } }));
    await settle();
    expect(paintings).toEqual([]);
  });
});

describe('the line', () => {
  it('is told honestly, and moves', async () => {
    const { engine, paintings, texts } = createWorld({ concurrency: 1 });
    for (const name of ['ada', 'bob', 'cyd']) await engine.submit(requestOf(`fake:${name}`));
    expect(texts()).toEqual([
      '🎨 On it…',
      '🎨 Queued, 1 ahead of you',
      '🎨 Queued, 2 ahead of you',
    ]);
    paintings[0]?.finish();
    await vi.advanceTimersByTimeAsync(STATUS_INTERVAL_MS);
    expect(texts()).toEqual(['🎨 Painting · 1 s', '🎨 Queued, 1 ahead of you', '']);
  });

  it('keeps one person to their own limit and order', async () => {
    const { engine, paintings } = createWorld();
    for (const prompt of ['1', '2', '3', '4']) {
      await engine.submit(requestOf('fake:ada', { prompt }));
    }
    await engine.submit(requestOf('fake:bob', { prompt: 'bob' }));
    await settle();
    const prompts = () => paintings.map(({ wish }) => wish.prompt);
    expect(prompts()).toEqual(['1', '2', 'bob']);
    paintings[1]?.finish();
    await settle();
    expect(prompts()).toEqual(['1', '2', 'bob', '3']);
  });

  it('keeps the order of asking though a status message is slow', async () => {
    const slow = Promise.withResolvers<void>();
    let count = 0;
    const { engine, paintings } = createWorld({
      userConcurrency: 1,
      platform: {
        async showStatus(target) {
          count += 1;
          if (count === 1) await slow.promise;
          return target;
        },
      },
    });
    const first = engine.submit(requestOf('fake:ada', { prompt: '1' }));
    await engine.submit(requestOf('fake:ada', { prompt: '2' }));
    await settle();
    expect(paintings).toEqual([]);
    slow.resolve();
    await first;
    await settle();
    expect(paintings.map(({ wish }) => wish.prompt)).toEqual(['1']);
  });

  it('is never filled by one person alone', async () => {
    const { engine, texts } = createWorld({ concurrency: 1, userConcurrency: 1 });
    for (let at = 0; at < 250; at += 1) await engine.submit(requestOf('fake:ada'));
    await settle();
    expect(texts().at(-1)).toContain('20');
    await engine.submit(requestOf('fake:bob'));
    expect(texts().at(-1)).toContain('🎨 Queued');
  });

  it('refuses when it is full, and takes more when it is not', async () => {
    const { engine, paintings, texts } = createWorld({ concurrency: 1 });
    for (let at = 0; at <= 200; at += 1) await engine.submit(requestOf(`fake:${at}`));
    await engine.submit(requestOf('fake:late'));
    await settle();
    const refusal =
      '⚠️ The line is full: 200 wishes are waiting already.\nPlease try again in a little while.';
    expect(texts().at(-1)).toBe(refusal);
    paintings[0]?.finish();
    await settle();
    await engine.submit(requestOf('fake:later'));
    expect(texts().at(-1)).toBe('🎨 Queued, 200 ahead of you');
  });
});

describe('a request that is refused', () => {
  it('can be tried again where that may help, and is told once', async () => {
    const { engine, seen } = createWorld({ concurrency: 1, userConcurrency: 1 });
    for (let at = 0; at < 21; at += 1) await engine.submit(requestOf('fake:ada'));
    const late = requestOf('fake:ada');
    for (let at = 0; at < 3; at += 1) await engine.submit(late);
    await settle();
    expect(seen.messages).toHaveLength(22);
    expect(seen.messages.at(-1)?.buttons).toMatchObject([{ label: '🔁 Try again' }]);
  });

  it('is told in its language', async () => {
    const { engine, texts } = createWorld({ dailyImagesPerUser: 1 });
    const person = { id: 'fake:ada', language: 'zh-CN' };
    await engine.submit(requestOf('fake:ada', { person, options: { count: 2 } }));
    await settle();
    expect(texts()[0]).toContain('1');
    expect(texts()[0]).toMatch(/[\u4e00-\u9fff]/);
  });

  it('harms nothing where the refusal cannot be posted', async () => {
    const { engine, seen, log } = createWorld({ dailyImagesPerUser: 1 });
    seen.block();
    await engine.submit(requestOf('fake:ada', { options: { count: 2 } }));
    await settle();
    expect(log.at(-1)?.message).toBe('last word not posted');
  });
});

describe('the pictures of a day', () => {
  const REFUSAL = '⚠️ Your daily limit is 2, and this would go past it.';

  it.each([
    [
      'all were delivered',
      (world: World) => world.paintings[0]?.finish({ pictures: picturesOf(2) }),
      0,
    ],
    ['fewer were delivered', (world: World) => world.paintings[0]?.finish(), 1],
    ['none was made', (world: World) => world.paintings[0]?.fail(new EaselError('blocked')), 2],
    ['it was cancelled', (world: World) => void world.engine.cancelAll('fake:ada'), 2],
  ])('are settled when %s', async (_name, end, left) => {
    const world = createWorld({ dailyImagesPerUser: 2, userConcurrency: 9 });
    await world.engine.submit(requestOf('fake:ada', { options: { count: 2 } }));
    await settle();
    await world.engine.submit(requestOf('fake:ada'));
    await settle();
    expect(world.texts().at(-1)).toContain(REFUSAL);
    end(world);
    await settle();
    for (let at = 0; at < 3; at += 1) await world.engine.submit(requestOf('fake:ada'));
    await settle();
    expect(world.paintings).toHaveLength(1 + left);
  });

  it('do not count for admins', async () => {
    const world = createWorld({ dailyImagesPerUser: 1, admins: ['fake:ada'] });
    for (let at = 0; at < 2; at += 1) await world.engine.submit(requestOf('fake:ada'));
    await settle();
    expect(world.paintings).toHaveLength(2);
  });

  it('are new at midnight UTC', async () => {
    vi.setSystemTime(Date.UTC(2026, 0, 5, 23, 59, 59));
    const world = createWorld({ dailyImagesPerUser: 1 });
    await world.engine.submit(requestOf());
    await vi.advanceTimersByTimeAsync(1_000);
    await world.engine.submit(requestOf());
    await settle();
    expect(world.paintings).toHaveLength(2);
  });
});

type World = ReturnType<typeof createWorld>;
