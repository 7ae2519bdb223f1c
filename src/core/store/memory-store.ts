import { createKeyvStore } from './keyv-store.ts';
import type { Store } from './store.ts';

/** Rows that are gone with the process: for tests and the sandbox. They are kept as text, so nobody shares objects. */
export function createMemoryStore(): Store {
  const tables = new Map<string, Map<string, unknown>>();
  return createKeyvStore({
    storageOf(name) {
      const rows = tables.get(name) ?? new Map<string, unknown>();
      tables.set(name, rows);
      return rows;
    },
    scrub: async () => {},
    close: async () => {},
  });
}
