/** The file that holds every row, and what keeps it sound. */
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { EaselError } from '../errors.ts';
import { BUSY_MS, makePrivate, refuseFolder, SQLITE, sqliteCode } from './sqlite-files.ts';

/** Counts up with each change of the tables. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rows (
    namespace TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires INTEGER, -- Unix ms, none for ever
    PRIMARY KEY (namespace, key)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS rows_by_expiry ON rows (expires) WHERE expires IS NOT NULL;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** Each write is on the disk when it returns (FULL), and what it replaces is overwritten there. */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;`;

/**
 * Opens the file, or creates it.
 * @throws EaselError `bad-config` when it is damaged, was written by a newer Easel, or cannot be written
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makePrivate(path);
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    checkSound(database);
    database.exec(PRAGMAS);
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
    return database;
  } catch (error) {
    database?.close();
    throw explain(error);
  }
}

function checkSound(database: DatabaseSync): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (verdict !== 'ok') throw damaged(new Error(String(verdict)));
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > SCHEMA_VERSION) throw refuseFolder('easel.db was written by a newer Easel');
}

function explain(error: unknown): EaselError {
  if (error instanceof EaselError) return error;
  const code = sqliteCode(error);
  if (code === SQLITE.corrupt || code === SQLITE.notADatabase) return damaged(error);
  return refuseFolder('easel.db cannot be written to', error);
}

function damaged(cause: unknown): EaselError {
  const detail = 'easel.db is damaged: put a copy back, or move it away to begin with an empty one';
  return refuseFolder(detail, cause);
}

/** Rows that one statement deletes, and how long statements follow each other before others have their turn. */
const SWEEP_ROWS = 100;
const SWEEP_SLICE_MS = 50;

/** Deletes the rows that have expired; how many there were. Nothing is left half done when `signal` ends it. */
export async function sweep(database: DatabaseSync, signal: AbortSignal): Promise<number> {
  const statement = database.prepare(
    'DELETE FROM rows WHERE rowid IN (SELECT rowid FROM rows WHERE expires <= ? LIMIT ?)',
  );
  let total = 0;
  while (!signal.aborted) {
    const end = performance.now() + SWEEP_SLICE_MS;
    let deleted: number;
    do {
      deleted = Number(statement.run(Date.now(), SWEEP_ROWS).changes);
      total += deleted;
    } while (deleted === SWEEP_ROWS && performance.now() < end);
    if (deleted < SWEEP_ROWS) break;
    await setImmediate();
  }
  return total;
}

/**
 * Leaves no trace of deleted rows in the file and its WAL. `secure_delete` alone misses copies that were made when pages
 * were split, so all is written anew, which holds everything up meanwhile: about 5 ms for each megabyte.
 */
export function rewrite(database: DatabaseSync): void {
  database.exec('VACUUM');
  const busy = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy;
  if (busy !== 0) throw new Error('another program reads the database');
}
