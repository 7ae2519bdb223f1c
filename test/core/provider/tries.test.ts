import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EaselError, type EaselErrorFacts, type ErrorCode } from '../../../src/core/errors.ts';
import { createKeyRing } from '../../../src/core/provider/keys.ts';
import { abortableSleep, type TriesOptions, tryKeys } from '../../../src/core/provider/tries.ts';

type Outcome = 'picture' | [ErrorCode, EaselErrorFacts?];

/** Runs through `outcomes`, whatever the key; nothing really waits. */
async function run(outcomes: Outcome[], keys: string[], options: Partial<TriesOptions> = {}) {
  const used: string[] = [];
  let now = 0;
  const waits: number[] = [];
  const attempt = async (key: string) => {
    const outcome = outcomes[used.length] ?? 'picture';
    used.push(key);
    if (outcome === 'picture') return outcome;
    throw new EaselError(...outcome);
  };
  const result = await tryKeys(attempt, {
    // So slow that a short rest is over at once.
    keys: createKeyRing(keys, () => (now += 2_000)),
    timeoutMs: 300_000,
    hasSuccessor: false,
    signal: new AbortController().signal,
    onRefusal: () => {},
    canMend: () => false,
    wait: async (ms) => waits.push(Math.round(ms)),
    ...options,
  }).catch((error: EaselError) => error);
  const end = typeof result === 'string' ? result : `${result.code} ${result.detail ?? ''}`.trim();
  return { used: used.join(''), waits, end };
}

const retryAfter = (retryAfterMs: number) => ({ retryAfterMs });
const said = (detail: string) => ({ detail });

describe('tryKeys', () => {
  it.each<[string, Outcome[], string, object]>([
    ['the first key does', [], 'ab', { used: 'a', waits: [], end: 'picture' }],
    ['a bad key gives way', [['auth'], 'picture'], 'ab', { used: 'ab', waits: [], end: 'picture' }],
    ['each key once', [['quota'], ['auth'], ['auth']], 'abc', { used: 'abc', end: 'auth' }],
    [
      'the first telling refusal counts',
      [['auth'], ['quota', said('no credit')], ['auth', said('bad key')]],
      'abc',
      { used: 'abc', end: 'quota no credit' },
    ],
    [
      'the last key’s limit is waited for',
      [['auth'], ['rate-limited', retryAfter(5_000)], 'picture'],
      'ab',
      { used: 'abb', waits: [5_000], end: 'picture' },
    ],
    [
      'short rests do not make a circle',
      Array.from({ length: 20 }, (): Outcome => ['rate-limited', retryAfter(0)]),
      'ab',
      { used: 'aba', waits: [250], end: 'rate-limited' },
    ],
    [
      'an overloaded gateway gets two more tries',
      [
        ['overloaded', retryAfter(900)],
        ['overloaded', retryAfter(900)],
        ['overloaded', said('busy')],
      ],
      'a',
      { used: 'aaa', waits: [900, 900], end: 'overloaded busy' },
    ],
    [
      'what may be billed is the last word',
      [
        ['auth', said('bad key')],
        ['connection-lost', { billed: 'maybe' }],
      ],
      'ab',
      { used: 'ab', waits: [], end: 'connection-lost' },
    ],
    ['no other fault is tried again', [['bad-request']], 'ab', { used: 'a', end: 'bad-request' }],
  ])('%s', async (_name, outcomes, keys, expected) => {
    expect(await run(outcomes, [...keys])).toMatchObject(expected);
  });

  it('leaves a wait to a successor, but not a connection that may come back', async () => {
    const options = { hasSuccessor: true };
    expect(await run([['overloaded']], ['a'], options)).toMatchObject({ used: 'a', waits: [] });
    expect(await run([['rate-limited']], ['a', 'b'], options)).toMatchObject({ used: 'ab' });
    const lost = Array.from({ length: 9 }, (): Outcome => ['unreachable']);
    expect(await run(lost, ['a'], options)).toMatchObject({ used: 'aaa', end: 'unreachable' });
  });

  it('asks with a resting key, unless a successor is there', async () => {
    const keys = createKeyRing(['a']);
    keys.rest('a', 60_000);
    expect(await run([], ['a'], { keys })).toMatchObject({ used: 'a', end: 'picture' });
    const left = await run([], ['a'], { keys, hasSuccessor: true });
    expect(left).toEqual({ used: '', waits: [], end: 'rate-limited' });
  });

  it('does not wait beyond the time that is left', async () => {
    const busy: Outcome[] = [['overloaded', retryAfter(1_000)]];
    expect(await run(busy, ['a'], { timeoutMs: 900 })).toMatchObject({ used: 'a', waits: [] });
    expect(await run(busy, ['a'], { timeoutMs: 9_000 })).toMatchObject({ used: 'aa' });
  });

  it('is bounded, and sends nothing behind a request that may be billed', async () => {
    const codes = fc.constantFrom<ErrorCode>('auth', 'rate-limited', 'overloaded', 'unreachable');
    const facts = fc.record({
      retryAfterMs: fc.constantFrom(0, 1, 2_000, 1e15),
      billed: fc.constantFrom('no' as const, 'no' as const, 'no' as const, 'maybe' as const),
    });
    const outcomes = fc.array(fc.tuple(codes, facts), { minLength: 12, maxLength: 12 });
    const keys = fc.constantFrom('a', 'ab', 'abcd');
    await fc.assert(
      fc.asyncProperty(outcomes, keys, fc.boolean(), async (all, ring, hasSuccessor) => {
        const { used, waits } = await run(all, [...ring], { hasSuccessor });
        const billed = all.findIndex(([, { billed }]) => billed === 'maybe');
        if (billed >= 0) expect(used.length).toBeLessThanOrEqual(billed + 1);
        expect(used.length).toBeLessThanOrEqual(ring.length + 2);
        expect(waits.every((ms) => ms >= 250 && ms <= 30_000)).toBe(true);
      }),
    );
  });
});

describe('abortableSleep', () => {
  it('ends in time, and leaves no listener', async () => {
    const { signal } = new AbortController();
    await abortableSleep(1, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('rejects at once when it is cancelled', async () => {
    const controller = new AbortController();
    const sleeping = abortableSleep(60_000, controller.signal);
    controller.abort();
    await expect(sleeping).rejects.toMatchObject({ code: 'cancelled', billed: 'no' });
  });
});
