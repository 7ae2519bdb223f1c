import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from '../../../src/core/store/memory-store.ts';
import { createWatch } from '../../../src/core/watch/create-watch.ts';
import type { Prices } from '../../../src/core/watch/prices.ts';
import type { EndFact } from '../../../src/core/watch/watch.ts';
import { createLog, endOf, tryOf } from './facts.ts';

const NOON = Date.UTC(2026, 2, 4, 12, 0, 30);
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

const watchWith = (prices: Prices = {}) =>
  createWatch({ store: createMemoryStore(), prices, logger: createLog().logger });

describe('a key', () => {
  it('has its tries, failures and last error; another key of the same provider has its own', async () => {
    const watch = await watchWith();
    watch.tried(tryOf());
    vi.setSystemTime(NOON + 5);
    watch.tried(tryOf({ code: 'quota' }));
    watch.tried(tryOf({ key: 1, durationMs: 10 }));
    expect(watch.key('relay', 0)).toEqual({
      tries: 2,
      failures: 1,
      latencyMs: 1_000,
      lastSuccessAt: NOON,
      lastError: { code: 'quota', at: NOON + 5 },
    });
    expect(watch.key('relay', 1)).toMatchObject({ tries: 1, failures: 0, latencyMs: 10 });
    expect(watch.key('relay', 2)).toEqual({ tries: 0, failures: 0 });
  });

  it('is not judged by what its person stopped', async () => {
    const watch = await watchWith();
    watch.tried(tryOf({ code: 'cancelled' }));
    expect(watch.key('relay', 0)).toEqual({ tries: 0, failures: 0 });
  });

  it.each([
    [[3], 3],
    [[4, 1], 2.5],
    [[9, 1, 4], 4],
    // The last 50: from 51 to 100.
    [Array.from({ length: 100 }, (_, at) => at + 1), 75.5],
  ])('has the median of its last 50 latencies: of %j it is %d', async (latencies, latencyMs) => {
    const watch = await watchWith();
    for (const durationMs of latencies) watch.tried(tryOf({ durationMs }));
    watch.tried(tryOf({ durationMs: 1_000_000, code: 'timeout' }));
    expect(watch.key('relay', 0).latencyMs).toBe(latencyMs);
  });
});

describe('the minutes', () => {
  it('are the last 60, empty ones too, and forget what is older', async () => {
    const watch = await watchWith();
    watch.ended(endOf({ pictures: 2, durationMs: 10 }));
    watch.ended(endOf({ pictures: 1, durationMs: 30 }));
    vi.setSystemTime(NOON + 2 * MINUTE);
    watch.ended(endOf({ outcome: 'failed', pictures: 0, code: 'quota' }));
    watch.ended(endOf({ outcome: 'cancelled', pictures: 0, code: 'cancelled' }));
    const { minutes } = watch.report();
    expect(minutes).toHaveLength(60);
    expect(minutes.slice(-3)).toEqual([
      { at: NOON - 30_000, pictures: 3, failures: 0, durationMs: 20 },
      { at: NOON - 30_000 + MINUTE, pictures: 0, failures: 0 },
      { at: NOON - 30_000 + 2 * MINUTE, pictures: 0, failures: 1 },
    ]);
    vi.setSystemTime(NOON + 61 * MINUTE);
    const failures = watch.report().minutes.map((minute) => minute.failures);
    expect(failures.reduce((sum, count) => sum + count)).toBe(1);
    expect(watch.report().minutes.some(({ pictures }) => pictures > 0)).toBe(false);
  });
});

describe('the failures', () => {
  it('are the last 20, latest first, without those that people cancelled', async () => {
    const watch = await watchWith();
    for (let count = 0; count < 30; count += 1) {
      vi.setSystemTime(NOON + count);
      watch.ended(endOf({ outcome: 'failed', code: 'quota', pictures: 0 }));
      watch.ended(endOf({ outcome: 'cancelled', code: 'cancelled', pictures: 0 }));
      watch.ended(endOf());
    }
    const { failures } = watch.report();
    expect(failures).toHaveLength(20);
    expect(failures[0]).toEqual({
      at: NOON + 29,
      platform: 'fake',
      outcome: 'failed',
      code: 'quota',
      provider: 'relay',
    });
    expect(failures[19]?.at).toBe(NOON + 10);
  });
});

