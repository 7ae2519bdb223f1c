import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createWatch } from '../../../src/core/watch/create-watch.ts';
import type { DayReport } from '../../../src/core/watch/report.ts';
import { createFakeStore } from '../../fakes/store.ts';
import { createLog, endOf } from './facts.ts';

const NOON = Date.UTC(2026, 2, 4, 12);
const DAY = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Counts the writes; `broken` refuses everything. */
function createDisk() {
  const disk = createFakeStore();
  const state = { writes: 0, broken: false };
  const check = () => {
    if (state.broken) throw new EaselError('internal', { subject: 'store' });
  };
  const store = {
    table(name: string, options: { ttlMs: number }) {
      const rows = disk.table<DayReport>(name, options);
      return {
        async set(day: string, row: DayReport) {
          check();
          state.writes += 1;
          await rows.set(day, row);
        },
        async *entries() {
          check();
          yield* rows.entries();
        },
      };
    },
  };
  const log = createLog();
  return { state, log, open: () => createWatch({ store, prices: {}, ...log }) };
}

it('has the present day, be it empty', async () => {
  const watch = await createDisk().open();
  expect(watch.report().days).toEqual([
    { day: '2026-03-04', platforms: {}, models: {}, outcomes: {} },
  ]);
});

it('outlives a restart, and goes on where it was', async () => {
  const disk = createDisk();
  const first = await disk.open();
  first.ended(endOf({ pictures: 2, usage: { promptTokens: 3, cost: 0.1 } }));
  first.ended(endOf({ outcome: 'failed', code: 'quota', pictures: 0 }));
  await first.close();
  const second = await disk.open();
  second.ended(endOf({ platform: 'studio', usage: { completionTokens: 4 } }));
  expect(second.report().days).toEqual([
    {
      day: '2026-03-04',
      platforms: { fake: 2, studio: 1 },
      models: { 'painter-1': { pictures: 3, promptTokens: 3, completionTokens: 4, cost: 0.1 } },
      outcomes: { delivered: 2, failed: 1 },
    },
  ]);
  // Totals and failures are of the process.
  expect(second.report().failures).toEqual([]);
  expect(second.totals().jobs).toHaveLength(1);
});

it('keeps two weeks, oldest first', async () => {
  const disk = createDisk();
  const watch = await disk.open();
  for (let day = 0; day < 20; day += 1) {
    vi.setSystemTime(NOON + day * DAY);
    watch.ended(endOf());
    await vi.advanceTimersByTimeAsync(6_000);
  }
  const names = watch.report().days.map(({ day }) => day);
  expect([names.length, names[0], names.at(-1)]).toEqual([14, '2026-03-10', '2026-03-23']);
  const restarted = await disk.open();
  expect(restarted.report().days.map(({ day }) => day)).toEqual(names);
});

it('writes once for many jobs, a while after the first, and not while nothing ends', async () => {
  const disk = createDisk();
  const watch = await disk.open();
  for (let count = 0; count < 100; count += 1) watch.ended(endOf());
  expect(disk.state.writes).toBe(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(disk.state.writes).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(disk.state.writes).toBe(1);
  const restarted = await disk.open();
  expect(restarted.report().days[0]?.outcomes).toEqual({ delivered: 100 });
});

it('writes yesterday, too, where midnight came in between', async () => {
  const disk = createDisk();
  const watch = await disk.open();
  vi.setSystemTime(NOON + DAY / 2 - 1);
  watch.ended(endOf());
  vi.setSystemTime(NOON + DAY / 2);
  watch.ended(endOf());
  await watch.close();
  const { days } = (await disk.open()).report();
  expect(days.map(({ day, outcomes }) => [day, outcomes.delivered])).toEqual([
    ['2026-03-04', 1],
    ['2026-03-05', 1],
  ]);
});

it('goes on without a store, and writes when it is back', async () => {
  const disk = createDisk();
  disk.state.broken = true;
  const watch = await disk.open();
  watch.ended(endOf());
  await vi.advanceTimersByTimeAsync(5_000);
  expect(watch.report().days[0]?.outcomes).toEqual({ delivered: 1 });
  expect(disk.log.lines).toEqual([
    'figures of the last days cannot be read',
    'figures of a day not written',
  ]);
  disk.state.broken = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(disk.state.writes).toBe(1);
});

it('ends although the store does not take it, and leaves no timer', async () => {
  const disk = createDisk();
  const watch = await disk.open();
  watch.ended(endOf());
  disk.state.broken = true;
  await watch.close();
  expect(vi.getTimerCount()).toBe(0);
});
