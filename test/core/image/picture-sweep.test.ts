import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPictureStore } from '../../../src/core/image/picture-store.ts';
import { sweepPictures } from '../../../src/core/image/picture-sweep.ts';
import { payloadOf } from './pictures.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = 1_800_000_000_000;
const HASH = 'ab'.repeat(32);
const PARTIAL = '.01234567-89ab-4def-8123-456789abcdef.tmp';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'easel-sweep-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A file that was last written so long before `NOW`. */
function put(path: string, ageMs: number): string {
  const whole = join(directory, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, 'x');
  utimesSync(whole, new Date(NOW - ageMs), new Date(NOW - ageMs));
  return whole;
}

const sweep = (retentionMs: number | undefined) =>
  sweepPictures({ directory, retentionMs, now: NOW });

describe('the sweep of pictures', () => {
  it.each<[string, number, number | undefined, boolean]>([
    [`ab/${HASH}.png`, 31 * DAY_MS + 1_000, 30 * DAY_MS, true],
    [`ab/${HASH}.sig`, 31 * DAY_MS + 1_000, 30 * DAY_MS, true],
    [`ab/${HASH}.png`, 31 * DAY_MS - 1_000, 30 * DAY_MS, false],
    [`ab/${HASH}.png`, 9_999 * DAY_MS, undefined, false],
    [`ab/${HASH}.png`, DAY_MS + 1_000, 0, true],
    [PARTIAL, HOUR_MS + 1_000, 30 * DAY_MS, true],
    [PARTIAL, HOUR_MS + 1_000, undefined, true],
    [PARTIAL, HOUR_MS - 1_000, 30 * DAY_MS, false],
    ['ab/README.txt', 9_999 * DAY_MS, DAY_MS, false],
    ['notes/diary.png', 9_999 * DAY_MS, DAY_MS, false],
    [`${HASH}.png`, 9_999 * DAY_MS, DAY_MS, false],
  ])('%s of %i ms, kept for %s ms: gone is %s', async (path, ageMs, retentionMs, gone) => {
    const file = put(path, ageMs);
    expect(await sweep(retentionMs)).toBe(gone ? 1 : 0);
    expect(existsSync(file)).toBe(!gone);
  });

  it('knows the files of the picture store', async () => {
    const store = createPictureStore({ directory });
    const shape = { mediaType: 'image/webp', width: 1, height: 1 } as const;
    const { path } = await store.addBytes(Buffer.from('picture'), shape);
    const seal = await store.addFile(payloadOf(Buffer.from('seal')));
    const later = Date.now() + 2 * DAY_MS;
    expect(await sweepPictures({ directory, retentionMs: 0, now: later })).toBe(2);
    expect(existsSync(path)).toBe(false);
    await expect(store.read(seal)).rejects.toMatchObject({ code: 'attachment-gone' });
  });

  it('follows no link', async () => {
    const victim = put('victim', 9_999 * DAY_MS);
    mkdirSync(join(directory, 'ab'));
    symlinkSync(victim, join(directory, 'ab', `${HASH}.png`));
    await sweepPictures({ directory, retentionMs: 0, now: Date.now() + 9 * DAY_MS });
    expect(existsSync(victim)).toBe(true);
  });

  it('has nothing to do where there is nothing', async () => {
    expect(await sweepPictures({ directory: join(directory, 'none'), retentionMs: 0 })).toBe(0);
  });

  it('lets others have their turn between two files', async () => {
    for (let at = 0; at < 300; at += 1) {
      put(`ab/${String(at).padStart(64, '0')}.png`, 99 * DAY_MS);
    }
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const deleted = await sweep(DAY_MS);
    clearInterval(timer);
    expect(deleted).toBe(300);
    expect(turns).toBeGreaterThan(2);
  });
});
