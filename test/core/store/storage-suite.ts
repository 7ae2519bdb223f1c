import { detectKeyvStorage, Keyv } from 'keyv';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Storage } from '../../../src/core/store/storage.ts';

/** What Keyv asks of a storage adapter, and plain Keyv on it; `create` gives one on an empty database. */
export function keyvAdapterSuite(name: string, create: () => Promise<Storage>): void {
  describe(`Keyv adapter: ${name}`, () => {
    let adapter: Storage;
    beforeEach(async () => {
      adapter = await create();
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    const keysOf = async (): Promise<unknown[]> => {
      const keys: unknown[] = [];
      for await (const [key] of adapter.iterator?.() ?? []) keys.push(key);
      return keys.toSorted();
    };

    it('is used as it is, with absolute expiry', () => {
      expect(detectKeyvStorage(adapter)).toMatchObject({ compatible: true, store: 'keyvStorage' });
      expect(adapter.capabilities).toMatchObject({ compatible: true, expires: true });
      expect(new Keyv({ store: adapter }).store).toBe(adapter);
    });

    it('has no namespace until it gets one', () => {
      expect(adapter.namespace).toBeUndefined();
      new Keyv({ store: adapter, namespace: 'some' });
      expect(adapter.namespace).toBe('some');
    });

    it('sets, gets, has, deletes', async () => {
      expect(await adapter.get('a')).toBeUndefined();
      expect(await adapter.has('a')).toBe(false);
      expect(await adapter.delete('a')).toBe(false);
      expect(await adapter.set('a', 'one')).toBe(true);
      expect(await adapter.set('a', 'two')).toBe(true);
      expect(await adapter.get('a')).toBe('two');
      expect(await adapter.has('a')).toBe(true);
      expect(await adapter.delete('a')).toBe(true);
      expect(await adapter.has('a')).toBe(false);
    });

    it('works in batches, in order and with holes', async () => {
      const entries = ['a', 'b', 'c'].map((key) => ({ key, value: `of ${key}` }));
      expect(await adapter.setMany(entries)).toEqual([true, true, true]);
      const keys = ['c', 'x', 'a'];
      expect(await adapter.getMany(keys)).toEqual(['of c', undefined, 'of a']);
      expect(await adapter.hasMany(keys)).toEqual([true, false, true]);
      expect(await adapter.deleteMany(keys)).toEqual([true, false, true]);
      expect(await keysOf()).toEqual(['b']);
    });

    it('takes empty batches', async () => {
      expect(await adapter.setMany([])).toEqual([]);
      expect(await adapter.getMany([])).toEqual([]);
      expect(await adapter.hasMany([])).toEqual([]);
      expect(await adapter.deleteMany([])).toEqual([]);
    });

    it('rejects values that no serialiser made', async () => {
      await expect(adapter.set('a', { value: 1 })).rejects.toThrow('only text');
      const entries: { key: string; value: unknown }[] = [
        { key: 'a', value: 'fine' },
        { key: 'b', value: 1 },
      ];
      await expect(adapter.setMany(entries)).rejects.toThrow('only text');
    });

    it('keeps to its namespace, also when it is cleared', async () => {
      for (const namespace of ['a', 'ab', 'a:b', undefined]) {
        adapter.namespace = namespace;
        await adapter.set('key', `${namespace}`);
        await adapter.set('b:key', `${namespace}, other`);
      }
      adapter.namespace = 'a';
      expect(await adapter.get('key')).toBe('a');
      expect(await keysOf()).toEqual(['b:key', 'key']);
      await adapter.clear();
      expect(await keysOf()).toEqual([]);
      for (const namespace of ['ab', 'a:b', undefined]) {
        adapter.namespace = namespace;
        expect(await adapter.getMany(['key', 'b:key'])).toEqual([
          `${namespace}`,
          `${namespace}, other`,
        ]);
      }
    });

    it('gives no row that has expired', async () => {
      vi.useFakeTimers({ toFake: ['Date'] });
      const now = Date.now();
      await adapter.set('past', 'x', now - 1);
      await adapter.set('now', 'x', now);
      await adapter.set('later', 'x', now + 60_000.5);
      await adapter.setMany([
        { key: 'batch', value: 'x', expires: now - 500 },
        { key: 'for ever', value: 'x' },
      ]);
      const keys = ['past', 'now', 'batch', 'later', 'for ever'];
      expect(await adapter.hasMany(keys)).toEqual([false, false, false, true, true]);
      expect(await adapter.getMany(keys.slice(0, 3))).toEqual([undefined, undefined, undefined]);
      expect(await keysOf()).toEqual(['for ever', 'later']);
      await adapter.set('later', 'y');
      expect(await adapter.get('later')).toBe('y');
    });

    it('replaces a row by one that has expired already', async () => {
      await adapter.set('key', 'x');
      await adapter.set('key', 'y', Date.now() - 1);
      expect(await adapter.get('key')).toBeUndefined();
    });

    it('iterates over more than a thousand rows of one namespace', async () => {
      const entries = Array.from({ length: 1_100 }, (_, index) => ({
        key: `${index}`,
        value: 'x',
      }));
      adapter.namespace = 'other';
      await adapter.set('not this one', 'x');
      adapter.namespace = 'many';
      await adapter.setMany(entries);
      expect(await keysOf()).toEqual(entries.map(({ key }) => key).toSorted());
    });

    it.each([
      ['text', ':starts with a colon'],
      ['a number', 7],
      ['no', false],
      ['null', null],
      ['undefined', undefined],
      ['a list', [1, 'two']],
      ['a big number', 2n ** 70n],
      ['bytes', Buffer.from([0, 255])],
    ])('carries %s for plain Keyv', async (_, value) => {
      const keyv = new Keyv({ store: adapter });
      await keyv.set('key', value);
      expect(await keyv.get('key')).toEqual(value);
      expect(await keyv.has('key')).toBe(true);
    });

    it('serves plain Keyv with namespace, time to live and iteration', async () => {
      const keyv = new Keyv({ store: adapter, namespace: 'plain', ttl: 60_000 });
      expect(
        await keyv.setMany([
          { key: 'a', value: 1 },
          { key: 'b', value: 2, ttl: 100 },
        ]),
      ).toEqual([true, true]);
      await keyv.set('c', 3);
      vi.useFakeTimers({ toFake: ['Date'] });
      vi.setSystemTime(Date.now() + 101);
      expect(await keyv.getMany(['c', 'b', 'a'])).toEqual([3, undefined, 1]);
      const rows: unknown[] = [];
      for await (const row of keyv.iterator()) rows.push(row);
      expect(rows.toSorted()).toEqual([
        ['a', 1],
        ['c', 3],
      ]);
      expect(await keyv.deleteMany(['a', 'x'])).toEqual([true, false]);
      await keyv.clear();
      expect(await keyv.get('c')).toBeUndefined();
    });

    it('rejects when its database is gone, and says so once where someone listens', async () => {
      const deaf = new Keyv({ store: adapter });
      const heard = new Keyv({ store: adapter });
      const onError = vi.fn();
      heard.on('error', onError);
      await heard.disconnect();
      await expect(deaf.set('key', 1)).rejects.toThrow();
      await expect(deaf.get('key')).rejects.toThrow();
      expect(await heard.set('key', 1)).toBe(false);
      expect(onError).toHaveBeenCalledOnce();
    });
  });
}
