/** What whoever watches is told of jobs, and what they can do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createWorld, picturesOf, requestOf } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the end of a job', () => {
  it('tells what was delivered, who made it, and how long it took', async () => {
    const { engine, paintings, ends } = createWorld();
    await engine.submit(requestOf());
    await vi.advanceTimersByTimeAsync(7_000);
    expect(ends).toEqual([]);
    paintings[0]?.finish({ pictures: picturesOf(2), usage: { promptTokens: 9, cost: 0.1 } });
    await settle();
    expect(ends).toEqual([
      {
        platform: 'fake',
        outcome: 'delivered',
        provider: 'gateway',
        model: 'model',
        pictures: 2,
        usage: { promptTokens: 9, cost: 0.1 },
        durationMs: 7_000,
      },
    ]);
  });

  it('tells of words who said them', async () => {
    const { engine, paintings, ends } = createWorld();
    await engine.submit(requestOf('fake:ada', { kind: 'words' }));
    await settle();
    paintings[0]?.finish({ text: 'A fox.', usage: { completionTokens: 4 } });
    await settle();
    expect(ends).toMatchObject([
      { outcome: 'delivered', provider: 'gateway', model: 'model', pictures: 0 },
    ]);
    expect(ends[0]?.usage).toEqual({ completionTokens: 4 });
  });

  it.each([
    [new EaselError('quota', { provider: 'relay' }), { outcome: 'failed', provider: 'relay' }],
    [new EaselError('timeout', { billed: 'maybe' }), { outcome: 'unknown' }],
    [new Error('a fox'), { outcome: 'failed', code: 'internal' }],
  ])('tells why there is no picture: %s', async (error, fact) => {
    const { engine, paintings, ends } = createWorld();
    await engine.submit(requestOf());
    await settle();
    paintings[0]?.fail(error);
    await settle();
    const code = error instanceof EaselError ? error.code : 'internal';
    expect(ends).toMatchObject([{ platform: 'fake', code, pictures: 0, ...fact }]);
    expect(ends[0]).not.toHaveProperty('model');
  });

  it('tells of those that were cancelled, refused and interrupted', async () => {
    const { engine, ends } = createWorld({ dailyImagesPerUser: 1 });
    await engine.submit(requestOf());
    await engine.submit(requestOf());
    await settle();
    engine.cancelAll('fake:ada');
    await settle();
    await engine.submit(requestOf('fake:bob'));
    await settle();
    const closing = engine.close(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    await closing;
    expect(ends.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['failed', 'daily-limit'],
      ['cancelled', 'cancelled'],
      ['interrupted', 'cancelled'],
    ]);
  });

  it('tells once of a job that another process delivers', async () => {
    const first = createWorld();
    first.seen.block('delivery-failed');
    await first.engine.submit(requestOf());
    await settle();
    first.paintings[0]?.finish();
    await settle();
    const closing = first.engine.close(0);
    await vi.advanceTimersByTimeAsync(5_000);
    await closing;
    expect(first.ends).toEqual([]);
    const second = createWorld({ disk: first.disk });
    await settle();
    expect(second.ends).toMatchObject([{ outcome: 'delivered', model: 'model', pictures: 1 }]);
  });

  it('calls a job whose person has gone cancelled', async () => {
    const { engine, paintings, ends, seen } = createWorld();
    seen.block('delivery-failed');
    await engine.submit(requestOf());
    await settle();
    paintings[0]?.finish();
    await settle();
    await engine.forget('fake:ada');
    expect(ends).toMatchObject([{ outcome: 'cancelled', pictures: 0 }]);
  });

  it('holds no person and no prompt', async () => {
    const { engine, paintings, ends } = createWorld();
    const request = requestOf('fake:canary', { chat: 'fake:canary', prompt: 'a canary' });
    await engine.submit(request);
    await settle();
    expect(JSON.stringify(engine.list())).not.toContain('canary');
    paintings[0]?.finish({ text: 'canary words' });
    await settle();
    expect(ends).toHaveLength(1);
    expect(JSON.stringify(ends)).not.toContain('canary');
  });

  it('comes to its person although the watch throws', async () => {
    const watch = {
      tried: () => {},
      ended: () => {
        throw new Error('no figures today');
      },
    };
    const { engine, paintings, seen, disk, log } = createWorld({ watch });
    await engine.submit(requestOf());
    await settle();
    paintings[0]?.finish();
    await settle();
    expect(seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
    expect([disk.rows('jobs'), disk.rows('jobs-ended').length]).toEqual([[], 1]);
    expect(log.map(({ message }) => message)).toContain('a figure was not taken');
  });
});

describe('the jobs that have not ended', () => {
  it('are listed, oldest first, by where they are', async () => {
    const { engine, paintings, seen } = createWorld({ concurrency: 1 });
    const begunAt = Date.now();
    for (const kind of ['picture', 'words', 'picture'] as const) {
      await engine.submit(requestOf('fake:ada', { kind }));
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(engine.list()).toMatchObject([
      { platform: 'fake', phase: 'painting', kind: 'picture', acceptedAt: begunAt },
      { phase: 'waiting', kind: 'words', acceptedAt: begunAt + 10 },
      { phase: 'waiting', kind: 'picture', acceptedAt: begunAt + 20 },
    ]);
    seen.block('delivery-failed');
    paintings[0]?.finish();
    await settle();
    expect(engine.list().map(({ phase }) => phase)).toEqual(['ending', 'painting', 'waiting']);
  });

  it('can be stopped by their id alone, which their person is told', async () => {
    const { engine, texts, paintings } = createWorld({ concurrency: 1 });
    await engine.submit(requestOf('fake:ada'));
    await engine.submit(requestOf('fake:bob'));
    await settle();
    const [, waiting] = engine.list();
    expect(engine.stop(waiting?.id ?? '')).toBe(true);
    await settle();
    expect(texts()).toEqual(['🎨 On it…', 'Cancelled.']);
    expect(engine.stop(waiting?.id ?? '')).toBe(false);
    expect(engine.stop('nothing')).toBe(false);
    expect(paintings[0]?.options.signal.aborted).toBe(false);
  });
});
