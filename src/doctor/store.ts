/** Whether the store can be opened. A running Easel has it for itself, which is as it should be. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, toEaselError } from '../core/index.ts';
import { connectRedis } from '../core/store/redis-client.ts';
import { about, type Check, type CheckContext, type Finding, present } from './finding.ts';

const found = about('Store');
const ADVICE: Record<string, string> = {
  DATA_DIR: 'DATA_DIR: that is where easel.db lies',
  STORE_URL: 'STORE_URL: is the server running there, and does it take this user and password?',
};
const RUNNING = 'Easel is running with it now';

export const storeCheck: Check = {
  name: 'Store',
  async run(context) {
    try {
      const isSqlite = context.config.storeUrl === 'sqlite:';
      return await (isSqlite ? checkSqlite(context) : checkRedis(context));
    } catch (thrown) {
      const { subject = 'STORE_URL', detail = 'it cannot be opened' } = toEaselError(thrown);
      return [found.bad(detail, ADVICE[subject] ?? subject)];
    }
  },
};

/** Files that are missing are not made where they would belong to another user than Easel's. */
async function checkSqlite(context: CheckContext): Promise<Finding[]> {
  const [database, lock] = ['easel.db', 'easel.lock'].map((name) =>
    statSync(join(context.config.dataDir, name), { throwIfNoEntry: false }),
  );
  if (database === undefined) {
    return [found.unset('no database yet; Easel makes it when it starts')];
  }
  if (lock === undefined && database.uid !== process.getuid?.()) {
    return [found.unset('easel.db is another user’s; to have it read, run this as that user')];
  }
  const isFree = await tryOpening(context);
  return [found.good(isFree ? 'easel.db is sound' : RUNNING)];
}

/** False when a running Easel has it. @throws EaselError `bad-config` */
async function tryOpening({ config, logger }: CheckContext): Promise<boolean> {
  const { storeUrl: url, dataDir } = config;
  try {
    const store = await openStore({ url, dataDir, logger, leaseWaitMs: 0 });
    await store.close();
    return true;
  } catch (thrown) {
    const error = toEaselError(thrown);
    if (!error.detail?.startsWith('another Easel uses')) throw error;
    return false;
  }
}

/** What is asked of the client, which has no type where it comes from. */
interface Server {
  ping(): Promise<string>;
  info(): Promise<string>;
  disconnect(): void;
}

async function checkRedis(context: CheckContext): Promise<Finding[]> {
  const facts = await askRedis(context);
  const isFree = await tryOpening(context);
  const state = isFree ? 'can be used' : RUNNING;
  return [found.good(`${nameOf(facts)} answers; ${state}`), ...judgeRedis(facts)];
}

/** What INFO says; nothing where the user may not ask for it. */
async function askRedis({ config, logger }: CheckContext): Promise<string> {
  const { valkey } = await connectRedis(config.storeUrl, logger);
  const server: Server = valkey.redis;
  try {
    await server.ping();
    return await server.info().catch(() => '');
  } finally {
    server.disconnect();
  }
}

function factOf(facts: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(facts)?.[1] ?? '';
}

function nameOf(facts: string): string {
  const valkey = factOf(facts, 'valkey_version');
  const version = valkey || factOf(facts, 'redis_version');
  return `${valkey ? 'Valkey' : 'Redis'}${version && ` ${version}`}`;
}

/** What makes a server forget rows, and with them jobs that were paid. */
export function judgeRedis(facts: string): Finding[] {
  const policy = factOf(facts, 'maxmemory_policy');
  const evicts = !['', 'noeviction'].includes(policy) && factOf(facts, 'maxmemory') !== '0';
  return present([
    factOf(facts, 'aof_enabled') === '0' &&
      found.warning(
        'it has no append-only file, and loses the last minutes when it dies',
        'set "appendonly yes" in its configuration',
      ),
    evicts &&
      found.warning(
        `it deletes rows when its memory is full (${policy})`,
        'set "maxmemory-policy noeviction" in its configuration',
      ),
  ]);
}
