import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeadlines } from '../../../src/core/provider/deadlines.ts';

const LIMITS = { connectMs: 100, firstByteMs: 1_000, silenceMs: 300, totalMs: 2_000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(limits = LIMITS) {
  const controller = new AbortController();
  return { controller, ...createDeadlines(limits, controller.signal) };
}

describe('createDeadlines', () => {
  it.each([
    ['first byte', 1_000, []],
    ['silence', 1_200, [900]],
    ['silence', 1_400, [900, 1_100]],
    ['total', 2_000, Array.from({ length: 20 }, (_, at) => at * 100)],
  ])('ends by %s at %i ms, with bytes at %j', (what, endMs, bytesAt) => {
    const { signal, alive } = start();
    let now = 0;
    for (const at of bytesAt) {
      vi.advanceTimersByTime(at - now);
      now = at;
      alive();
    }
    vi.advanceTimersByTime(endMs - now - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(String(signal.reason)).toContain(`${what} limit`);
  });

  it('does not wait for a first byte beyond the total', () => {
    const { signal } = start({ ...LIMITS, totalMs: 500 });
    vi.advanceTimersByTime(500);
    expect(signal.aborted).toBe(true);
  });

  it('ends with the caller, for the caller’s reason', () => {
    const { controller, signal } = start();
    controller.abort('enough');
    expect(signal).toMatchObject({ aborted: true, reason: 'enough' });
  });

  it.each([0, 1, 5])('leaves no timer and no listener behind after %i bytes', (bytes) => {
    const { controller, signal, alive, stop } = start();
    for (let at = 0; at < bytes; at += 1) alive();
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(signal.aborted).toBe(false);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
