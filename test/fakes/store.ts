import type { Store } from '../../src/core/store/store.ts';

/** A store in memory; rows are JSON text, so that nothing is shared with those who set them. */
export function createFakeStore(): Store {
  const tables = new Map<string, Map<string, { text: string; until: number }>>();
  return {
    table<Row>(name: string, { ttlMs = Number.POSITIVE_INFINITY }: { ttlMs?: number } = {}) {
      const rows = tables.get(name) ?? new Map<string, { text: string; until: number }>();
      tables.set(name, rows);
      const read = (key: string): Row | undefined => {
        const row = rows.get(key);
        return row === undefined || row.until <= Date.now() ? undefined : JSON.parse(row.text);
      };
      return {
        get: async (key) => read(key),
        async set(key, row) {
          rows.set(key, { text: JSON.stringify(row), until: Date.now() + ttlMs });
        },
        delete: async (key) => rows.delete(key),
        async *entries() {
          for (const key of [...rows.keys()]) {
            const row = read(key);
            if (row !== undefined) yield [key, row];
          }
        },
      };
    },
    scrub: async () => {},
    close: async () => {},
  };
}
