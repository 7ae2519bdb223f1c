import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../../../src/core/store/open-store.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { storeContract } from '../../contract/store.contract.ts';

const root = mkdtempSync(join(tmpdir(), 'easel-store-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const newFolder = () => join(root, `data-${++count}`);
const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const open = (dataDir: string): Promise<Store> => openStore({ url: 'sqlite:', dataDir, logger });
const refusal = (detail: RegExp | string) => ({
  name: 'EaselError',
  code: 'bad-config',
  subject: 'DATA_DIR',
  detail: expect.stringMatching(detail),
});

const contractFolder = newFolder();
storeContract('SQLite', {
  open: () => open(contractFolder),
  isDurable: true,
  breakDown: (store) => store.close(),
});

async function filled(): Promise<string> {
  const folder = newFolder();
  const store = await open(folder);
  const table = store.table('rows');
  for (let index = 0; index < 200; index += 1) await table.set(`${index}`, 'x'.repeat(500));
  await store.close();
  return folder;
}

describe('the folder', () => {
  it('is created, for this user only', async () => {
    const folder = newFolder();
    const store = await open(folder);
    await store.table('rows').set('key', 1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes.length).toBeGreaterThan(2);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    await store.close();
    expect(readdirSync(folder).toSorted()).toEqual(['easel.db', 'easel.lock']);
  });

  it('takes files away from others', async () => {
    const folder = await filled();
    chmodSync(join(folder, 'easel.db'), 0o644);
    await (await open(folder)).close();
    expect(statSync(join(folder, 'easel.db')).mode & 0o777).toBe(0o600);
  });

  it('is for one store at a time', async () => {
    const folder = await filled();
    const store = await open(folder);
    await expect(open(folder)).rejects.toMatchObject(refusal('another Easel uses this folder'));
    // A refusal must not free the lock of the first.
    await expect(open(folder)).rejects.toMatchObject(refusal('another Easel uses this folder'));
    await store.table('rows').set('still', 'works');
    await store.close();
    await (await open(folder)).close();
  });

  it('is refused when it is a file', async () => {
    const path = newFolder();
    writeFileSync(path, '');
    await expect(open(path)).rejects.toMatchObject(refusal('cannot be written'));
  });

  it('is refused when it is read-only', async () => {
    const folder = await filled();
    chmodSync(folder, 0o555);
    chmodSync(join(folder, 'easel.db'), 0o400);
    chmodSync(join(folder, 'easel.lock'), 0o400);
    chmodSync(root, 0o755);
    const isRoot = process.geteuid?.() === 0;
    // Root may write everywhere; the rest of this process must not notice.
    if (isRoot) process.seteuid?.(65_534);
    const opening = open(folder);
    if (isRoot) process.seteuid?.(0);
    await expect(opening).rejects.toMatchObject(refusal('cannot be written'));
    chmodSync(folder, 0o700);
  });
});

describe('a process that is killed', () => {
  it('frees the folder, and leaves every row that it said was written', async () => {
    const folder = newFolder();
    const script = fileURLToPath(new URL('./writing-process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const written: string[] = [];
    const lines = createInterface({ input: child.stdout });
    const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]);
    try {
      lines.on('line', (line) => written.push(line));
      await once(lines, 'line');
      await expect(open(folder)).rejects.toMatchObject(refusal('another Easel'));
      while (written.length < 300) await once(lines, 'line');
      child.kill('SIGKILL');
      expect(await ended).toMatchObject([[null, 'SIGKILL'], []]);
    } finally {
      child.kill('SIGKILL');
    }
    const store = await open(folder);
    const table = store.table('rows');
    for (const index of written) {
      expect(await table.get(`row ${index}`)).toMatchObject({ index: Number(index) });
    }
    await store.close();
  });
});

describe('a database that is not sound', () => {
  const damage = (folder: string, change: (bytes: Buffer) => Buffer): Buffer => {
    const path = join(folder, 'easel.db');
    const bytes = change(readFileSync(path));
    writeFileSync(path, bytes);
    return bytes;
  };

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['its head', (bytes) => bytes.fill('no database ', 0, 100)],
    ['its pages', (bytes) => bytes.fill(0xa5, 4_096)],
    ['its end', (bytes) => bytes.subarray(0, 20_000)],
    ['all of it', () => Buffer.from('<html>not a database, but long enough to have a head</html>')],
  ])('is refused and left as it is: %s', async (_, change) => {
    const folder = await filled();
    const before = damage(folder, change);
    await expect(open(folder)).rejects.toMatchObject(refusal('damaged'));
    expect(readFileSync(join(folder, 'easel.db')).equals(before)).toBe(true);
    // The folder is free again, for a copy that is put back.
    rmSync(join(folder, 'easel.db'));
    await (await open(folder)).close();
  });

  it('is refused when a newer Easel wrote it', async () => {
    const folder = await filled();
    const database = new DatabaseSync(join(folder, 'easel.db'));
    database.exec('PRAGMA user_version = 2');
    database.close();
    await expect(open(folder)).rejects.toMatchObject(refusal('newer Easel'));
    await expect(open(folder)).rejects.toMatchObject(refusal('newer Easel'));
  });
});

describe('scrub', () => {
  const CANARY = 'what-nobody-may-read';
  const traces = (folder: string) =>
    ['easel.db', 'easel.db-wal'].map(
      (name) => readFileSync(join(folder, name), 'latin1').split(CANARY).length - 1,
    );

  it('leaves no trace of rows that were deleted, replaced or have expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const folder = newFolder();
    const store = await open(folder);
    const [kept, gone] = [store.table('kept'), store.table('gone', { ttlMs: 60_000 })];
    // Rows of many lengths, so that pages are split and joined.
    for (let index = 0; index < 1_500; index += 1) {
      const text = 'x'.repeat((index * 7_919) % (index % 10 ? 1_300 : 9_000));
      await kept.set(`${(index * 613) % 1_500}`, `plain ${text}`);
      await gone.set(`${(index * 401) % 1_500}`, `${CANARY} ${text}`);
    }
    for (let index = 0; index < 1_500; index += 1) {
      if (index % 3 === 0) await gone.delete(`${index}`);
      if (index % 3 === 1) await gone.set(`${index}`, 'harmless');
    }
    expect(Math.max(...traces(folder))).toBeGreaterThan(0);
    vi.setSystemTime(Date.now() + 60_001);
    await store.scrub();
    expect(traces(folder)).toEqual([0, 0]);
    expect(await kept.get('7')).toMatch(/^plain x/);
    await store.close();
  });

  it('says so when another program keeps it from its work', async () => {
    const folder = await filled();
    const store = await open(folder);
    const reader = new DatabaseSync(join(folder, 'easel.db'));
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM rows').get();
    await store.table('rows').delete('1');
    await expect(store.scrub()).rejects.toMatchObject({ code: 'internal', subject: 'store' });
    reader.close();
    await store.scrub();
    await store.close();
  });
});

describe('sweeping', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('deletes expired rows from the file now and then, and tells when it cannot', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    const folder = newFolder();
    const store = await open(folder);
    const brief = store.table('rows', { ttlMs: 1_000 });
    for (let index = 0; index < 250; index += 1) await brief.set(`${index}`, index);
    await store.table('rows').set('for ever', 1);
    const reader = new DatabaseSync(join(folder, 'easel.db'));
    const rows = () => reader.prepare('SELECT key FROM rows').all();
    expect(rows().length).toBe(251);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await vi.waitFor(() => expect(rows()).toEqual([{ key: 'for ever' }]));
    reader.exec('DROP TABLE rows');
    reader.close();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledOnce());
    await store.close();
  });
});
