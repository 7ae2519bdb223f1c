/** What lies on this machine: the folder, the store, the styles, the port, the lists of ids. */
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openStore } from '../../src/core/index.ts';
import { judgeAccess } from '../../src/doctor/access.ts';
import { judgeSpace, MIN_FREE_BYTES } from '../../src/doctor/data-dir.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { judgeRedis } from '../../src/doctor/store.ts';
import { createRedisServer, findRedis } from '../core/store/redis-server.ts';
import { makeFolder, NOWHERE, report } from './setup.ts';

const logger = { debug() {}, info() {}, warn() {}, error() {} };

async function serve(answer: string): Promise<string> {
  const server = createServer((_request, response) => response.end(answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

describe('DATA_DIR', () => {
  it('is tried, and left as it was', async () => {
    const folder = makeFolder();
    const { text, isWell } = await report({ DATA_DIR: folder });
    expect(text).toMatch(/✓ DATA_DIR: can be written; [\d.]+ GB are free\./);
    expect(text).toContain('– Store: no database yet');
    expect(isWell).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not made when it is missing', async () => {
    const folder = makeFolder();
    const { text } = await report({ DATA_DIR: join(folder, 'one', 'two') });
    expect(text).toContain('✓ DATA_DIR: can be written');
    expect(existsSync(join(folder, 'one'))).toBe(false);
  });

  it('is a problem when it cannot be had', async () => {
    const { text, isWell } = await report({ DATA_DIR: '/dev/null/canary' });
    expect(text).toContain(
      '✗ DATA_DIR: it cannot be written: it, or what it lies in, is no folder',
    );
    expect(text).not.toContain('canary');
    expect(isWell).toBe(false);
  });

  it('should have room', () => {
    expect(judgeSpace(MIN_FREE_BYTES)).toMatchObject({ mark: 'good' });
    expect(judgeSpace(MIN_FREE_BYTES - 1)).toMatchObject({ mark: 'warning' });
  });
});

describe('the store', () => {
  it('is opened, and may be a running Easel’s', async () => {
    const dataDir = makeFolder();
    const store = await openStore({ url: 'sqlite:', dataDir, logger });
    const { text, isWell } = await report({ DATA_DIR: dataDir });
    expect(text).toContain('✓ Store: Easel is running with it now.');
    expect(isWell).toBe(true);
    await store.close();
    expect((await report({ DATA_DIR: dataDir })).text).toContain('✓ Store: easel.db is sound.');
  });

  it('is a problem when it is damaged', async () => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, 'easel.db'), 'canary'.repeat(1000));
    const { text, isWell } = await report({ DATA_DIR: dataDir });
    expect(text).toContain('✗ Store: easel.db is damaged');
    expect(text).toContain('→ DATA_DIR: ');
    expect(isWell).toBe(false);
  });

  it('gets no lock from another user, whom it would keep Easel out for', async () => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, 'easel.db'), '');
    vi.spyOn(process, 'getuid').mockReturnValue(statSync(dataDir).uid + 1);
    const { text } = await report({ DATA_DIR: dataDir });
    expect(text).toContain('– Store: easel.db is another user’s');
    expect(existsSync(join(dataDir, 'easel.lock'))).toBe(false);
    vi.restoreAllMocks();
  });

  it('is a problem when no Redis is there, and its password stays home', async () => {
    const url = NOWHERE.replace('http://', 'redis://:canary-word@');
    const { text, isWell } = await report({ STORE_URL: url });
    expect(text).toMatch(/✗ Store: no connection .*ECONNREFUSED.*\n {2}→ STORE_URL: /);
    expect(text).not.toContain('canary');
    expect(isWell).toBe(false);
  });

  it.each([
    ['aof_enabled:1\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\n', []],
    ['aof_enabled:1\r\nmaxmemory:9\r\nmaxmemory_policy:noeviction\r\n', []],
    ['maxmemory:9\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n', ['append', 'allkeys-lru']],
    ['', []],
  ])('should not forget: %j', (facts, words) => {
    const found = judgeRedis(facts);
    expect(found).toHaveLength(words.length);
    for (const [at, word] of words.entries()) expect(found[at]?.text).toContain(word);
  });
});

