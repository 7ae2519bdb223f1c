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

it('every admin is told, once in six hours', async () => {
  const { seen, onFailure } = open(['fake:ada', 'fake:bob']);
  expect([await onFailure(NO_CREDIT), await onFailure(NO_CREDIT)]).toEqual([true, true]);
  expect(seen.notices.map(({ personId }) => personId)).toEqual(['fake:ada', 'fake:bob']);
  expect(seen.notices[0]?.text).toBe(
    '🔧 gateway: The gateway is out of credit. It says: “No credit.”\nOnly you can fix this (GATEWAY_API_KEY).',
  );
  vi.advanceTimersByTime(6 * HOUR - 1);
  await onFailure(NO_CREDIT);
  expect(seen.notices).toHaveLength(2);
  vi.advanceTimersByTime(1);
  await onFailure(NO_CREDIT);
  expect(seen.notices).toHaveLength(4);
});

it('another trouble, or the same at another gateway, is told too', async () => {
  const { seen, onFailure } = open();
  await onFailure(NO_CREDIT);
  await onFailure(new EaselError('auth', { provider: 'gateway' }));
  await onFailure(new EaselError('quota', { provider: 'other' }));
  expect(seen.notices).toHaveLength(3);
});

it('what heals by itself is not told', async () => {
  const { seen, onFailure } = open();
  expect(await onFailure(new EaselError('overloaded', { provider: 'gateway' }))).toBe(false);
  expect(seen.notices).toEqual([]);
});

it('nobody is said to be told where no platform is connected, until one is', async () => {
  const { seen, platforms, onFailure } = open(['other:ada']);
  expect(await onFailure(NO_CREDIT)).toBe(false);
  platforms.set('other', seen);
  expect(await onFailure(NO_CREDIT)).toBe(true);
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
  expect(await onFailure(NO_CREDIT)).toBe(false);
});

it('nobody is said to be told by a notice that did not arrive, and the next failure tries again', async () => {
  const { seen, onFailure } = open();
  seen.block();
  expect(await onFailure(NO_CREDIT)).toBe(false);
  seen.unblock();
  expect(await onFailure(NO_CREDIT)).toBe(true);
  expect(seen.notices).toHaveLength(1);
});
