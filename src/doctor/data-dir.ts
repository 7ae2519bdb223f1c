/** Whether `DATA_DIR` can be written, and has room. Leaves nothing behind, so that it may run as any user. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { about, type Check, type Finding } from './finding.ts';

/** Some hundred pictures of 4K. */
export const MIN_FREE_BYTES = 500_000_000;
const BYTES_PER_GB = 1_000_000_000;
const found = about('DATA_DIR');

const REASONS: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'it, or what it lies in, is no folder',
  EEXIST: 'it is no folder',
};

export const dataDirCheck: Check = {
  name: 'DATA_DIR',
  async run({ config }) {
    const folder = resolve(config.dataDir);
    try {
      return [await inFolder(folder, async () => judgeSpace(await tryWriting(folder)))];
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const reason = REASONS[code] ?? 'the disk refuses';
      return [
        found.bad(
          `it cannot be written: ${reason}${code && ` (${code})`}`,
          'DATA_DIR: name a folder that the user who runs Easel owns',
        ),
      ];
    }
  },
};

/** A folder that is missing is made for the while; Easel makes it for good, as its own user. */
async function inFolder(folder: string, use: () => Promise<Finding>): Promise<Finding> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    return await use();
  } finally {
    if (first !== undefined) await removeEmpty(folder, first).catch(() => {});
  }
}

/** From the innermost folder up to `first`, as long as nobody else has put something there. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  await rmdir(folder);
  if (folder !== first && folder.startsWith(first)) await removeEmpty(dirname(folder), first);
}

/** What Easel does to every picture: write, rename, in the end delete. Gives the bytes that are free. */
async function tryWriting(folder: string): Promise<number> {
  const path = join(folder, `.doctor-${randomUUID()}`);
  try {
    await writeFile(path, 'x', { mode: 0o600 });
    await rename(path, `${path}.renamed`);
  } finally {
    await Promise.all([path, `${path}.renamed`].map((each) => rm(each, { force: true })));
  }
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export function judgeSpace(freeBytes: number): Finding {
  const free = `${(freeBytes / BYTES_PER_GB).toFixed(1)} GB are free`;
  if (freeBytes >= MIN_FREE_BYTES) return found.good(`can be written; ${free}`);
  return found.warning(
    `can be written, but only ${free}`,
    'make room, or lower RETENTION_DAYS so that old pictures go',
  );
}
