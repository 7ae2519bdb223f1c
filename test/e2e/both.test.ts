/** Telegram and Discord in one process, on one store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from 'grammy/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFakeDiscord, type FakeDiscord } from '../fakes/discord-api.ts';
import { pictureMessages, pressLabelled } from '../fakes/discord-results.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TELEGRAM_TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';
const DISCORD_TOKEN = 'MTAwMDAw.canary.CANARYcanaryCANARYcanary';
const WAIT_MS = 15_000;
/** The same number on both platforms: two people nevertheless. */
const ID = 1001;

let telegram: FakeTelegram;
let discord: FakeDiscord;
let dataDir: string;
let easel: EaselProcess;

beforeEach(async () => {
  telegram = await createFakeTelegram({ token: TELEGRAM_TOKEN });
  discord = await createFakeDiscord({ token: DISCORD_TOKEN, maxConcurrency: 16 });
  dataDir = mkdtempSync(join(tmpdir(), 'easel-both-'));
});

afterEach(async () => {
  await easel.dispose();
  await Promise.all([telegram.close(), discord.close()]);
  rmSync(dataDir, { recursive: true, force: true });
});

function run(): EaselProcess {
  easel = runEasel({
    TELEGRAM_BOT_TOKEN: TELEGRAM_TOKEN,
    TELEGRAM_API_ROOT: telegram.origin,
    DISCORD_BOT_TOKEN: DISCORD_TOKEN,
    DISCORD_API_ROOT: discord.origin,
    DAILY_IMAGES_PER_USER: '2',
    DATA_DIR: dataDir,
  });
  return easel;
}

async function endWell(): Promise<void> {
  easel.kill('SIGTERM');
  expect(await easel.ended, easel.output()).toBe(0);
  expect(easel.output()).not.toMatch(/canary/i);
}

function telegramPictures(): Message[] {
  return telegram.messages(ID).filter(({ from, photo }) => from?.is_bot && photo);
}

/** The latest picture on each platform, once each has so many. */
function nthPictures(count: number) {
  return telegram.waitFor(() => {
    const [there, here] = [telegramPictures(), pictureMessages(discord)];
    const photo = there.at(-1);
    const message = here.at(-1);
    const isDone = there.length === count && here.length === count;
    return isDone && photo && message && { photo, message };
  }, WAIT_MS);
}

it('pictures at the same time, limits of their own, and buttons that outlive the process', async () => {
  await run().wrote('Easel is ready');
  const tia = telegram.person({ id: ID });
  const dan = discord.person({ id: String(ID) });
  tia.says('a fox in snow');
  dan.command(discord.channelId, 'imagine', { prompt: 'a castle' });
  const { photo, message } = await nthPictures(1);
  expect(message.attachments[0]?.description).toBe('a castle');
  await endWell();

  await run().wrote('Easel is ready');
  tia.presses(photo);
  pressLabelled(dan, message, '🔁');
  await nthPictures(2);
  // The third is too much for each, by their own count.
  tia.says('a fox in snow');
  const refused = await telegram.waitFor(
    () => telegram.messages(ID).find(({ text }) => text?.includes('daily limit is 2')),
    WAIT_MS,
  );
  expect(refused.from?.is_bot).toBe(true);
  const usage = dan.command(discord.channelId, 'usage');
  await discord.waitFor(() => usage.reply?.content.includes('2 of 2'), WAIT_MS);
  await endWell();
}, 60_000);

it.each([
  {
    down: 'Discord',
    silence: () => discord.script('GET /applications/@me', 'hang', 'hang'),
    ask: () => telegram.person({ id: ID }).says('a fox in snow'),
    pictures: () => telegramPictures(),
  },
  {
    down: 'Telegram',
    silence: () => telegram.script('getMe', 'hang', 'hang'),
    ask: () => discord.person().command(discord.channelId, 'imagine', { prompt: 'a fox in snow' }),
    pictures: () => pictureMessages(discord),
  },
])(
  'while $down does not answer, the other paints, and the process leaves with 0',
  async ({ down, silence, ask, pictures }) => {
    silence();
    run();
    await discord.waitFor(
      () =>
        down === 'Discord'
          ? telegram.calls('getUpdates').length > 0
          : discord.gateway.connected > 0,
      WAIT_MS,
    );
    ask();
    await discord.waitFor(() => pictures().length === 1, WAIT_MS);
    expect(easel.output()).not.toContain('Easel is ready');
    await endWell();
  },
  30_000,
);
