/** Sums by labels. */

export interface Count {
  labels: Record<string, string>;
  value: number;
}

export interface Counts {
  add(labels: Record<string, string>, value?: number): void;
  all(): Count[];
}

export function createCounts(): Counts {
  const counts = new Map<string, Count>();
  return {
    add(labels, value = 1) {
      const key = JSON.stringify(Object.values(labels));
      const before = counts.get(key)?.value ?? 0;
      counts.set(key, { labels, value: before + value });
    },
    all: () => [...counts.values()],
  };
}
