import { EaselError } from '../errors.ts';
import type { Logger } from '../ports.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite:` for a file in `dataDir`, or `redis://user:password@host:port/number`, with TLS as `rediss:`. */
  url: string;
  dataDir: string;
  logger: Logger;
  /** Another process has taken the database over: nothing may be written from here on. Redis only. */
  onLost?: () => void;
  /** How long to wait for another process to leave a Redis. @default 30 s: a killed one is forgotten after 10 s. */
  leaseWaitMs?: number;
}

/**
 * Opens the database, and makes this process the only one that works on it.
 * @throws EaselError `bad-config` (subject `DATA_DIR` or `STORE_URL`) with what is wrong as detail
 */
export async function openStore({ url, dataDir, logger, ...lease }: StoreOptions): Promise<Store> {
  if (url === 'sqlite:') return openSqliteStore({ dataDir, logger });
  if (!/^rediss?:/.test(url)) {
    throw new EaselError('bad-config', {
      subject: 'STORE_URL',
      detail: 'it is neither sqlite: nor redis://…',
    });
  }
  // Its client is much to load for those who never use it.
  const { openRedisStore } = await import('./redis-store.ts');
  return openRedisStore({ url, logger, ...lease });
}
