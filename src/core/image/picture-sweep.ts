/** Retention of the pictures on disk. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

const HOUR_MS = 3_600_000;
/** A turn that was kept a moment after its pictures must not outlive them. */
const GRACE_MS = 24 * HOUR_MS;
/** Names of the picture store; anything else in its folder is not ours to delete. */
const STORED = /^[0-9a-f]{64}\.[a-z]+$/;
const TEMPORARY = /^\.[0-9a-f-]{36}\.tmp$/;

export interface SweepOptions {
  /** The picture store's. */
  directory: string;
  /** How long turns are kept; undefined keeps pictures for ever. */
  retentionMs: number | undefined;
  /** Unix ms. @default the clock */
  now?: number;
}

/**
 * Deletes the pictures and signatures that nobody stored or renewed for the retention and a day, and what a crash left half
 * written an hour ago or longer; how many files that was. One file at a time and off the main thread, so that even a
 * hundred thousand never hold up anything else. What cannot be deleted stays for the next time; never throws.
 */
export async function sweepPictures({
  directory,
  retentionMs,
  now = Date.now(),
}: SweepOptions): Promise<number> {
  const storedBefore = retentionMs === undefined ? 0 : now - retentionMs - GRACE_MS;
  let deleted = await sweepFolder(directory, TEMPORARY, now - HOUR_MS);
  for (const name of await namesIn(directory)) {
    if (!/^[0-9a-f]{2}$/.test(name)) continue;
    deleted += await sweepFolder(join(directory, name), STORED, storedBefore);
  }
  return deleted;
}

async function sweepFolder(folder: string, pattern: RegExp, before: number): Promise<number> {
  let deleted = 0;
  for (const name of await namesIn(folder)) {
    if (pattern.test(name) && (await deleteOlder(join(folder, name), before))) deleted += 1;
  }
  await turnOfTheLoop();
  return deleted;
}

async function deleteOlder(path: string, before: number): Promise<boolean> {
  try {
    const { mtimeMs } = await lstat(path);
    if (mtimeMs >= before) return false;
    await rm(path);
    return true;
  } catch {
    return false; // gone meanwhile, or not ours to delete
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
