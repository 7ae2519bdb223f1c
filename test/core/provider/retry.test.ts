import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EaselError, ERROR_CODES, type ErrorCode } from '../../../src/core/errors.ts';
import { keyRest, mayFailOver, retryDelay } from '../../../src/core/provider/retry.ts';

const refusal = (code: ErrorCode, retryAfterMs?: number) =>
  new EaselError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
const paid = (code: ErrorCode) => new EaselError(code, { billed: 'maybe' });
const noChance = () => 0;

describe('the payment rule', () => {
  it.each(ERROR_CODES)('nothing follows a %s that may have been billed', (code) => {
    expect(retryDelay(paid(code), 0)).toBeUndefined();
    expect(mayFailOver(paid(code))).toBe(false);
    expect(keyRest(paid(code))).toBeUndefined();
  });

  it('few errors are tried again', () => {
    const retried = ERROR_CODES.filter((code) => retryDelay(refusal(code), 0) !== undefined);
    expect(retried).toEqual(['rate-limited', 'overloaded', 'unreachable']);
  });

  it('only what another gateway may do better is handed on', () => {
    expect(ERROR_CODES.filter((code) => mayFailOver(refusal(code)))).toEqual([
      'auth',
      'quota',
      'rate-limited',
      'no-model',
      'overloaded',
      'bad-config',
      'redirected',
      'unreachable',
    ]);
  });
});

describe('retryDelay', () => {
  it.each<[ErrorCode, number | undefined, (number | undefined)[]]>([
    ['unreachable', undefined, [500, 1_000, undefined]],
    ['overloaded', undefined, [2_000, 4_000, undefined]],
    ['overloaded', 7_000, [7_000, 7_000, undefined]],
    ['rate-limited', undefined, [3_000, undefined]],
    ['rate-limited', 2_000, [2_000, undefined]],
    ['rate-limited', 30_000, [30_000, undefined]],
    ['rate-limited', 30_001, [undefined]],
    ['rate-limited', 1e15, [undefined]],
    ['rate-limited', Number.POSITIVE_INFINITY, [undefined]],
    ['rate-limited', 0, [250, undefined]],
  ])('%s, asked to wait %s: %j', (code, retryAfterMs, delays) => {
    const error = refusal(code, retryAfterMs);
    expect(delays.map((_, tries) => retryDelay(error, tries, noChance))).toEqual(delays);
  });

  it('spreads what nobody timed, and stays between its bounds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1), (chance, tries) => {
        const delay = retryDelay(refusal('unreachable'), tries, () => chance) ?? 0;
        expect(delay).toBeGreaterThanOrEqual(500 * 2 ** tries);
        expect(delay).toBeLessThanOrEqual(1_000 * 2 ** tries);
      }),
    );
  });
});

describe('keyRest', () => {
  it.each<[ErrorCode, number | undefined, number | undefined]>([
    ['auth', undefined, 600_000],
    ['quota', 5, 600_000],
    ['rate-limited', undefined, 60_000],
    ['rate-limited', 2_000, 2_000],
    ['rate-limited', 0, 1_000],
    ['rate-limited', 1e15, 600_000],
    ['overloaded', 2_000, undefined],
    ['unreachable', undefined, undefined],
  ])('%s, asked to wait %s: %s', (code, retryAfterMs, restMs) => {
    expect(keyRest(refusal(code, retryAfterMs))).toBe(restMs);
  });
});
