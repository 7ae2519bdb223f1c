import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { openStore, type StoreOptions } from '../../../src/core/store/open-store.ts';
import { connectRedis, type RedisConnection } from '../../../src/core/store/redis-client.ts';
import { createRedisRows } from '../../../src/core/store/redis-rows.ts';
import { createStorage } from '../../../src/core/store/storage.ts';
import { storeContract } from '../../contract/store.contract.ts';
import { createRedisServer, findRedis, type RedisServer } from './redis-server.ts';
import { keyvAdapterSuite } from './storage-suite.ts';

const binary = findRedis();
if (binary === undefined) {
  test('Redis: no server binary on this machine, not covered here', () => {
    expect(findRedis()).toBeUndefined();
  });
} else {
  redisTests(binary);
}

function redisTests(redis: string): void {
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const LEASE = 'easel:lease';
  let server: RedisServer;
  /** Speaks to the server beside the store. */
  let beside: RedisConnection;
  const url = (database = 0) => `redis://127.0.0.1:${server.port}/${database}`;
  const open = (options: Partial<StoreOptions> = {}) =>
    openStore({ url: url(), dataDir: '/nonexistent', logger, leaseWaitMs: 0, ...options });
  const say = (script: string, value = '') => beside.client.eval(script, 1, LEASE, value);

  beforeAll(async () => {
    server = await createRedisServer(redis);
    beside = await connectRedis(url(), logger);
  });
  afterAll(async () => {
    beside.client.disconnect();
    await server.kill();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  storeContract('Redis', {
    open: () => open({ url: url(1) }),
    isDurable: true,
    breakDown: (store) => store.close(),
  });

  keyvAdapterSuite('Redis', async () => {
    const connection = await connectRedis(url(2), logger);
    await connection.client.eval("redis.call('FLUSHDB')", 1, LEASE);
    return createStorage(createRedisRows(connection));
  });

  describe('rows', () => {
    it('are forgotten by the server itself when their time is over', async () => {
      const store = await open();
      await store.table('brief', { ttlMs: 60_000 }).set('key', 1);
      const left = await say("return redis.call('PTTL', 'namespace:easel:brief:key')");
      expect(left).toBeGreaterThan(50_000);
      expect(left).toBeLessThanOrEqual(60_000);
      await store.close();
    });

    it('are warned of when the server keeps them in memory only', async () => {
      logger.warn.mockClear();
      await (await open()).close();
      expect(logger.warn).toHaveBeenCalledExactlyOnceWith({}, expect.stringContaining('loses'));
    });

    it('do not show in errors, logged as deeply as can be', async () => {
      const store = await open();
      await beside.valkey.redis.config('SET', 'maxmemory', '1');
      const failure = await store
        .table('rows')
        .set('private-key', 'private words')
        .catch((e) => e);
      await beside.valkey.redis.config('SET', 'maxmemory', '0');
      expect(failure).toMatchObject({ code: 'internal', cause: { message: /^OOM/ } });
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('private');
      await store.close();
    });
  });

  describe('the lease', () => {
    beforeEach(() => say("redis.call('DEL', KEYS[1])"));
    const IN_USE = {
      code: 'bad-config',
      subject: 'STORE_URL',
      detail: 'another Easel uses this database',
    };

    it('is for one store at a time, and freed with it', async () => {
      const store = await open();
      await expect(open()).rejects.toMatchObject(IN_USE);
      expect(await say("return redis.call('PTTL', KEYS[1])")).toBeGreaterThan(8_000);
      await store.close();
      expect(await say("return redis.call('EXISTS', KEYS[1])")).toBe(0);
      await (await open()).close();
    });

    it('is waited for while a killed process still has it', async () => {
      await say("redis.call('SET', KEYS[1], 'killed', 'PX', 700)");
      const store = await open({ leaseWaitMs: 5_000 });
      expect(await say("return redis.call('GET', KEYS[1])")).not.toBe('killed');
      await store.close();
    });

    it('is waited for no longer than was said', async () => {
      await say("redis.call('SET', KEYS[1], 'alive', 'PX', 60000)");
      await expect(open({ leaseWaitMs: 600 })).rejects.toMatchObject(IN_USE);
      expect(await say("return redis.call('GET', KEYS[1])")).toBe('alive');
    });

    it('is renewed, taken again when it ran out, and told when it is lost', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const onLost = vi.fn();
      const store = await open({ onLost });
      const left = () => say("return redis.call('PTTL', KEYS[1])");
      await say("redis.call('PEXPIRE', KEYS[1], 5000)");
      await vi.advanceTimersByTimeAsync(3_000);
      await vi.waitFor(async () => expect(await left()).toBeGreaterThan(5_000));
      await say("redis.call('DEL', KEYS[1])");
      await vi.advanceTimersByTimeAsync(3_000);
      await vi.waitFor(async () => expect(await left()).toBeGreaterThan(5_000));
      expect(onLost).not.toHaveBeenCalled();
      await say("redis.call('SET', KEYS[1], 'another', 'PX', 60000)");
      await vi.advanceTimersByTimeAsync(3_000);
      await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
      await vi.advanceTimersByTimeAsync(9_000);
      await store.close();
      expect(onLost).toHaveBeenCalledOnce();
      // It was not this store's to free any more.
      expect(await say("return redis.call('GET', KEYS[1])")).toBe('another');
    });
  });

  describe('a server that goes away', () => {
    let frail: RedisServer;
    beforeEach(async () => {
      frail = await createRedisServer(redis);
    });
    afterEach(async () => {
      frail.signal('SIGCONT');
      await frail.kill();
    });

    it('fails commands within seconds, and is found again', async () => {
      logger.warn.mockClear();
      logger.info.mockClear();
      const onLost = vi.fn();
      const store = await open({ url: `redis://127.0.0.1:${frail.port}`, onLost });
      const table = store.table('rows');
      await table.set('key', 1);
      await frail.kill();
      const start = performance.now();
      for (const call of [() => table.set('key', 2), () => table.get('key')]) {
        await expect(call()).rejects.toMatchObject({ code: 'internal', subject: 'store' });
      }
      expect(performance.now() - start).toBeLessThan(10_000);
      await frail.start();
      await vi.waitFor(() => table.set('key', 3), { timeout: 8_000 });
      expect(await table.get('key')).toBe(3);
      const told = logger.warn.mock.calls.filter(([, text]) => text === 'store: no connection');
      expect(told.length).toBe(1);
      expect(logger.info).toHaveBeenCalledExactlyOnceWith({}, 'store: connected again');
      expect(onLost).not.toHaveBeenCalled();
      await store.close();
    });

    it('fails commands within seconds when it merely hangs', async () => {
      const store = await open({ url: `redis://127.0.0.1:${frail.port}` });
      const table = store.table('rows');
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      frail.signal('SIGSTOP');
      const failed = expect(table.get('key')).rejects.toMatchObject({ code: 'internal' });
      await vi.advanceTimersByTimeAsync(5_000);
      await failed;
      frail.signal('SIGCONT');
      await vi.waitFor(() => table.set('key', 3), { timeout: 9_000 });
      await store.close();
    });
  });

  describe('STORE_URL', () => {
    const PASSWORD = 'p@ss:w/rd%';
    const refusal = (detail: RegExp) => ({
      code: 'bad-config',
      subject: 'STORE_URL',
      detail: expect.stringMatching(detail),
    });
    let locked: RedisServer;
    beforeAll(async () => {
      locked = await createRedisServer(redis, '--requirepass', PASSWORD);
    });
    afterAll(() => locked.kill());

    it('carries a password of any characters', async () => {
      const credentials = `:${encodeURIComponent(PASSWORD)}`;
      await (await open({ url: `redis://${credentials}@127.0.0.1:${locked.port}/3` })).close();
    });

    it.each([
      ['a wrong password', (port: number) => `redis://:hush-hush@127.0.0.1:${port}`, /WRONGPASS/],
      ['a wrong user', (port: number) => `redis://me:hush-hush@127.0.0.1:${port}`, /WRONGPASS/],
      ['no password', (port: number) => `redis://127.0.0.1:${port}`, /NOAUTH/],
      ['no server', () => 'redis://:hush-hush@127.0.0.1:1', /ECONNREFUSED/],
      [
        'TLS where there is none',
        (port: number) => `rediss://:hush-hush@127.0.0.1:${port}`,
        /no c/,
      ],
      ['a bad port', () => 'redis://:hush-hush@127.0.0.1:99999', /does not read/],
      ['a bad escape', () => 'redis://:hush-hush%@127.0.0.1', /does not read/],
      ['a name as database', () => 'redis://:hush-hush@127.0.0.1/one', /does not read/],
      ['no host', () => 'redis:', /does not read/],
      ['another kind', () => 'postgres://:hush-hush@127.0.0.1', /neither/],
    ])('is refused within seconds and kept secret: %s', async (_, urlOf, detail) => {
      for (const log of Object.values(logger)) log.mockClear();
      const failure = await open({ url: urlOf(locked.port) }).catch((error) => error);
      expect(failure).toMatchObject(refusal(detail));
      const logged = Object.values(logger).flatMap((log) => log.mock.calls);
      expect(inspect([failure, logged], { depth: 9, showHidden: true })).not.toContain('hush');
    });
  });
}
