/** Tables over Keyv, for any database: one Keyv a table, and none of its errors swallowed. */
import { Keyv, type KeyvSerializationAdapter } from 'keyv';
import { EaselError } from '../errors.ts';
import type { Storage } from './storage.ts';
import type { Store, Table } from './store.ts';

/** A database as this file sees it. */
export interface Backend {
  /** Rows of one table: those of another name are never seen, those of the same name always. */
  storageOf(table: string): Storage | Map<string, unknown>;
  scrub(): Promise<void>;
  close(): Promise<void>;
}

export function createKeyvStore({ storageOf, scrub, close }: Backend): Store {
  return {
    table<Row>(name: string, { ttlMs }: { ttlMs?: number } = {}): Table<Row> {
      const ttl = ttlMs === undefined ? {} : { ttl: ttlMs };
      const store = storageOf(name);
      return createTable<Row>(
        new Keyv({ store, namespace: name, serialization: JSON_ROWS, ...ttl }),
      );
    },
    scrub: () => orFail(scrub),
    close: () => orFail(close),
  };
}

/** Rows are JSON already; Keyv's own serialiser would walk them twice, for binary values that they never hold. */
const JSON_ROWS: KeyvSerializationAdapter = {
  stringify: (row) => JSON.stringify(row),
  parse: (text) => {
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own error quotes the row.
      throw new Error('a row is not JSON');
    }
  },
};

/** A Keyv rejects what fails only as long as nobody listens to its `error` event: so nobody may, here or later. */
function createTable<Row>(keyv: Keyv): Table<Row> {
  return {
    get: (key) => orFail(() => keyv.get<Row>(key)),
    set: (key, row) =>
      orFail(async () => {
        // Without an error, for an empty key.
        if (!(await keyv.set(key, row))) throw new Error('the row was not taken');
      }),
    // Not every database knows by itself that a row has expired; `has` does.
    delete: (key) => orFail(async () => (await keyv.has(key)) && keyv.delete(key)),
    entries: () => entriesOf<Row>(keyv),
  };
}

async function* entriesOf<Row>(keyv: Keyv): AsyncGenerator<[key: string, row: Row]> {
  const rows = keyv.iterator();
  try {
    for (;;) {
      const { done, value } = await orFail(() => rows.next());
      if (done) return;
      yield value;
    }
  } finally {
    await rows.return();
  }
}

async function orFail<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (cause) {
    throw new EaselError('internal', { subject: 'store', cause });
  }
}
