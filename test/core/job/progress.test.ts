import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, headlineOf } from '../../../src/core/job/progress.ts';
import { createFakePlatform } from '../../fakes/platform.ts';

const INTERVAL_MS = 3_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A platform that takes `editMs` for each edit, and notes when each one began and ended. */
function open({ editMs = 100, failsFrom = Number.POSITIVE_INFINITY } = {}) {
  const seen = createFakePlatform();
  const shown: { text: string; atMs: number; buttons: unknown }[] = [];
  const state = { inFlight: 0, mostInFlight: 0 };
  const startedAt = Date.now();
  const platform: typeof seen = {
    ...seen,
    limits: { pictures: 10, statusIntervalMs: INTERVAL_MS },
    async showStatus(target, message) {
      shown.push({ text: message.text, atMs: Date.now() - startedAt, buttons: message.buttons });
      state.inFlight += 1;
      state.mostInFlight = Math.max(state.mostInFlight, state.inFlight);
      await new Promise((resolve) => setTimeout(resolve, editMs));
      state.inFlight -= 1;
      if (shown.length > failsFrom) throw new Error('no');
      return { ...target, statusId: 1 };
    },
  };
  const progress = createProgress(
    { platform: 'fake' },
    { platform, language: 'en', jobId: 'job-1' },
  );
  return { progress, shown, state, texts: () => shown.map(({ text }) => text) };
}

async function begin(world: ReturnType<typeof open>, ahead: () => number = () => 0) {
  const begun = world.progress.begin(ahead);
  await vi.advanceTimersByTimeAsync(100);
  await begun;
}

const thought = (text: string) => ({ type: 'thought' as const, text });

describe('the status message', () => {
  it('is born with a button', async () => {
    const world = open();
    await begin(world);
    expect(world.shown).toEqual([
      { text: '🎨 On it…', atMs: 0, buttons: [[{ label: '✖ Cancel', id: 'x:job-1' }]] },
    ]);
    expect(await world.progress.stop()).toEqual({ platform: 'fake', statusId: 1 });
  });

  it('follows the line as it moves, and is left alone where it does not', async () => {
    const world = open();
    let ahead = 3;
    await begin(world, () => ahead);
    await vi.advanceTimersByTimeAsync(2 * INTERVAL_MS);
    ahead = 1;
    await vi.advanceTimersByTimeAsync(2 * INTERVAL_MS);
    expect(world.texts()).toEqual(['🎨 Queued, 3 ahead of you', '🎨 Queued, 1 ahead of you']);
  });

  it('counts true seconds from the turn, with the latest headline', async () => {
    const world = open();
    await begin(world);
    await vi.advanceTimersByTimeAsync(2_000);
    world.progress.start();
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    world.progress.event(thought('**Sketching the'));
    world.progress.event(thought(' fox**\n\nI draw.\n\n**Adding '));
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    world.progress.event(thought('snow**\n\n'));
    world.progress.event({ type: 'text', text: '**Not a thought**' });
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(world.texts().slice(1)).toEqual([
      '🎨 Painting · 1 s',
      '🎨 Sketching the fox · 4 s',
      '🎨 Adding snow · 7 s',
    ]);
  });

  it('is edited at the pace of the platform, however many thoughts there are', async () => {
    const world = open();
    await begin(world);
    world.progress.start();
    for (let step = 0; step < 100; step += 1) {
      world.progress.event(thought(`**Step ${step}**\n`));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(world.shown.map(({ atMs }) => atMs)).toEqual([0, 3_100, 6_100, 9_100]);
    expect(world.texts().at(-1)).toBe('🎨 Step 89 · 9 s');
  });

  it('is never edited twice at once, and never once it is over', async () => {
    const slow = open({ editMs: 2.5 * INTERVAL_MS });
    const begun = slow.progress.begin(() => 0);
    await vi.advanceTimersByTimeAsync(2.5 * INTERVAL_MS);
    await begun;
    slow.progress.start();
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(slow.state.inFlight).toBe(1);
    await vi.advanceTimersByTimeAsync(6 * INTERVAL_MS);
    let isStopped = false;
    const stopped = slow.progress.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([isStopped, slow.state.inFlight]).toEqual([false, 1]);
    await vi.advanceTimersByTimeAsync(10 * INTERVAL_MS);
    await stopped;
    const count = slow.shown.length;
    await vi.advanceTimersByTimeAsync(10 * INTERVAL_MS);
    expect([slow.shown.length, slow.state.mostInFlight]).toEqual([count, 1]);
  });

  it('counts a wait down, then paints again', async () => {
    const world = open();
    await begin(world);
    world.progress.start();
    world.progress.waiting(7_000);
    await vi.advanceTimersByTimeAsync(4 * INTERVAL_MS);
    expect(world.texts().slice(1)).toEqual([
      '⏳ The gateway is busy. I will try again in 4 s.',
      '⏳ The gateway is busy. I will try again in 1 s.',
      '🎨 Painting · 9 s',
      '🎨 Painting · 12 s',
    ]);
  });

  it('forgets a wait when the answer begins', async () => {
    const world = open();
    await begin(world);
    world.progress.start();
    world.progress.waiting(30_000);
    world.progress.event({ type: 'image' });
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(world.texts().at(-1)).toBe('🎨 Painting · 3 s');
  });

  it('that cannot be posted is not tried again', async () => {
    const world = open({ failsFrom: 0 });
    const begun = world.progress.begin(() => 0).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(100);
    expect(await begun).toBe('no');
    world.progress.start();
    await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);
    expect(world.shown).toHaveLength(1);
    expect(await world.progress.stop()).toEqual({ platform: 'fake' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that cannot be edited harms nothing', async () => {
    const world = open({ failsFrom: 1 });
    await begin(world);
    world.progress.start();
    await vi.advanceTimersByTimeAsync(3 * INTERVAL_MS + 100);
    expect(world.shown).toHaveLength(4);
    expect(await world.progress.stop()).toEqual({ platform: 'fake', statusId: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the headline', () => {
  it.each([
    ['', undefined],
    ['I think.', undefined],
    ['**Sketching**', 'Sketching'],
    ['**One**\n\ntext\n\n**Two**\n\nmore', 'Two'],
    ['**One**\nI use **bold** words', 'One'],
    ['rest of a cut one**\n\ntext **\n\n  **Two** \n', 'Two'],
    ['**Open', undefined],
    ['** **', undefined],
    [`**${'a'.repeat(80)}**`, 'a'.repeat(80)],
    [`**${'a'.repeat(81)}**`, `${'a'.repeat(79)}…`],
    [`**${'a'.repeat(78)}🦊🦊**`, `${'a'.repeat(78)}…`],
  ])('of %.30j', (text, headline) => {
    expect(headlineOf(text)).toBe(headline);
  });
});
