/** How long answers took, in buckets: enough for any quantile later, in little memory. */

/** Of one provider, since the start. */
export interface DurationTotal {
  provider: string;
  /** As many as `DURATION_LIMITS_MS`, and one for whatever took longer. */
  buckets: { count: number; sumMs: number }[];
}

export interface Durations {
  add(provider: string, durationMs: number): void;
  all(): DurationTotal[];
}

/** Upper ends, inclusive: pictures take seconds to minutes, and `TIMEOUT_SECONDS` is 300 by default. */
export const DURATION_LIMITS_MS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 90_000, 120_000, 180_000,
  300_000,
];

export function createDurations(): Durations {
  const totals = new Map<string, DurationTotal>();

  function totalOf(provider: string): DurationTotal {
    const empty = [...DURATION_LIMITS_MS, Number.POSITIVE_INFINITY].map(() => ({
      count: 0,
      sumMs: 0,
    }));
    const total = totals.get(provider) ?? { provider, buckets: empty };
    totals.set(provider, total);
    return total;
  }

  return {
    add(provider, durationMs) {
      const at = DURATION_LIMITS_MS.findIndex((limitMs) => durationMs <= limitMs);
      const bucket = totalOf(provider).buckets.at(at);
      if (bucket === undefined) return;
      bucket.count += 1;
      bucket.sumMs += durationMs;
    },
    all: () => [...totals.values()],
  };
}
