/** Sums by labels, which never fall: what reads them takes a fall for a restart, or refuses it. */

export interface Count {
  labels: Record<string, string>;
  value: number;
}

export interface Counts {
  /** Numbers of gateways may be anything; those below 0 count as 0. */
  add(labels: Record<string, string>, value?: number): void;
  all(): Count[];
}

export function createCounts(): Counts {
  const counts = new Map<string, Count>();
  return {
    add(labels, value = 1) {
      const key = JSON.stringify(Object.values(labels));
      const before = counts.get(key)?.value ?? 0;
      counts.set(key, { labels, value: before + Math.max(0, value) });
    },
    all: () => [...counts.values()],
  };
}
