import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createWorld, picturesOf, requestOf } from './world.ts';

type World = ReturnType<typeof createWorld>;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const FREE = 'Cancelled.';
const MAYBE = 'Cancelled. The gateway already had the request, so it may have been charged.';
const FREE_INTERRUPTION =
  '⚠️ I had to stop for a restart before your picture was done.\n' +
  'Nothing was charged for this request. Please try again.';
const PAID_INTERRUPTION =
  '⚠️ I had to stop for a restart before your picture was done.\n' +
  'It may have been charged, so I did not send it again. You can order a new one.';

/** The job that the last cancel button belongs to. */
const lastJob = ({ seen }: World) => {
  const buttons = seen.messages.flatMap(({ buttons }) => buttons);
  return buttons.findLast(({ id }) => id.startsWith('x:'))?.id.slice(2) ?? '';
};

/** A file that never comes. */
function loadForever(_: unknown, { signal }: { signal: AbortSignal }): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}

describe('cancel', () => {
  it('while queued: at once, free, and others move up', async () => {
    const world = createWorld({ concurrency: 1 });
    for (const name of ['ada', 'bob', 'cyd']) await world.engine.submit(requestOf(`fake:${name}`));
    expect(world.engine.cancelAll('fake:bob')).toBe(1);
    await settle();
    expect(world.texts()).toEqual(['🎨 On it…', FREE, '🎨 Queued, 2 ahead of you']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(world.texts()[2]).toBe('🎨 Queued, 1 ahead of you');
    world.paintings[0]?.finish();
    await settle();
    expect(world.paintings).toHaveLength(2);
  });

  it('while its status message is on its way', async () => {
    const shown = Promise.withResolvers<void>();
    const world: World = createWorld({
      platform: {
        showStatus: async (target, status) => {
          await shown.promise;
          return world.seen.showStatus(target, status);
        },
      },
    });
    const submitted = world.engine.submit(requestOf());
    await settle();
    world.engine.cancelAll('fake:ada');
    shown.resolve();
    await submitted;
    await settle();
    expect(world.texts()).toEqual([FREE]);
    expect(world.paintings).toEqual([]);
  });

  it('while downloading: free', async () => {
    const world = createWorld({ platform: { load: loadForever } });
    const attachments = [{ platform: 'fake', id: '1' }];
    await world.engine.submit(requestOf('fake:ada', { attachments }));
    await settle();
    expect(world.engine.cancel(lastJob(world), 'fake:ada')).toBe('cancelled');
    await settle();
    expect(world.texts()).toEqual([FREE]);
    expect(world.paintings).toEqual([]);
  });

  it('while painting: perhaps paid', async () => {
    const world = createWorld();
    await world.engine.submit(requestOf());
    await settle();
    expect(world.engine.cancel(lastJob(world), 'fake:ada')).toBe('cancelled');
    await settle();
    expect(world.texts()).toEqual([MAYBE]);
    expect(world.seen.messages[0]?.buttons).toEqual([]);
  });

  it('in the very moment in which the pictures come: cancelled, as was said', async () => {
    const world = createWorld();
    await world.engine.submit(requestOf());
    await settle();
    world.paintings[0]?.finish();
    expect(world.engine.cancelAll('fake:ada')).toBe(1);
    await settle();
    expect(world.texts()).toEqual([MAYBE]);
  });

  it('while delivering: too late', async () => {
    const sent = Promise.withResolvers<void>();
    const world: World = createWorld({
      platform: {
        deliver: async (target, delivery) => {
          await sent.promise;
          return world.seen.deliver(target, delivery);
        },
      },
    });
    await world.engine.submit(requestOf());
    await settle();
    const job = lastJob(world);
    world.paintings[0]?.finish();
    await settle();
    expect(world.engine.cancel(job, 'fake:ada')).toBe('nothing');
    expect(world.engine.cancelAll('fake:ada')).toBe(0);
    sent.resolve();
    await settle();
    expect(world.seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
  });

  it('is for the owner only, and for jobs that there are', async () => {
    const world = createWorld();
    await world.engine.submit(requestOf('fake:ada'));
    await settle();
    const job = lastJob(world);
    expect(world.engine.cancel(job, 'fake:bob')).toBe('not-yours');
    expect(world.engine.cancelAll('fake:bob')).toBe(0);
    expect(world.engine.cancel(`${job}0`, 'fake:ada')).toBe('nothing');
    expect(world.paintings[0]?.options.signal.aborted).toBe(false);
    world.paintings[0]?.finish();
    await settle();
    expect(world.engine.cancel(job, 'fake:ada')).toBe('nothing');
  });

  it('stops all jobs of one person, and no other', async () => {
    const world = createWorld();
    for (let at = 0; at < 4; at += 1) await world.engine.submit(requestOf('fake:ada'));
    await world.engine.submit(requestOf('fake:bob'));
    await settle();
    expect(world.engine.cancelAll('fake:ada')).toBe(4);
    await settle();
    expect(world.texts()).toEqual([MAYBE, MAYBE, FREE, FREE, '🎨 On it…']);
  });
});

describe('close', () => {
  /** Time that passes until the engine is closed. */
  async function closing(world: World, graceMs: number) {
    const startedAt = Date.now();
    const state: { tookMs: number | undefined } = { tookMs: undefined };
    void world.engine.close(graceMs).then(() => {
      state.tookMs = Date.now() - startedAt;
    });
    await settle();
    return state;
  }

  it('is at once when idle, and leaves no timer', async () => {
    const world = createWorld();
    expect(await closing(world, 25_000)).toEqual({ tookMs: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets what runs end, and interrupts what waits', async () => {
    const world = createWorld({ userConcurrency: 1 });
    for (let at = 0; at < 3; at += 1) await world.engine.submit(requestOf());
    await settle();
    const state = await closing(world, 25_000);
    expect(world.texts()).toEqual(['🎨 On it…', FREE_INTERRUPTION, FREE_INTERRUPTION]);
    await vi.advanceTimersByTimeAsync(20_000);
    world.paintings[0]?.finish();
    await settle();
    expect(world.seen.messages).toMatchObject([
      { text: FREE_INTERRUPTION },
      { text: FREE_INTERRUPTION },
      { pictures: ['hash-0'] },
    ]);
    expect(state).toEqual({ tookMs: 20_000 });
    expect([world.paintings.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('interrupts what runs when the grace is over', async () => {
    const world = createWorld();
    await world.engine.submit(requestOf('fake:ada'));
    await world.engine.submit(requestOf('fake:bob'));
    await settle();
    const state = await closing(world, 10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(world.texts()).toEqual([PAID_INTERRUPTION, PAID_INTERRUPTION]);
    expect(state).toEqual({ tookMs: 10_000 });
  });

  it('does not wait for ever, whatever hangs', async () => {
    const world = createWorld({ platform: { close: () => new Promise(() => {}) } });
    await world.engine.submit(requestOf());
    await settle();
    const state = await closing(world, 10_000);
    await vi.advanceTimersByTimeAsync(13_999);
    expect(state.tookMs).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state).toEqual({ tookMs: 14_000 });
    expect(world.log.at(-1)).toMatchObject({ level: 'error', fields: { jobs: 1 } });
  });

  it('takes no more requests, and says so', async () => {
    const world = createWorld();
    await closing(world, 25_000);
    await world.engine.submit(requestOf());
    expect(world.texts()).toEqual([FREE_INTERRUPTION]);
    expect(world.paintings).toEqual([]);
  });

  it('tells a cancelled job that it is cancelled', async () => {
    const world = createWorld({ concurrency: 1 });
    for (let at = 0; at < 2; at += 1) await world.engine.submit(requestOf());
    await settle();
    world.engine.cancelAll('fake:ada');
    await closing(world, 0);
    expect(world.texts()).toEqual([MAYBE, FREE]);
  });

  /** Being stored when the grace ends, and whole in spite of it. */
  const generator = {
    async generate() {
      await new Promise((resolve) => setTimeout(resolve, 10_050));
      const origin = { provider: 'gateway', model: 'model', dialect: 'gemini' as const };
      const rest = { text: '', sources: [], usage: undefined, truncated: false };
      return { pictures: picturesOf(1), ...rest, ...origin };
    },
    describe: () => Promise.reject(new Error('not asked for')),
  };

  it.each([
    ['are delivered', {}, { pictures: ['hash-0'] }],
    [
      'are not called interrupted where they cannot be posted',
      { deliver: () => Promise.reject(new EaselError('undeliverable')) },
      { text: expect.stringContaining('I could not post it here') },
    ],
  ])('pictures that come as the grace ends %s', async (_name, platform, message) => {
    const world = createWorld({ generator, platform });
    await world.engine.submit(requestOf());
    const state = await closing(world, 10_000);
    await vi.advanceTimersByTimeAsync(10_050);
    expect(world.seen.messages).toMatchObject([message]);
    expect(state).toEqual({ tookMs: 10_050 });
  });

  it('keeps a failure of its own apart from the interruption', async () => {
    const world = createWorld();
    await world.engine.submit(requestOf());
    await settle();
    void closing(world, 10_000);
    world.paintings[0]?.fail(new EaselError('no-image', { billed: 'maybe' }));
    await settle();
    expect(world.texts()[0]).toContain('The model made no picture this time.');
  });
});
