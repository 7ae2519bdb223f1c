/** Everything that leaves the process goes through the operator's proxy: Telegram, gateway, and picture links. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeProxy, startFakeProxy } from '../fakes/proxy.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';

let telegram: FakeTelegram;
let gateway: Server;
let proxy: FakeProxy;
let easel: EaselProcess | undefined;

/** A gateway whose answer is a link, and the host of that link: two services, so that each is seen on its own. */
beforeEach(async () => {
  telegram = await createFakeTelegram({ token: TOKEN });
  proxy = await startFakeProxy();
  const picture = await sharp({
    create: { width: 64, height: 64, channels: 3, background: 'teal' },
  })
    .png()
    .toBuffer();
  gateway = createServer((request, response) => {
    if (request.method === 'GET') return response.end(picture);
    const content = `![image](http://127.0.0.1:${portOf(gateway)}/picture)`;
    return response.end(JSON.stringify({ choices: [{ message: { content } }] }));
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await easel?.dispose();
  gateway.closeAllConnections();
  gateway.close();
  await Promise.all([telegram.close(), proxy.close()]);
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function start(settings: Record<string, string>): Promise<EaselProcess> {
  easel = runEasel({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.origin,
    PROVIDERS: 'newapi',
    NEWAPI_API_KEY: 'sk-canary-key',
    NEWAPI_BASE_URL: `http://127.0.0.1:${portOf(gateway)}`,
    ...settings,
  });
  await easel.wrote('Easel is ready');
  return easel;
}

const answer = (chatId: number) =>
  telegram.waitFor(
    () =>
      telegram
        .messages(chatId)
        .find(
          (message) => message.from?.is_bot && (message.photo || message.text?.startsWith('⚠️')),
        ),
    10_000,
  );

describe.each([
  ['connect', () => proxy.httpUrl],
  ['socks5', () => proxy.socksUrl],
] as const)('HTTPS_PROXY by %s', (protocol, url) => {
  it('carries Telegram, the paid request and the picture behind a link', async () => {
    const host = `127.0.0.1:${portOf(gateway)}`;
    await start({ HTTPS_PROXY: url(), TRUSTED_HOSTS: host });
    const ada = telegram.person();
    ada.says('a fox in snow');
    expect((await answer(ada.chat.id)).photo).toBeDefined();
    const asked = proxy.journal.map((tunnel) => `${tunnel.protocol} ${tunnel.port}`);
    expect(new Set(asked)).toEqual(
      new Set([`${protocol} ${portOf(gateway)}`, `${protocol} ${new URL(telegram.origin).port}`]),
    );
    expect(asked.filter((entry) => entry.endsWith(` ${portOf(gateway)}`))).toHaveLength(2);
  });

  it('does not open private addresses to links', async () => {
    const running = await start({ HTTPS_PROXY: url() });
    const ada = telegram.person();
    ada.says('a fox in snow');
    expect((await answer(ada.chat.id)).text).toContain('link');
    const asked = proxy.journal.filter((tunnel) => tunnel.port === portOf(gateway));
    expect(asked).toHaveLength(1);
    expect(running.output()).not.toContain('canary');
  });
});

it('NO_PROXY names what goes without', async () => {
  await start({
    HTTPS_PROXY: proxy.httpUrl,
    NO_PROXY: `127.0.0.1:${portOf(gateway)}`,
    TRUSTED_HOSTS: `127.0.0.1:${portOf(gateway)}`,
  });
  const ada = telegram.person();
  ada.says('a fox in snow');
  expect((await answer(ada.chat.id)).photo).toBeDefined();
  expect(proxy.journal.map((tunnel) => tunnel.port)).not.toContain(portOf(gateway));
});
