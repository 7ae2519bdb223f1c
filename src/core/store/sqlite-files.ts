/** The folder and the files of an SQLite database, for this user's eyes only, and for one process at a time. */
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EaselError } from '../errors.ts';

/** How long a statement waits for another program that reads the file, such as a backup; nothing else runs meanwhile. */
export const BUSY_MS = 250;

/** SQLite's result codes that a start can meet (sqlite.org/rescode.html), freed of their extension. */
export const SQLITE = { busy: 5, corrupt: 11, notADatabase: 26 } as const;

export function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

export function refuseFolder(detail: string, cause?: unknown): EaselError {
  return new EaselError('bad-config', { subject: 'DATA_DIR', detail, cause });
}

/**
 * Makes this process the only Easel in the folder, which is created when it is missing. The lock is a transaction on a
 * second, empty database: the kernel frees it when the process dies, in whatever way. Gives what frees it, once or more.
 * @throws EaselError `bad-config`
 */
export function lockFolder(dataDir: string): () => void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const path = join(dataDir, 'easel.lock');
    makePrivate(path);
    const lock = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      lock.close();
      throw error;
    }
    return () => {
      if (lock.isOpen) lock.close();
    };
  } catch (error) {
    if (sqliteCode(error) !== SQLITE.busy) throw refuseFolder('it cannot be written to', error);
    throw refuseFolder('another Easel uses this folder', error);
  }
}

/**
 * Creates the file, or takes it away from everybody else. An existing one is not even opened: to close it again would
 * free the locks that this process has on it.
 */
export function makePrivate(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    closeSync(openSync(path, 'wx', 0o600));
  } else if (statSync(path).mode & 0o077) {
    chmodSync(path, 0o600);
  }
}
