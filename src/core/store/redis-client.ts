/** A connection to Redis or Valkey that comes back by itself, and answers or fails within seconds. */
import KeyvValkey from '@keyv/valkey';
import { EaselError } from '../errors.ts';
import type { Logger } from '../ports.ts';

/** What is used of the client inside `KeyvValkey`, which has no type there. */
export interface RedisClient {
  connect(): Promise<void>;
  disconnect(): void;
  on(event: 'ready', listener: () => void): unknown;
  eval(script: string, keyCount: 1, key: string, ...values: string[]): Promise<unknown>;
  info(section: 'persistence'): Promise<string>;
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    about: number,
  ): Promise<[cursor: string, keys: string[]]>;
}

export interface RedisConnection {
  valkey: KeyvValkey;
  client: RedisClient;
}

/**
 * A command that finds no connection waits for two tries to connect, 4 s at most, and is then never sent. One that was
 * sent and gets no answer fails after 5 s; it may have been obeyed, or be obeyed when a server that hung comes round.
 */
const LIMITS = {
  connectTimeout: 1_500,
  retryStrategy: (tries: number) => Math.min(tries * 200, 500),
  maxRetriesPerRequest: 1,
  commandTimeout: 5_000,
  // A connection that has died unnoticed: without this it would be used until TCP gives up, a quarter of an hour.
  socketTimeout: 3_000,
};

/** @throws EaselError `bad-config` (subject `STORE_URL`) when there is no such server, or it wants other credentials */
export async function connectRedis(url: string, logger: Logger): Promise<RedisConnection> {
  // Its sets of keys would put every namespace into one heap.
  const options = { ...readUrl(url), ...LIMITS, lazyConnect: true, useRedisSets: false };
  const valkey = new KeyvValkey(options);
  valkey.namespace = 'easel';
  const client: RedisClient = valkey.redis;
  let outage = '';
  valkey.on('error', (error: Error) => {
    if (outage === '') logger.warn({ reason: error.message }, 'store: no connection');
    outage = error.message;
  });
  client.on('ready', () => {
    if (outage !== '') logger.info({}, 'store: connected again');
    outage = '';
  });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw refuseUrl(`no connection (${outage || withoutCommand(error).message})`);
  }
  return { valkey, client };
}

export function refuseUrl(detail: string): EaselError {
  return new EaselError('bad-config', { subject: 'STORE_URL', detail });
}

function readUrl(url: string) {
  try {
    const { protocol, hostname, port, username, password, pathname } = new URL(url);
    const [, db] = /^\/?(\d*)$/.exec(pathname) ?? [];
    if (hostname === '' || db === undefined) throw new Error('incomplete');
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 6379),
      db: Number(db),
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' ? { tls: {} } : {}),
    };
  } catch {
    // What was thrown holds the whole URL, and that the password.
    throw refuseUrl('it does not read redis://user:password@host:port/number');
  }
}

/** Replies with errors carry the command that they answer: rows, or the password. */
export function withoutCommand(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if ('command' in error) delete error.command;
  return error;
}
