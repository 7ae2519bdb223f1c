/** Which of a provider's keys is next. */

export interface KeyRing {
  /** How many keys there are; a provider without any has the empty one. */
  readonly size: number;
  /** The next key that is not at rest; undefined when all are. */
  take(): string | undefined;
  /** The key whose rest is over first. */
  soonest(): string;
  rest(key: string, ms: number): void;
  /** When each key's rest ends (Unix ms), for those at rest; in the order of the keys. */
  rests(): (number | undefined)[];
  /** Whether another key could be taken now. */
  hasFresh(): boolean;
}

/** `now` in ms, for tests. */
export function createKeyRing(keys: string[], now: () => number = Date.now): KeyRing {
  const ring = keys.length === 0 ? [''] : keys;
  const restUntil = new Map<string, number>();
  const endOfRest = (key: string) => restUntil.get(key) ?? 0;
  const isFresh = (key: string) => endOfRest(key) <= now();
  let next = 0;
  return {
    size: ring.length,
    take() {
      for (const _ of ring) {
        const key = ring[next % ring.length] ?? '';
        next += 1;
        if (isFresh(key)) return key;
      }
      return undefined;
    },
    soonest: () => ring.reduce((best, key) => (endOfRest(key) < endOfRest(best) ? key : best)),
    rest(key, ms) {
      restUntil.set(key, now() + ms);
    },
    rests: () => ring.map((key) => (isFresh(key) ? undefined : endOfRest(key))),
    hasFresh: () => ring.some(isFresh),
  };
}
