import { type RedisConnection, withoutCommand } from './redis-client.ts';
import type { Entry, Rows } from './storage.ts';

/** Keys that one SCAN looks at, and one MGET fetches. */
const PAGE_KEYS = 200;

/**
 * Rows as `namespace:easel:<namespace>:<key>`, over `@keyv/valkey`. What that has not, being made for Keyv 5, is done
 * here: namespaces that never see each other, absolute expiry, iteration and clearing by namespace, batches that fail.
 */
export function createRedisRows(connection: RedisConnection): Rows {
  const { valkey, client } = connection;
  const getMany = async (namespace: string, keys: string[]) => {
    if (keys.length === 0) return [];
    const names = keys.map((key) => nameOf(namespace, key));
    const values: unknown[] = await call(valkey.getMany(names));
    return values.map((value) => (typeof value === 'string' ? value : undefined));
  };
  const set = (namespace: string, { key, value, expires }: Entry): Promise<unknown> => {
    const name = nameOf(namespace, key);
    const ttlMs = expires === undefined ? undefined : expires - Date.now();
    // Redis refuses a time to live of nothing.
    const isOver = ttlMs !== undefined && ttlMs <= 0;
    return call(isOver ? valkey.delete(name) : valkey.set(name, value, ttlMs));
  };
  const deleteMany = (namespace: string, keys: string[]) =>
    Promise.all(keys.map((key) => call(valkey.delete(nameOf(namespace, key)))));
  return {
    getMany,
    async setMany(namespace, entries) {
      await Promise.all(entries.map((entry) => set(namespace, entry)));
    },
    deleteMany,
    async clear(namespace) {
      for await (const keys of scan(connection, namespace)) await deleteMany(namespace, keys);
    },
    async *iterate(namespace) {
      for await (const keys of scan(connection, namespace)) {
        const values = await getMany(namespace, keys);
        for (const [index, key] of keys.entries()) {
          const value = values[index];
          if (value !== undefined) yield [key, value];
        }
      }
    },
    close: async () => client.disconnect(),
  };
}

/** Without a colon in the namespace, no other namespace and key can read the same. */
function nameOf(namespace: string, key: string): string {
  return `${encodeURIComponent(namespace)}:${key}`;
}

/** The keys of a namespace page by page, each once: SCAN may repeat itself. */
async function* scan({ client }: RedisConnection, namespace: string): AsyncGenerator<string[]> {
  const prefix = `namespace:easel:${nameOf(namespace, '')}`;
  const pattern = `${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const page = await call(client.scan(cursor, 'MATCH', pattern, 'COUNT', PAGE_KEYS));
    const keys = new Set(page[1].map((name) => name.slice(prefix.length)));
    yield [...keys].filter((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
    cursor = page[0];
  } while (cursor !== '0');
}

async function call<Result>(command: Promise<Result>): Promise<Result> {
  try {
    return await command;
  } catch (error) {
    throw withoutCommand(error);
  }
}
