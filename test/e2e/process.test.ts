/** Start, stop and what stands between the bot and its operator. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';

let easel: EaselProcess | undefined;
let telegram: FakeTelegram | undefined;
let sandbox: Sandbox | undefined;

afterEach(async () => {
  await easel?.dispose();
  await telegram?.close();
  await sandbox?.close();
  telegram = undefined;
  sandbox = undefined;
});

describe('a wrong setting', () => {
  it('ends the start within two seconds, naming every problem and showing no value', async () => {
    const begun = performance.now();
    easel = runEasel({
      TELEGRAM_BOT_TOKEN: 'canary token',
      TELEGRAM_WEBHOOK_URL: 'https://bot.example/hook',
      PROVIDERS: 'ohmygpt,newapi',
      NEWAPI_API_KEY: 'canary-key',
      CONCURRENCY: '-1',
      MAX_IMAGE_MB: 'canary',
    });
    expect(await easel.ended).toBe(1);
    expect(performance.now() - begun).toBeLessThan(2_000);
    for (const name of [
      'TELEGRAM_BOT_TOKEN',
      'TELEGRAM_WEBHOOK_SECRET',
      'OHMYGPT_API_KEY',
      'NEWAPI_BASE_URL',
      'CONCURRENCY',
      'MAX_IMAGE_MB',
    ]) {
      expect(easel.output()).toContain(name);
    }
    expect(easel.output()).not.toContain('canary');
  });
});

describe('a folder or port that cannot be had', () => {
  it('is named, without a stack', async () => {
    easel = runEasel({ DATA_DIR: '/dev/null/canary' });
    expect(await easel.ended).toBe(1);
    expect(easel.output()).toContain('"setting":"DATA_DIR"');
    expect(easel.output()).not.toContain('    at ');
    await easel.dispose();
    telegram = await createFakeTelegram({ token: TOKEN });
    easel = runEasel({
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.origin,
      TELEGRAM_WEBHOOK_URL: 'https://bot.example/hook',
      TELEGRAM_WEBHOOK_SECRET: 'canary-secret',
      HTTP_PORT: new URL(telegram.origin).port,
    });
    expect(await easel.ended).toBe(1);
    expect(easel.output()).toContain('HTTP_PORT');
  });
});

describe('the bot', () => {
  it('opens the studio where there is no token, and says what makes it real', async () => {
    easel = runEasel({});
    await easel.wrote('Easel is ready');
    const [address = ''] = /http:\/\/127\.0\.0\.1:\d+\//.exec(easel.output()) ?? [];
    expect(await (await fetch(address)).text()).toContain('<title>Easel</title>');
    for (const words of [
      'sandbox',
      'PROVIDERS=ohmygpt',
      'OHMYGPT_API_KEY=',
      'TELEGRAM_BOT_TOKEN',
    ]) {
      expect(easel.output()).toContain(words);
    }
    easel.kill('SIGTERM');
    expect(await easel.ended).toBe(0);
  });

  it('says which gateway the studio spends money at', async () => {
    easel = runEasel({
      PROVIDERS: 'newapi',
      NEWAPI_API_KEY: 'sk-canary-key',
      NEWAPI_BASE_URL: 'http://127.0.0.1:9',
    });
    await easel.wrote('Easel is ready');
    expect(easel.output()).toContain('newapi, which may cost money');
    expect(easel.output()).not.toContain('OHMYGPT_API_KEY');
  });

  it('goes without its pages where the port is taken, since people are served in their chats', async () => {
    telegram = await createFakeTelegram({ token: TOKEN });
    easel = runEasel({
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.origin,
      HTTP_PORT: new URL(telegram.origin).port,
    });
    await easel.wrote('Easel is ready');
    expect(easel.output()).toContain('pages and health are not served');
    expect(easel.output()).toContain('HTTP_PORT');
  });

  it('ends with a reason that names the setting when Telegram refuses the token', async () => {
    telegram = await createFakeTelegram({ token: 'another' });
    easel = runEasel({ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.origin });
    expect(await easel.ended).toBe(1);
    expect(easel.output()).toContain('TELEGRAM_BOT_TOKEN');
    expect(easel.output()).not.toContain('canary');
  });
});

describe('a picture that is being painted', () => {
  /** Until the gateway has the request; slowly enough that what follows falls into the painting. */
  async function paint() {
    const fake = await createFakeTelegram({ token: TOKEN });
    telegram = fake;
    const { promise: painting, resolve: journal } = Promise.withResolvers<unknown>();
    sandbox = await createSandbox({ journal, delayMs: 20 });
    const running = runEasel({
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: fake.origin,
      PROVIDERS: 'newapi',
      NEWAPI_API_KEY: 'sk-canary-key',
      NEWAPI_BASE_URL: `${sandbox.origin}/newapi`,
    });
    easel = running;
    await running.wrote('Easel is ready');
    const ada = fake.person();
    ada.says('a fox in snow');
    await painting;
    const photos = () => fake.messages(ada.chat.id).filter((message) => message.photo);
    return { fake, running, photos };
  }

  it('is finished before the bot leaves with 0 on SIGTERM', async () => {
    const { running, photos } = await paint();
    running.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(photos(), running.output()).toHaveLength(1);
  });

  it('is finished by a bot that is replaced: another one polls first, then SIGTERM comes', async () => {
    const { fake, running, photos } = await paint();
    fake.script('getUpdates', {
      code: 409,
      description: 'Conflict: terminated by other getUpdates',
    });
    fake.person({ id: 1002 }).says('/help');
    await running.wrote('cannot go on');
    running.kill('SIGTERM');
    expect(await running.ended).toBe(1);
    expect(photos(), running.output()).toHaveLength(1);
  });
});

