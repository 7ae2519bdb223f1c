import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openDatabase, sweep } from '../../../src/core/store/sqlite-database.ts';
import { createSqliteRows } from '../../../src/core/store/sqlite-rows.ts';
import { createStorage } from '../../../src/core/store/storage.ts';
import { keyvAdapterSuite } from './storage-suite.ts';

const root = mkdtempSync(join(tmpdir(), 'easel-adapter-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const newDatabase = (): DatabaseSync => openDatabase(join(root, `${++count}.db`));

const storageOn = (database: DatabaseSync) => createStorage(createSqliteRows(database));

keyvAdapterSuite('SQLite', async () => storageOn(newDatabase()));

describe('a full disk', () => {
  it('rejects, and leaves what was there', async () => {
    const database = newDatabase();
    const adapter = storageOn(database);
    await adapter.set('kept', 'old');
    database.exec('PRAGMA max_page_count = 12');
    const large = 'x'.repeat(100_000);
    await expect(adapter.set('kept', large)).rejects.toThrow('full');
    const entries = [
      { key: 'small', value: 'y' },
      { key: 'large', value: large },
    ];
    await expect(adapter.setMany(entries)).rejects.toThrow('full');
    expect(await adapter.getMany(['kept', 'small', 'large'])).toEqual([
      'old',
      undefined,
      undefined,
    ]);
    expect(await adapter.set('after', 'z')).toBe(true);
    await adapter.disconnect?.();
  });
});

describe('sweep', () => {
  it('deletes what has expired, and lets others have their turn', async () => {
    const database = newDatabase();
    const adapter = storageOn(database);
    const past = Date.now() - 1;
    await adapter.setMany(
      Array.from({ length: 1_050 }, (_, index) => ({
        key: `${index}`,
        value: 'x',
        expires: past + (index % 2) * 60_000,
      })),
    );
    // Each look at the clock is a slice later.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 50));
    const turns: string[] = [];
    const sweeping = sweep(database, new AbortController().signal).then((total) => {
      turns.push('swept');
      return total;
    });
    setImmediate(() => turns.push('others'));
    expect(await sweeping).toBe(525);
    vi.restoreAllMocks();
    expect(turns).toEqual(['others', 'swept']);
    expect(database.prepare('SELECT count(*) AS rows FROM rows').get()).toEqual({ rows: 525 });
    database.close();
  });

  it('stops where it is told to', async () => {
    const database = newDatabase();
    await storageOn(database).set('key', 'x', 1);
    expect(await sweep(database, AbortSignal.abort())).toBe(0);
    expect(await sweep(database, new AbortController().signal)).toBe(1);
    database.close();
  });
});