describe('the cost', () => {
  it.each<[string, Partial<EndFact>, Prices, number | undefined]>([
    ['is unknown without a price', {}, {}, undefined],
    ['is what the gateway says', { usage: { cost: 0.5 } }, { '*': 9 }, 0.5],
    ['is nothing in the sandbox', { provider: 'sandbox', usage: { cost: 0.5 } }, { '*': 9 }, 0],
    ['is the price of the model', { pictures: 2 }, { 'painter-1': 0.1, '*': 9 }, 0.2],
    ['is the price of any other model', { pictures: 3 }, { other: 9, '*': 0.5 }, 1.5],
    ['is unknown of a model without a price', {}, { other: 9 }, undefined],
    ['is no object’s own member', { model: 'toString' }, {}, undefined],
  ])('%s', async (_name, fact, prices, cost) => {
    const watch = await watchWith(prices);
    watch.ended(endOf(fact));
    const [today] = watch.report().days;
    expect(Object.values(today?.models ?? {})[0]?.cost).toBe(cost);
    expect(watch.totals().dollars[0]?.value).toBe(cost);
  });

  it('is added up where it is known', async () => {
    const watch = await watchWith();
    for (const usage of [{ cost: 0.25 }, {}, { cost: 0.5 }]) watch.ended(endOf({ usage }));
    expect(watch.report().days[0]?.models['painter-1']).toMatchObject({ pictures: 3, cost: 0.75 });
  });
});

describe('the totals', () => {
  it('count by what tells them apart', async () => {
    const watch = await watchWith();
    watch.tried(tryOf());
    watch.tried(tryOf());
    watch.tried(tryOf({ key: 1, code: 'auth' }));
    watch.ended(endOf({ pictures: 2, usage: { promptTokens: 5, completionTokens: 7 } }));
    watch.ended(endOf({ outcome: 'failed', code: 'quota', pictures: 0 }));
    expect(watch.totals()).toMatchObject({
      jobs: [
        { labels: { platform: 'fake', outcome: 'delivered', code: 'ok' }, value: 1 },
        { labels: { platform: 'fake', outcome: 'failed', code: 'quota' }, value: 1 },
      ],
      pictures: [{ labels: { platform: 'fake', model: 'painter-1' }, value: 2 }],
      tries: [
        { labels: { provider: 'relay', key: '1', code: 'ok' }, value: 2 },
        { labels: { provider: 'relay', key: '2', code: 'auth' }, value: 1 },
      ],
      promptTokens: [{ labels: { provider: 'relay', model: 'painter-1' }, value: 5 }],
      completionTokens: [{ value: 7 }],
      dollars: [],
    });
  });

  it.each([
    [0, 0],
    [1_000, 0],
    [1_001, 1],
    [300_000, 12],
    [300_001, 13],
  ])('put a duration of %d ms into bucket %d', async (durationMs, bucket) => {
    const watch = await watchWith();
    watch.tried(tryOf({ durationMs }));
    watch.tried(tryOf({ durationMs, code: 'timeout' }));
    const { buckets = [] } = watch.totals().durations[0] ?? {};
    const filled = buckets.flatMap(({ count }, at) => (count > 0 ? [[at, count]] : []));
    expect(filled).toEqual([[bucket, 1]]);
    expect(buckets[bucket]?.sumMs).toBe(durationMs);
  });
});

it('tells a hundred models apart, and no more, whatever they are called', async () => {
  const watch = await watchWith();
  for (const model of ['__proto__', 'constructor']) watch.ended(endOf({ model }));
  for (let at = 0; at < 500; at += 1) watch.ended(endOf({ model: `model-${at}` }));
  watch.ended(endOf({ model: 'model-7' }));
  const models = watch.report().days[0]?.models ?? {};
  expect(Object.keys(models)).toHaveLength(101);
  expect([models.other?.pictures, models['model-7']?.pictures]).toEqual([402, 2]);
  expect(watch.totals().pictures).toHaveLength(101);
});