describe('a webhook', () => {
  it('is set at Telegram, and takes updates that show the secret', async () => {
    telegram = await createFakeTelegram({ token: TOKEN });
    easel = runEasel({
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.origin,
      TELEGRAM_WEBHOOK_URL: 'https://bot.example/some/hook',
      TELEGRAM_WEBHOOK_SECRET: 'canary-secret',
    });
    await easel.wrote('Easel is ready');
    const [setWebhook] = telegram.calls('setWebhook');
    expect(setWebhook?.fields).toMatchObject({ url: 'https://bot.example/some/hook' });
    const [, port] = /"port":(\d+)/.exec(easel.output()) ?? [];
    const chat = { id: 1001, type: 'private', first_name: 'Ada' };
    const from = { id: 1001, is_bot: false, first_name: 'Ada' };
    const message = { message_id: 1, date: 1, chat, from, text: 'a fox in snow' };
    const hook = `http://127.0.0.1:${port}/some/hook`;
    const post = (secret: string, body = JSON.stringify({ update_id: 1, message })) =>
      fetch(hook, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body,
      });
    expect((await fetch(hook)).status).toBe(405);
    expect((await post('another-secret')).status).toBe(401);
    expect((await post('canary-secret', 'x'.repeat(2_000_000))).status).toBe(413);
    expect((await post('canary-secret', 'no JSON')).status).toBe(400);
    expect((await post('canary-secret')).status).toBe(200);
    await telegram.waitFor(() => telegram?.calls('sendPhoto').length, 10_000);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(easel.output()).not.toContain('canary');
  });
});

it('leaves on SIGTERM although a post to the webhook never ends', async () => {
  telegram = await createFakeTelegram({ token: TOKEN });
  easel = runEasel({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.origin,
    TELEGRAM_WEBHOOK_URL: 'https://bot.example/hook',
    TELEGRAM_WEBHOOK_SECRET: 'canary-secret',
  });
  await easel.wrote('Easel is ready');
  const [, port] = /"port":(\d+)/.exec(easel.output()) ?? [];
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  const head = [
    'POST /hook HTTP/1.1',
    'host: bot.example',
    'content-length: 9',
    'x-telegram-bot-api-secret-token: canary-secret',
    '',
    '{',
  ];
  await new Promise((written) => socket.write(head.join('\r\n'), written));
  await new Promise((resolve) => setTimeout(resolve, 100));
  easel.kill('SIGTERM');
  expect(await easel.ended).toBe(0);
  socket.destroy();
});

describe('npm run imagine', () => {
  it('paints from words and edits a file, without a key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'easel-imagine-'));
    const fox = join(folder, 'fox.png');
    easel = runEasel(
      {},
      { script: 'src/imagine.ts', args: ['a fox in snow', '--ar', '16:9', '--out', fox] },
    );
    expect(await easel.ended, easel.output()).toBe(0);
    expect((await sharp(readFileSync(fox)).metadata()).width).toBe(1376);
    await easel.dispose();
    const night = join(folder, 'night');
    easel = runEasel(
      {},
      { script: 'src/imagine.ts', args: ['make it night', '--image', fox, '--out', night] },
    );
    expect(await easel.ended, easel.output()).toBe(0);
    expect((await sharp(readFileSync(`${night}.png`)).stats()).isOpaque).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('says what went wrong in words', async () => {
    easel = runEasel({}, { script: 'src/imagine.ts', args: ['fail:quota'] });
    expect(await easel.ended).toBe(1);
    expect(easel.output()).toMatch(/out of credit.*\n?Nothing was charged/);
  });
});
