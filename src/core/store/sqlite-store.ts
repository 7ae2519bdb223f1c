import { join } from 'node:path';
import type { Logger } from '../ports.ts';
import { createKeyvStore } from './keyv-store.ts';
import { openDatabase, rewrite, sweep } from './sqlite-database.ts';
import { lockFolder } from './sqlite-files.ts';
import { createSqliteRows } from './sqlite-rows.ts';
import { createStorage } from './storage.ts';
import type { Store } from './store.ts';

/** How long an expired row may stay on disk. */
const SWEEP_INTERVAL_MS = 10 * 60_000;

/**
 * Rows in `easel.db`, in a folder that nobody else works in meanwhile.
 * @throws EaselError `bad-config` (subject `DATA_DIR`) with what is wrong with the folder as detail
 */
export function openSqliteStore({ dataDir, logger }: { dataDir: string; logger: Logger }): Store {
  const unlock = lockFolder(dataDir);
  try {
    const database = openDatabase(join(dataDir, 'easel.db'));
    const rows = createSqliteRows(database);
    const closing = new AbortController();
    const tidy = () =>
      sweep(database, closing.signal).catch((error: unknown) => {
        logger.warn({ reason: String(error) }, 'store: expired rows could not be deleted');
      });
    const timer = setInterval(tidy, SWEEP_INTERVAL_MS).unref();
    void tidy();
    return createKeyvStore({
      storageOf: () => createStorage(rows),
      async scrub() {
        await sweep(database, closing.signal);
        rewrite(database);
      },
      async close() {
        closing.abort();
        clearInterval(timer);
        if (database.isOpen) database.close();
        unlock();
      },
    });
  } catch (error) {
    unlock();
    throw error;
  }
}
