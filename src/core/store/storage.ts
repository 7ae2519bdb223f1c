/** Keyv 6's storage adapter, from the few things that a database must do. */
import { type KeyvStorageAdapter, keyvStorageCapability } from 'keyv';

/**
 * What Keyv 6 asks of a database. Ours reject when they fail and emit nothing, so the methods of an emitter, which Keyv
 * looks for before it uses them, are left out.
 */
export type Storage = Pick<
  KeyvStorageAdapter,
  | 'namespace'
  | 'capabilities'
  | 'get'
  | 'getMany'
  | 'has'
  | 'hasMany'
  | 'set'
  | 'setMany'
  | 'delete'
  | 'deleteMany'
  | 'clear'
  | 'iterator'
  | 'disconnect'
>;

export interface Entry {
  key: string;
  value: string;
  /** Unix ms in whole numbers, none for ever; may be past. */
  expires?: number;
}

/** Rows by namespace and key. What has expired is not there; what fails rejects. */
export interface Rows {
  /** In the order of the keys. */
  getMany(namespace: string, keys: string[]): Promise<(string | undefined)[]>;
  setMany(namespace: string, entries: Entry[]): Promise<void>;
  /** Which of them there were. */
  deleteMany(namespace: string, keys: string[]): Promise<boolean[]>;
  clear(namespace: string): Promise<void>;
  /** Each once. */
  iterate(namespace: string): AsyncGenerator<[key: string, value: string], void>;
  close(): Promise<void>;
}

/**
 * A storage adapter for one Keyv, which sets its namespace; without one it has the rows of the namespace ''. Values are
 * text, as Keyv's serialisers make it.
 */
export function createStorage(rows: Rows): Storage {
  const space = () => storage.namespace ?? '';
  const hasMany = async (keys: string[]): Promise<boolean[]> =>
    (await rows.getMany(space(), keys)).map((value) => value !== undefined);

  const storage: Storage = {
    namespace: undefined,
    get: async (key) => (await rows.getMany(space(), [key]))[0],
    getMany: async (keys) => rows.getMany(space(), keys),
    has: async (key) => (await hasMany([key]))[0] === true,
    hasMany: async (keys) => hasMany(keys),
    async set(key, value, expires) {
      await rows.setMany(space(), [toEntry(key, value, expires)]);
      return true;
    },
    async setMany(entries) {
      const texts = entries.map(({ key, value, expires }) => toEntry(key, value, expires));
      await rows.setMany(space(), texts);
      return entries.map(() => true);
    },
    delete: async (key) => (await rows.deleteMany(space(), [key]))[0] === true,
    deleteMany: async (keys) => rows.deleteMany(space(), keys),
    clear: async () => rows.clear(space()),
    iterator: () => rows.iterate(space()),
    disconnect: async () => rows.close(),
  };
  storage.capabilities = keyvStorageCapability(storage);
  return storage;
}

function toEntry(key: string, value: unknown, expires: number | undefined): Entry {
  if (typeof value !== 'string') throw new TypeError('only text can be stored');
  return { key, value, ...(expires === undefined ? {} : { expires: Math.ceil(expires) }) };
}
