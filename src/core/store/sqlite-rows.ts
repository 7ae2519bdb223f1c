import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { Rows } from './storage.ts';

const ALIVE = '(expires IS NULL OR expires > ?)';

/** Rows that an iteration gives before others have their turn: about a millisecond's worth. */
const TURN_ROWS = 100;

/** Rows of a database made by `openDatabase`. One that has expired stays on disk until it is swept. */
export function createSqliteRows(database: DatabaseSync): Rows {
  const statements = prepare(database);
  return {
    getMany: async (namespace, keys) =>
      keys.map((key) => toText(statements.get.get(namespace, key, Date.now())?.value)),
    async setMany(namespace, entries) {
      atOnce(database, entries, ({ key, value, expires }) => {
        statements.set.run(namespace, key, value, expires ?? null);
      });
    },
    deleteMany: async (namespace, keys) =>
      atOnce(
        database,
        keys,
        (key) => statements.delete.run(namespace, key, Date.now()).changes > 0,
      ),
    async clear(namespace) {
      statements.clear.run(namespace);
    },
    /** Reads row by row, so that none is given that was deleted meanwhile. */
    async *iterate(namespace) {
      let last = '';
      for (let count = 1; ; count += 1) {
        const row = statements.next.get(namespace, last, Date.now());
        const [key, value] = [toText(row?.key), toText(row?.value)];
        if (key === undefined || value === undefined) return;
        yield [key, value];
        last = key;
        if (count % TURN_ROWS === 0) await setImmediate();
      }
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    get: database.prepare(`SELECT value FROM rows WHERE namespace = ? AND key = ? AND ${ALIVE}`),
    set: database.prepare(
      `INSERT INTO rows (namespace, key, value, expires) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires`,
    ),
    delete: database.prepare(`DELETE FROM rows WHERE namespace = ? AND key = ? AND ${ALIVE}`),
    clear: database.prepare('DELETE FROM rows WHERE namespace = ?'),
    next: database.prepare(
      `SELECT key, value FROM rows WHERE namespace = ? AND key > ? AND ${ALIVE} ORDER BY key LIMIT 1`,
    ),
  };
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** All or nothing, with one wait for the disk instead of many. */
function atOnce<Item, Result>(
  database: DatabaseSync,
  items: Item[],
  action: (item: Item) => Result,
): Result[] {
  // A single statement is a transaction by itself.
  if (items.length < 2) return items.map(action);
  database.exec('BEGIN IMMEDIATE');
  try {
    const results = items.map(action);
    database.exec('COMMIT');
    return results;
  } catch (error) {
    // SQLite has ended it already after some failures, a full disk for one.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
