/** One process at a time on a Redis: a row that its holder renews, and that runs out when nobody does. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type RedisClient, refuseUrl } from './redis-client.ts';

const KEY = 'easel:lease';
/** Outlives two renewals that fail. */
const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
const POLL_MS = 500;

/** Takes the row when it is free, renews it when it is ours: 1; 0 when it is another's. */
const HOLD = `
  local holder = redis.call('GET', KEYS[1])
  if holder and holder ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`;
const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

export interface LeaseOptions {
  /** How long to wait for another holder. @default 30 s */
  leaseWaitMs?: number;
  /** Another process holds the lease. It is called once; a server that cannot be asked loses nothing. */
  onLost?: () => void;
}

/**
 * Waits for the lease and keeps it; gives what frees it.
 * @throws EaselError `bad-config` (subject `STORE_URL`) when another process keeps it
 */
export async function takeLease(
  client: RedisClient,
  { leaseWaitMs = 30_000, onLost }: LeaseOptions,
): Promise<() => Promise<void>> {
  const token = randomUUID();
  const hold = async () => (await client.eval(HOLD, 1, KEY, token, String(LEASE_MS))) === 1;
  const deadline = performance.now() + leaseWaitMs;
  while (!(await hold())) {
    if (performance.now() >= deadline) throw refuseUrl('another Easel uses this database');
    await setTimeout(POLL_MS);
  }
  const timer = setInterval(async () => {
    // Without an answer the next renewal tells; rows cannot be written meanwhile either.
    if (await hold().catch(() => true)) return;
    clearInterval(timer);
    onLost?.();
  }, RENEW_MS).unref();
  return async () => {
    clearInterval(timer);
    // Where the server is away, the lease runs out.
    await client.eval(RELEASE, 1, KEY, token).catch(() => undefined);
  };
}
