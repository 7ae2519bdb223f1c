/** What a monitor and an operator see of the real process. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Report } from '../../src/core/index.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';
const PERSON = 4_711_815;
const WAIT_MS = 15_000;

let telegram: FakeTelegram;
let sandbox: Sandbox;
let started: EaselProcess[];

beforeEach(async () => {
  started = [];
  telegram = await createFakeTelegram({ token: TOKEN });
  sandbox = await createSandbox();
});
afterEach(async () => {
  await Promise.all(started.map((process) => process.dispose()));
  await Promise.all([telegram.close(), sandbox.close()]);
});

function run(more: Record<string, string> = {}): EaselProcess {
  const process = runEasel({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.origin,
    PROVIDERS: 'newapi',
    NEWAPI_API_KEY: 'sk-canary-key-1,sk-canary-key-2',
    NEWAPI_BASE_URL: `${sandbox.origin}/newapi`,
    PRICES: '*=0.25',
    ...more,
  });
  started.push(process);
  return process;
}

/** As a monitor on another host asks, which has no pass. */
async function get(process: EaselProcess, path: string) {
  const [, port] = /"port":(\d+)/.exec(process.output()) ?? [];
  const headers = { 'x-forwarded-for': '203.0.113.1' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function report(process: EaselProcess): Promise<Report> {
  const [, port] = /"port":(\d+)/.exec(process.output()) ?? [];
  return JSON.parse(await (await fetch(`http://127.0.0.1:${port}/operator/report`)).text());
}

it('tells what was painted and what failed, and nothing of anybody', async () => {
  const process = run();
  await process.wrote('Easel is ready');
  expect(await get(process, '/readyz')).toEqual({ status: 200, text: 'ready' });
  const ada = telegram.person({ id: PERSON });
  ada.says('a canary in snow');
  await telegram.waitFor(() => telegram.calls('sendPhoto').length === 1, WAIT_MS);
  ada.says('fail:quota canary');
  const told = () => telegram.messages(ada.chat.id).some(({ text }) => text?.includes('credit'));
  await telegram.waitFor(told, WAIT_MS);
  const seen = await vi.waitFor(async () => {
    const { text } = await get(process, '/metrics');
    expect(text).toContain('outcome="failed"');
    return text;
  });
  expect(seen).toContain('easel_jobs_total{platform="telegram",outcome="delivered",code="ok"} 1');
  expect(seen).toContain('easel_jobs_total{platform="telegram",outcome="failed",code="quota"} 1');
  expect(seen).toMatch(/easel_pictures_total\{platform="telegram",model="[^"]+"\} 1/);
  expect(seen).toContain('easel_gateway_tries_total{provider="newapi",key="1",code="ok"} 1');
  expect(seen).toContain('easel_gateway_tries_total{provider="newapi",key="2",code="quota"} 1');
  expect(seen).toContain('easel_platform_connected{platform="telegram"} 1');
  expect(seen).toMatch(/easel_cost_dollars_total\{[^}]+\} 0\.25/);

  const first = await report(process);
  expect(first).toMatchObject({
    queue: { waiting: 0, running: 0 },
    failures: [{ platform: 'telegram', outcome: 'failed', code: 'quota', provider: 'newapi' }],
    days: [{ platforms: { telegram: 1 }, outcomes: { delivered: 1, failed: 1 } }],
  });
  expect(first.platforms.map(({ name, state }) => [name, state])).toEqual([
    ['telegram', 'connected'],
    ['web', 'connected'],
  ]);
  expect(first.providers[0]?.keys[1]?.restsUntil).toBeGreaterThan(Date.now());
  for (const text of [seen, JSON.stringify(first)]) {
    expect(text).not.toMatch(/canary|snow/);
    expect(text).not.toContain(String(PERSON));
  }

  process.kill('SIGTERM');
  expect(await process.ended).toBe(0);
  const again = run({ DATA_DIR: process.dataDir });
  await again.wrote('Easel is ready');
  const second = await report(again);
  expect(second.days).toEqual(first.days);
  expect(second.failures).toEqual([]);
}, 40_000);

it('is not ready while a platform is out of reach, and then is', async () => {
  telegram.script('getMe', { code: 500, description: 'Internal Server Error' });
  const process = run();
  await process.wrote('pages and health are served');
  await process.wrote('cannot be reached');
  expect(await get(process, '/healthz')).toEqual({ status: 200, text: 'ok' });
  expect(await get(process, '/readyz')).toEqual({
    status: 503,
    text: 'telegram: not connected\n',
  });
  await process.wrote('platform is connected');
  await process.wrote('Easel is ready');
  expect(await get(process, '/readyz')).toEqual({ status: 200, text: 'ready' });
}, 30_000);

it('lets nobody in from outside but by its link, once', async () => {
  const process = run({ HTTP_HOST: '0.0.0.0' });
  await process.wrote('Easel is ready');
  const [, port = '', key = ''] = /:(\d+)\/enter\?key=([\w-]+)/.exec(process.output()) ?? [];
  const origin = `http://127.0.0.1:${port}`;
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    (await fetch(origin + path, { method, headers })).status;
  const closed = ['/', '/operator', '/operator/report', '/operator/words', '/api/state'];
  const own = { 'sec-fetch-site': 'same-origin' };
  const cancel = '/operator/jobs/AAAAAAAAAAAA/cancel';
  const all = (headers: Record<string, string>) =>
    Promise.all([
      ...closed.map((path) => ask(path, headers)),
      ask(cancel, { ...own, ...headers }, 'POST'),
    ]);
  expect(await all({})).toEqual(Array(6).fill(403));
  expect(await ask('/enter?key=another')).toBe(403);
  const entered = await fetch(`${origin}/enter?key=${key}`);
  const [cookie = ''] = entered.headers.get('set-cookie')?.split(';', 1) ?? [];
  expect(await all({ cookie })).toEqual(Array(6).fill(200));
  expect(await ask(`/enter?key=${key}`)).toBe(403);
  expect(await all({})).toEqual(Array(6).fill(403));
  expect(process.output()).not.toMatch(/canary/i);
}, 20_000);
