import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Store, Table } from '../../src/core/store/store.ts';

export interface StoreWorld {
  open(): Promise<Store>;
  /** Rows outlive the store that wrote them. */
  isDurable: boolean;
  /** Makes the database of an open store fail from here on; none where nothing can fail. */
  breakDown?: (store: Store) => Promise<void>;
}

const KEYS = [
  'chat:-100:55',
  'a:b',
  'a::b',
  ':',
  ' ',
  '*',
  '[x]?\\',
  '%3A',
  "'; DROP TABLE rows; --",
  'null\0byte',
  'new\nline',
  '__proto__',
  'constructor',
  '絵',
  '🎨',
  'k'.repeat(1_000),
];

const VALUES = [
  '',
  'words',
  ':base64:AAAA',
  ':bigint:7',
  '::',
  'null\0byte \u2028 🎨',
  0,
  -1.5,
  1e300,
  true,
  false,
  null,
  [],
  {},
  [null, [1, ['2']]],
  { a: { b: [{ c: null }] }, 'k:1': ':x' },
  'x'.repeat(200_000),
];

async function collect<Row>(table: Table<Row>): Promise<Map<string, Row>> {
  const rows: [string, Row][] = [];
  for await (const row of table.entries()) rows.push(row);
  expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length);
  return new Map(rows);
}

/** Every method of a table. */
function everyCall(table: Table<unknown>): (() => Promise<unknown>)[] {
  return [
    () => table.get('a'),
    () => table.set('a', 1),
    () => table.delete('a'),
    () => collect(table),
  ];
}

