import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyRing } from '../../../src/core/provider/keys.ts';

describe('createKeyRing', () => {
  it('goes round', () => {
    const ring = createKeyRing(['a', 'b', 'c']);
    expect([1, 2, 3, 4].map(() => ring.take())).toEqual(['a', 'b', 'c', 'a']);
  });

  it('has the empty key where there is none', () => {
    const ring = createKeyRing([]);
    expect([ring.size, ring.take(), ring.take(), ring.soonest()]).toEqual([1, '', '', '']);
  });

  it('leaves a resting key out until its rest is over', () => {
    let now = 1_000;
    const ring = createKeyRing(['a', 'b'], () => now);
    ring.rest('a', 500);
    expect([ring.take(), ring.take()]).toEqual(['b', 'b']);
    now += 499;
    expect(ring.take()).toBe('b');
    now += 1;
    expect([ring.take(), ring.take()]).toEqual(['a', 'b']);
  });

  it('knows when all rest, and which wakes first', () => {
    let now = 0;
    const ring = createKeyRing(['a', 'b', 'c'], () => now);
    for (const [key, ms] of [
      ['a', 300],
      ['b', 100],
      ['c', 200],
    ] as const)
      ring.rest(key, ms);
    expect([ring.take(), ring.hasFresh(), ring.soonest()]).toEqual([undefined, false, 'b']);
    now = 100;
    expect([ring.take(), ring.hasFresh()]).toEqual(['b', true]);
  });

  it('never takes a resting key, and always a fresh one', () => {
    const rests = fc.array(fc.tuple(fc.nat(3), fc.nat(50)), { maxLength: 20 });
    fc.assert(
      fc.property(rests, fc.nat(60), (steps, now) => {
        const keys = ['a', 'b', 'c', 'd'];
        const until = new Map<string, number>();
        let time = 0;
        const ring = createKeyRing(keys, () => time);
        for (const [at, ms] of steps) {
          const key = keys[at] ?? 'a';
          ring.rest(key, ms);
          until.set(key, ms);
        }
        time = now;
        const fresh = keys.filter((key) => (until.get(key) ?? 0) <= now);
        const taken = new Set(keys.map(() => ring.take()));
        expect(taken).toEqual(new Set(fresh.length === 0 ? [undefined] : fresh));
      }),
    );
  });
});
