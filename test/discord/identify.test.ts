import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPatientThrottler } from '../../src/discord/identify.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DAY_MS = 24 * 60 * 60_000;

/** How often a shard identifies in a day when it loses each session at once. */
async function countInADay(shards: number): Promise<number> {
  const throttler = createPatientThrottler({ waitForIdentify: async () => {} });
  const end = Date.now() + DAY_MS;
  let count = 0;
  const { signal } = new AbortController();
  const lose = async (shard: number) => {
    while (Date.now() < end) {
      await throttler.waitForIdentify(shard, signal);
      count += 1;
    }
  };
  for (let shard = 0; shard < shards; shard++) void lose(shard);
  await vi.advanceTimersByTimeAsync(DAY_MS);
  return count;
}

test('sessions that are lost again and again never cost the token', async () => {
  expect(await countInADay(1)).toBeLessThan(200);
  expect(await countInADay(4)).toBeLessThan(800);
});

test('the first identify waits for nothing, nor does one after a calm time', async () => {
  const throttler = createPatientThrottler({ waitForIdentify: async () => {} });
  const { signal } = new AbortController();
  for (const calmMs of [0, 31 * 60_000, 31 * 60_000]) {
    vi.setSystemTime(Date.now() + calmMs);
    await throttler.waitForIdentify(0, signal);
  }
  expect(vi.getTimerCount()).toBe(0);
});

test('a connection that closes meanwhile ends the wait', async () => {
  const throttler = createPatientThrottler({ waitForIdentify: async () => {} });
  const controller = new AbortController();
  await throttler.waitForIdentify(0, controller.signal);
  const waiting = throttler.waitForIdentify(0, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toThrow();
});
