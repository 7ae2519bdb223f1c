import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPlatformStates } from '../../../src/core/watch/platform-states.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

it('says of each platform since when it is there, or is waited for', () => {
  const states = createPlatformStates();
  states.note('first', 'connecting');
  states.note('second', 'connecting');
  vi.advanceTimersByTime(5_000);
  states.note('first', 'connecting');
  states.note('second', 'connected');
  expect(states.report()).toEqual([
    { name: 'first', state: 'connecting', since: 1_000 },
    { name: 'second', state: 'connected', since: 6_000 },
  ]);
});

it('does not mention a connection that is back within half a minute', () => {
  const states = createPlatformStates();
  const here = [{ name: 'one', state: 'connected', since: 1_000 }];
  states.note('one', 'connected');
  for (let times = 0; times < 3; times += 1) {
    states.note('one', 'connecting');
    vi.advanceTimersByTime(29_999);
    expect(states.report()).toEqual(here);
    states.note('one', 'connected');
    expect(states.report()).toEqual(here);
  }
});

it('tells one that is away for longer, since it went, and back since it came', () => {
  const states = createPlatformStates();
  states.note('one', 'connected');
  vi.advanceTimersByTime(9_000);
  states.note('one', 'connecting');
  vi.advanceTimersByTime(30_000);
  expect(states.report()).toEqual([{ name: 'one', state: 'connecting', since: 10_000 }]);
  states.note('one', 'connected');
  expect(states.report()).toEqual([{ name: 'one', state: 'connected', since: 40_000 }]);
});