/** What every `Store` keeps. */
export function storeContract(name: string, world: StoreWorld): void {
  describe(`store: ${name}`, () => {
    let store: Store;
    let count = 0;
    const newName = () => `table-${++count}`;
    const newTable = (ttlMs?: number): Table<unknown> =>
      store.table(newName(), ttlMs === undefined ? {} : { ttlMs });

    beforeAll(async () => {
      store = await world.open();
    });
    afterAll(() => store.close());
    afterEach(() => {
      vi.useRealTimers();
    });

    it.each(VALUES)('keeps %j', async (value) => {
      const table = newTable();
      await table.set('key', value);
      expect(await table.get('key')).toEqual(value);
      expect(await collect(table)).toEqual(new Map([['key', value]]));
    });

    it('keeps any JSON under any key', async () => {
      const table = newTable();
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: 'binary', minLength: 1 }),
          fc.jsonValue(),
          async (key, value) => {
            await table.set(key, value);
            expect(await table.get(key)).toEqual(JSON.parse(JSON.stringify(value)));
            expect(await table.delete(key)).toBe(true);
          },
        ),
        { numRuns: 100 },
      );
      expect(await collect(table)).toEqual(new Map());
    });

    it('tells keys apart', async () => {
      const table = newTable();
      for (const key of KEYS) await table.set(key, `of ${key}`);
      for (const key of KEYS) expect(await table.get(key)).toBe(`of ${key}`);
      expect(await collect(table)).toEqual(new Map(KEYS.map((key) => [key, `of ${key}`])));
      for (const key of KEYS) expect(await table.delete(key)).toBe(true);
      expect(await collect(table)).toEqual(new Map());
    });

    it('keeps names such as __proto__ without harm', async () => {
      const table = newTable();
      await table.set('key', JSON.parse('{"__proto__":{"harm":1},"constructor":2}'));
      const row = await table.get('key');
      expect(JSON.stringify(row)).toBe('{"__proto__":{"harm":1},"constructor":2}');
      expect('harm' in {}).toBe(false);
    });

    it('knows nothing of what was never set, or set to nothing', async () => {
      const table = newTable();
      expect(await table.get('key')).toBeUndefined();
      expect(await table.delete('key')).toBe(false);
      await table.set('key', undefined);
      expect(await table.get('key')).toBeUndefined();
    });

    it('replaces and deletes', async () => {
      const table = newTable();
      await table.set('key', { first: true });
      await table.set('key', { second: true });
      await table.set('other', 1);
      expect(await table.get('key')).toEqual({ second: true });
      expect(await table.delete('key')).toBe(true);
      expect(await table.delete('key')).toBe(false);
      expect(await table.get('key')).toBeUndefined();
      expect(await table.get('other')).toBe(1);
    });

    it('shares no object with its users', async () => {
      const table = newTable();
      const row = { list: [1] };
      await table.set('key', row);
      row.list.push(2);
      expect(await table.get('key')).toEqual({ list: [1] });
      expect(await table.get('key')).not.toBe(await table.get('key'));
    });

    it('keeps tables apart, however their names and keys are put together', async () => {
      const [base, key] = [newName(), 'c'];
      const places: [string, string][] = [
        [base, key],
        [base, `b:${key}`],
        [`${base}:b`, key],
        [`${base}b`, key],
        [`${base}*`, key],
        [`${base}::b`, key],
      ];
      for (const [index, [table, at]] of places.entries()) {
        await store.table(table).set(at, index);
      }
      for (const [index, [table, at]] of places.entries()) {
        expect(await store.table(table).get(at)).toBe(index);
      }
      expect([...(await collect(store.table(base))).keys()].toSorted()).toEqual(['b:c', 'c']);
      expect([...(await collect(store.table(`${base}*`))).keys()]).toEqual(['c']);
    });

    it('gives a table of the same name the same rows', async () => {
      const name = newName();
      await store.table(name).set('key', 1);
      expect(await store.table(name).get('key')).toBe(1);
    });

    it('takes many rows at once, and for one key the last', async () => {
      const table = newTable();
      const keys = Array.from({ length: 300 }, (_, index) => `key ${index}`);
      await Promise.all(keys.map((key, index) => table.set(key, index)));
      await Promise.all(keys.map((_, index) => table.set('one', index)));
      expect(await Promise.all(keys.map((key) => table.get(key)))).toEqual([...keys.keys()]);
      expect(await table.get('one')).toBe(299);
    });

    it('gives every row once, also more than a thousand', async () => {
      const table = newTable();
      const rows = new Map(
        Array.from({ length: 1_234 }, (_, index) => [`key ${index}`, { index }]),
      );
      await Promise.all([...rows].map(([key, row]) => table.set(key, row)));
      expect(await collect(table)).toEqual(rows);
    });

    it('lets rows be deleted while they are gone through, or the going be ended', async () => {
      const table = newTable();
      await Promise.all(Array.from({ length: 250 }, (_, index) => table.set(`key ${index}`, 1)));
      for await (const [key] of table.entries()) expect(await table.delete(key)).toBe(true);
      expect(await collect(table)).toEqual(new Map());
      await table.set('a', 1);
      await table.set('b', 1);
      for await (const _ of table.entries()) break;
      expect((await collect(table)).size).toBe(2);
    });

    it('forgets rows when their time is over, counted from the last write', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const table = newTable(60_000);
      const forEver = newTable();
      await table.set('old', 1);
      await table.set('renewed', 1);
      await forEver.set('old', 1);
      vi.setSystemTime(Date.now() + 40_000);
      await table.set('renewed', 2);
      vi.setSystemTime(Date.now() + 19_000);
      expect(await table.get('old')).toBe(1);
      vi.setSystemTime(Date.now() + 2_000);
      expect(await table.get('old')).toBeUndefined();
      expect(await table.get('renewed')).toBe(2);
      expect(await collect(table)).toEqual(new Map([['renewed', 2]]));
      expect(await forEver.get('old')).toBe(1);
    });

    it('does not count a row that has expired as deleted', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const table = newTable(60_000);
      await table.set('key', 1);
      vi.setSystemTime(Date.now() + 60_001);
      expect(await table.delete('key')).toBe(false);
      await table.set('key', 2);
      expect(await table.get('key')).toBe(2);
    });

    it.each([
      ['no JSON', 'key', 1n],
      ['no key', '', 1],
    ])('rejects what it cannot keep: %s', async (_, key, value) => {
      await expect(newTable().set(key, value)).rejects.toMatchObject(FAILURE);
    });

    it('scrubs without losing a row', async () => {
      const table = newTable();
      await table.set('key', 1);
      await store.scrub();
      expect(await table.get('key')).toBe(1);
    });

    if (world.isDurable) {
      it('finds everything again, with the time that is left', async () => {
        vi.useFakeTimers({ toFake: ['Date'] });
        const [name, brief] = [newName(), newName()];
        for (const key of KEYS) await store.table(name).set(key, { key });
        await store.table(brief, { ttlMs: 60_000 }).set('key', 1);
        await store.close();
        store = await world.open();
        expect((await collect(store.table(name))).size).toBe(KEYS.length);
        for (const key of KEYS) expect(await store.table(name).get(key)).toEqual({ key });
        expect(await store.table(brief).get('key')).toBe(1);
        vi.setSystemTime(Date.now() + 60_001);
        expect(await store.table(brief).get('key')).toBeUndefined();
      });
    }

    const { breakDown } = world;
    if (breakDown !== undefined) {
      it('swallows no failure of its database', async () => {
        const table = newTable();
        await breakDown(store);
        for (const call of everyCall(table)) {
          await expect(call()).rejects.toMatchObject({ ...FAILURE, cause: expect.any(Error) });
        }
      });
    }
  });
}

const FAILURE = { name: 'EaselError', code: 'internal', subject: 'store' };
