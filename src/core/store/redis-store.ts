import { EaselError } from '../errors.ts';
import type { Logger } from '../ports.ts';
import { createKeyvStore } from './keyv-store.ts';
import { connectRedis, type RedisClient, refuseUrl, withoutCommand } from './redis-client.ts';
import { type LeaseOptions, takeLease } from './redis-lease.ts';
import { createRedisRows } from './redis-rows.ts';
import { createStorage } from './storage.ts';
import type { Store } from './store.ts';

/**
 * Rows in Redis or Valkey, which nobody else works on meanwhile.
 * @throws EaselError `bad-config` (subject `STORE_URL`) with what is wrong as detail
 */
export async function openRedisStore({
  url,
  logger,
  ...lease
}: LeaseOptions & { url: string; logger: Logger }): Promise<Store> {
  const connection = await connectRedis(url, logger);
  const { client } = connection;
  try {
    const release = await takeLease(client, lease);
    await warnOfLoss(client, logger);
    const rows = createRedisRows(connection);
    return createKeyvStore({
      storageOf: () => createStorage(rows),
      scrub: async () => {},
      async close() {
        await release();
        client.disconnect();
      },
    });
  } catch (error) {
    client.disconnect();
    if (error instanceof EaselError) throw error;
    throw refuseUrl(`it refuses to work (${withoutCommand(error).message})`);
  }
}

/** Without its append-only file a server forgets the last minutes when it dies, and with them jobs that were paid. */
async function warnOfLoss(client: RedisClient, logger: Logger): Promise<void> {
  const facts = await client.info('persistence').catch(() => '');
  if (!facts.includes('aof_enabled:0')) return;
  logger.warn({}, 'store: the server has no append-only file, and loses rows when it dies');
}