const redis = findRedis();
if (redis !== undefined) {
  test('a Redis is asked who it is, whether Easel runs with it or not', async () => {
    const server = await createRedisServer(redis);
    onTestFinished(() => server.kill());
    const url = `redis://127.0.0.1:${server.port}`;
    const idle = await report({ STORE_URL: url });
    expect(idle.text).toMatch(/✓ Store: (Redis|Valkey) \d[\d.]+ answers; can be used\./);
    expect(idle.text).toContain('! Store: it has no append-only file');
    expect(idle.isWell).toBe(true);
    const store = await openStore({ url, dataDir: '', logger });
    expect((await report({ STORE_URL: url })).text).toContain('; Easel is running with it now.');
    await store.close();
  });
}

describe('styles.yaml', () => {
  it.each([
    ['', '– styles.yaml: no styles of your own'],
    ['- {name: fox, label: Fox, prompt: a fox}', '✓ styles.yaml: 1 of your own understood.'],
    ['- {name: fox}', '✗ styles.yaml: entry 1 (“fox”): label'],
    ['fox: [', '✗ styles.yaml: '],
  ])('%j', async (content, line) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'styles.yaml'), content);
    const { text, isWell } = await report({ DATA_DIR: folder });
    expect(text).toContain(line);
    expect(isWell).toBe(!line.startsWith('✗'));
  });
});

describe('the port', () => {
  it('is free', async () => {
    const { text } = await report({ HTTP_PORT: '0' });
    expect(text).toContain('✓ HTTP_HOST, HTTP_PORT: port 0');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect((await report({ HTTP_PORT: String(port) })).text).toContain('the port is free.');
  });

  it.each([
    ['ok', '✓ HTTP_HOST, HTTP_PORT: Easel is running there now.', true],
    ['something', '✗ HTTP_HOST, HTTP_PORT: something else listens there.', false],
  ])('is held by who answers %j', async (answer, line, expected) => {
    const { text, isWell } = await report({ HTTP_PORT: await serve(answer) });
    expect(text).toContain(line);
    expect(isWell).toBe(expected);
  });

  it('needs an address of this machine', async () => {
    // Reserved for documentation: nobody has it.
    const { text, isWell } = await report({ HTTP_HOST: '192.0.2.1' });
    expect(text).toContain('✗ HTTP_HOST, HTTP_PORT: this machine has no such address.');
    expect(isWell).toBe(false);
  });

  it.each([
    ['0.0.0.0', true],
    ['127.0.0.1', false],
  ])('at %s needs the one-time link: %s', async (host, needsLink) => {
    const { text } = await report({ HTTP_HOST: host });
    expect(text.includes('opens by the one-time link only')).toBe(needsLink);
  });
});

describe('lists of ids', () => {
  const SNOWFLAKE = '123456789012345678';

  it.each<[Record<string, string>, Partial<Finding>]>([
    [{ ADMINS: `discord:${SNOWFLAKE}` }, { mark: 'good', text: '1 listed' }],
    [{ ADMINS: 'discord:1234' }, { text: 'entry 1 does not look like an id of Discord' }],
    [
      { ALLOWED_USERS: `discord:${SNOWFLAKE},telegram:${SNOWFLAKE}` },
      { text: 'entry 2 does not look like an id of Telegram' },
    ],
    [{ ALLOWED_CHATS: 'telegram:1001234567890' }, { mark: 'warning', name: 'ALLOWED_CHATS' }],
    [
      { ALLOWED_CHATS: `telegram:-1001234567890,discord:${SNOWFLAKE}` },
      { text: 'entry 1 is for telegram, which is off', mend: 'TELEGRAM_BOT_TOKEN' },
    ],
    [{}, { mark: 'unset', name: 'ADMINS' }],
    [{}, { mark: 'unset', name: 'ALLOWED_USERS, ALLOWED_CHATS' }],
  ])('%j: %j', (env, finding) => {
    const found = judgeAccess(loadConfig({ DISCORD_BOT_TOKEN: 'a.b.c', ...env }));
    expect(found).toContainEqual(expect.objectContaining(finding));
  });
});
