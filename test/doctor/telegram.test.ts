import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UserFromGetMe, WebhookInfo } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { NOWHERE, report } from './setup.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';
const SECRET = 'canary-secret';
const NOW = Date.now();

let telegram: FakeTelegram;

beforeEach(async () => {
  telegram = await createFakeTelegram({ token: TOKEN });
});
afterEach(() => telegram.close());

/** The next answer to a method that the fake does not know, or tells otherwise. */
function answer(method: string, result: object): void {
  telegram.script(method, { status: 200, html: JSON.stringify({ ok: true, result }) });
}

function playWebhook(state: Partial<WebhookInfo> = {}): void {
  const none = { url: '', has_custom_certificate: false, pending_update_count: 0 };
  answer('getWebhookInfo', { ...none, ...state });
}

async function ask(env: Record<string, string> = {}, now = () => NOW) {
  const given = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.origin, ...env };
  const found = await report(given, { now });
  expect(found.raw).not.toContain('canary');
  expect(found.raw).not.toContain('123456:');
  return found;
}

/** Answers health as Easel does, and everything else with `status`; gives its port. */
async function serveEasel(status: number): Promise<string> {
  const server = createServer(({ url }, response) =>
    url === '/healthz' ? response.end('ok') : response.writeHead(status).end(),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

describe('a bot', () => {
  it('is told by its name, and may not read along in groups', async () => {
    playWebhook();
    const { text, isWell } = await ask();
    expect(text).toContain('✓ Telegram: takes the token of @easel_bot.');
    expect(text).toContain('✓ Telegram: privacy mode is on: in groups it sees commands');
    expect(text).toContain('✓ Telegram updates: by long polling.');
    expect(text).toContain('✓ Clock: agrees');
    expect(isWell).toBe(true);
    expect(telegram.journal.map(({ method }) => method)).toEqual(['getMe', 'getWebhookInfo']);
  });

  it.each<[Partial<UserFromGetMe>, string]>([
    [
      { can_read_all_group_messages: true, can_join_groups: true },
      '✓ Telegram: privacy mode is off',
    ],
    [{ can_join_groups: false }, '! Telegram: the bot cannot be put into groups'],
  ])('%j: %s', async (me, line) => {
    answer('getMe', { ...telegram.me, ...me });
    playWebhook();
    expect((await ask()).text).toContain(line);
  });
});

describe('a token', () => {
  it('that is wrong is a problem', async () => {
    const { text, isWell } = await ask({ TELEGRAM_BOT_TOKEN: '99:AAcanary' });
    expect(text).toContain(
      '✗ Telegram: refuses the token (HTTP 401).\n  → TELEGRAM_BOT_TOKEN: copy',
    );
    expect(isWell).toBe(false);
  });

  it.each([
    ['a pause', { code: 429, description: 'canary' }, '! Telegram: answers with HTTP 429 just now'],
    [
      'a page',
      { status: 200, html: '<p>canary' },
      '✗ Telegram: what answers at 127.0.0.1 is no Bot',
    ],
    ['a break', 'reset' as const, '✗ Telegram: 127.0.0.1 cannot be reached: it broke'],
  ])('%s', async (_name, outcome, line) => {
    telegram.script('getMe', outcome);
    const { text, isWell } = await ask();
    expect(text).toContain(line);
    expect(isWell).toBe(line.startsWith('!'));
  });

  it('cannot be tried where nobody listens', async () => {
    const { text } = await ask({ TELEGRAM_API_ROOT: NOWHERE });
    expect(text).toContain('✗ Telegram: 127.0.0.1 cannot be reached: nothing listens there');
    expect(text).toContain('→ TELEGRAM_API_ROOT: is');
    expect(text).toContain('– Clock: not compared');
  });
});

describe('updates', () => {
  const HOOK = 'https://bot.example/canary-path';
  const WEBHOOK = { TELEGRAM_WEBHOOK_URL: HOOK, TELEGRAM_WEBHOOK_SECRET: SECRET };

  it.each<[string, Partial<WebhookInfo>, Record<string, string>, string]>([
    [
      'somebody’s webhook',
      { url: HOOK },
      {},
      '! Telegram updates: a webhook is set at bot.example',
    ],
    ['many wait', { pending_update_count: 101 }, {}, '! Telegram updates: 101 of them wait.'],
    ['as it should be', { url: HOOK }, WEBHOOK, '✓ Telegram updates: by webhook at bot.example'],
    ['not yet', {}, WEBHOOK, 'knows of no webhook; Easel sets its own when it starts.'],
    ['another', { url: 'https://b.example' }, WEBHOOK, 'another webhook, at b.example; Easel sets'],
    [
      'not checked',
      { url: HOOK },
      WEBHOOK,
      '– Telegram updates: whether the address can be reached',
    ],
    [
      'a failure',
      { url: HOOK, last_error_date: NOW / 1000 - 300, last_error_message: 'Connection refused' },
      WEBHOOK,
      '! Telegram updates: 5 minutes ago Telegram could not deliver: Connection refused.',
    ],
  ])('%s', async (_name, state, env, line) => {
    playWebhook(state);
    const { text, isWell } = await ask(env);
    expect(text).toContain(line);
    expect(isWell).toBe(true);
  });

  it('failed long ago, which is over', async () => {
    playWebhook({ url: HOOK, last_error_date: NOW / 1000 - 4000, last_error_message: 'x' });
    expect((await ask(WEBHOOK)).text).not.toContain('could not deliver');
  });

  it.each([
    [405, '✓ Telegram updates: the address leads here.'],
    [404, '! Telegram updates: something else answers at the address (HTTP 404).'],
  ])('come to an address that answers %i', async (status, line) => {
    const port = await serveEasel(status);
    const url = `http://127.0.0.1:${port}/canary-path`;
    playWebhook({ url });
    const { text, isWell } = await ask({ ...WEBHOOK, TELEGRAM_WEBHOOK_URL: url, HTTP_PORT: port });
    expect(text).toContain(line);
    expect(isWell).toBe(true);
  });

  it('are somebody else’s while Easel runs', async () => {
    const HTTP_PORT = await serveEasel(405);
    playWebhook({ url: 'https://b.example' });
    const away = { ...WEBHOOK, TELEGRAM_WEBHOOK_URL: NOWHERE, HTTP_PORT };
    const { text, isWell } = await ask(away);
    expect(text).toContain(
      '✗ Telegram updates: Telegram knows another webhook, at b.example, though',
    );
    expect(text).toContain('! Telegram updates: the address cannot be reached from here: nothing');
    expect(isWell).toBe(false);
  });
});

describe('the clock', () => {
  it.each([
    [301_000, '! Clock: it is 5 minutes ahead of'],
    [-3_600_000, '! Clock: it is 60 minutes behind'],
    [200_000, '✓ Clock: agrees'],
  ])('%i ms off', async (offMs, line) => {
    playWebhook();
    expect((await ask({}, () => Date.now() + offMs + 2_000)).text).toContain(line);
  });
});
