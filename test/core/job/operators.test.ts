import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createOperatorNotices } from '../../../src/core/job/operators.ts';
import type { Platform } from '../../../src/core/ports.ts';
import { createFakePlatform } from '../../fakes/platform.ts';

const HOUR = 3_600_000;
const NO_CREDIT = new EaselError('quota', { provider: 'gateway', detail: 'No credit.' });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(admins = ['fake:ada'], changes: Partial<Platform> = {}) {
  const seen = createFakePlatform();
  const platforms = new Map<string, Platform>([['fake', { ...seen, ...changes }]]);
  const onFailure = createOperatorNotices({ admins, language: 'en', platforms });
  return { seen, platforms, onFailure };
}

it('every admin is told, once in six hours', () => {
  const { seen, onFailure } = open(['fake:ada', 'fake:bob']);
  expect([onFailure(NO_CREDIT), onFailure(NO_CREDIT)]).toEqual([true, true]);
  expect(seen.notices.map(({ personId }) => personId)).toEqual(['fake:ada', 'fake:bob']);
  expect(seen.notices[0]?.text).toBe(
    '🔧 gateway: The gateway is out of credit. It says: “No credit.” Only you can fix this (GATEWAY_API_KEY).',
  );
  vi.advanceTimersByTime(6 * HOUR - 1);
  onFailure(NO_CREDIT);
  expect(seen.notices).toHaveLength(2);
  vi.advanceTimersByTime(1);
  onFailure(NO_CREDIT);
  expect(seen.notices).toHaveLength(4);
});

it('another trouble, or the same at another gateway, is told too', () => {
  const { seen, onFailure } = open();
  onFailure(NO_CREDIT);
  onFailure(new EaselError('auth', { provider: 'gateway' }));
  onFailure(new EaselError('quota', { provider: 'other' }));
  expect(seen.notices).toHaveLength(3);
});

it('what heals by itself is not told', () => {
  const { seen, onFailure } = open();
  expect(onFailure(new EaselError('overloaded', { provider: 'gateway' }))).toBe(false);
  expect(seen.notices).toEqual([]);
});

it('nobody is said to be told where no platform is connected, until one is', () => {
  const { seen, platforms, onFailure } = open(['other:ada']);
  expect(onFailure(NO_CREDIT)).toBe(false);
  platforms.set('other', seen);
  expect(onFailure(NO_CREDIT)).toBe(true);
  expect(seen.notices).toHaveLength(1);
});

it.each([
  ['rejects', () => Promise.reject(new Error('no'))],
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
])('a platform that %s harms nothing', async (_name, notify) => {
  const { onFailure } = open(['fake:ada'], { notify });
  expect(onFailure(NO_CREDIT)).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
});
