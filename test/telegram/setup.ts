import { setTimeout as realPause } from 'node:timers/promises';
import type { Message } from 'grammy/types';
import sharp from 'sharp';
import { onTestFinished, vi } from 'vitest';
import {
  type Desk,
  type IncomingMessage,
  type Press,
  type PressAnswer,
  resolveLanguage,
} from '../../src/core/index.ts';
import { createNetwork } from '../../src/core/net/network.ts';
import { createTelegram, type TelegramOptions } from '../../src/telegram/telegram.ts';
import { createRecordingLogger, deliveryOf, sha256, storePicture } from '../fakes/delivery.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';

export { deliveryOf, sha256, storePicture };

/** A token as Telegram makes them; nothing that leaves the adapter may hold it. */
export const TOKEN = '123456:AAcanaryCANARYcanaryCANARYcanary00';

/** A desk that only notes what it gets. Presses are answered by `answers`, one after the other, then by silence. */
function createRecordingDesk() {
  const heard: IncomingMessage[] = [];
  const presses: Press[] = [];
  const answers: PressAnswer[] = [];
  const links: [message: string, turn: string][] = [];
  const moves: [from: string, to: string][] = [];
  const connected: string[] = [];
  const desk: Desk = {
    connect: (name) => void connected.push(name),
    hear: async (message) => void heard.push(message),
    async press(press) {
      presses.push(press);
      return answers.shift() ?? { type: 'note', text: '' };
    },
    link: async (message, turn) => void links.push([message, turn]),
    settings: async () => [],
    models: async () => [],
    styles: async () => [],
    language: async ({ language }) => resolveLanguage(language, 'en'),
    moveChat: async (from, to) => void moves.push([from, to]),
  };
  return { desk, heard, presses, answers, links, moves, connected };
}

/** The adapter beside a fake Bot API (a new one, or `fake`); both end with the test. */
export async function setUp({
  fake: known,
  ...overrides
}: Partial<TelegramOptions> & { fake?: FakeTelegram } = {}) {
  const fake = known ?? (await createFakeTelegram({ token: TOKEN }));
  const network = createNetwork({});
  const recorded = createRecordingDesk();
  const lines: string[] = [];
  const logger = createRecordingLogger(lines);
  const fatal: Error[] = [];
  const reached: boolean[] = [];
  const telegram = createTelegram({
    token: TOKEN,
    apiRoot: fake.origin,
    desk: recorded.desk,
    network,
    logger,
    language: 'en',
    maxDownloadBytes: 20_000_000,
    onReach: (isReached) => void reached.push(isReached),
    onFatal: (error) => void fatal.push(error),
    ...overrides,
  });
  onTestFinished(async () => {
    await telegram.stop();
    await network.close();
    await fake.close();
  });
  return { fake, telegram, lines, fatal, reached, platform: telegram.platform, ...recorded };
}

export function createPng(width = 400, height = 300, color = '#2266aa'): Promise<Buffer> {
  const create = { width, height, channels: 3 as const, background: color };
  return sharp({ create, limitInputPixels: false }).png().toBuffer();
}

export const target = { platform: 'telegram', chatId: 1001, messageId: 1 };

/** The bot's own messages in a chat. */
export function shown(fake: FakeTelegram, chatId = 1001): Message[] {
  return fake.messages(chatId).filter(({ from }) => from?.is_bot);
}

/** Lets faked time pass in small steps, so that real sockets keep up, until `isDone`; gives the time passed. */
export async function passTime(isDone: () => boolean): Promise<number> {
  let passedMs = 0;
  while (!isDone() && passedMs < 60_000) {
    await vi.advanceTimersByTimeAsync(100);
    await realPause(2);
    passedMs += 100;
  }
  return passedMs;
}
