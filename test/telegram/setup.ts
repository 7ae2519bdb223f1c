import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { Engine, Logger, Picture, PictureRequest } from '../../src/core/index.ts';
import { createNetwork } from '../../src/core/net/network.ts';
import { createTelegram, type TelegramOptions } from '../../src/telegram/telegram.ts';
import { createFakeTelegram } from '../fakes/telegram-api.ts';

/** A token as Telegram makes them; nothing that leaves the adapter may hold it. */
export const TOKEN = '123456:AAcanaryCANARYcanaryCANARYcanary00';

function createRecordingEngine() {
  const requests: PictureRequest[] = [];
  const cancels: { jobId: string; personId: string }[] = [];
  const connected: string[] = [];
  const engine: Engine = {
    connect: (name) => void connected.push(name),
    submit: async (request) => void requests.push(request),
    cancel(jobId, personId) {
      cancels.push({ jobId, personId });
      return jobId === 'foreign' ? 'not-yours' : jobId === 'gone' ? 'nothing' : 'cancelled';
    },
    cancelAll: (personId) => (personId === 'telegram:1001' ? 2 : 0),
    close: async () => {},
  };
  return { engine, requests, cancels, connected };
}

function createRecordingLogger() {
  const lines: string[] = [];
  const record = (fields: object, message: string) =>
    void lines.push(JSON.stringify({ ...fields, message }));
  const logger: Logger = { debug: record, info: record, warn: record, error: record };
  return { logger, lines };
}

/** The adapter beside a fake Bot API; both end with the test. */
export async function setUp(overrides: Partial<TelegramOptions> = {}) {
  const fake = await createFakeTelegram({ token: TOKEN });
  const network = createNetwork({});
  const recorded = createRecordingEngine();
  const { logger, lines } = createRecordingLogger();
  const fatal: Error[] = [];
  const telegram = createTelegram({
    token: TOKEN,
    apiRoot: fake.origin,
    engine: recorded.engine,
    network,
    logger,
    language: 'en',
    maxDownloadBytes: 20_000_000,
    onFatal: (error) => void fatal.push(error),
    ...overrides,
  });
  onTestFinished(async () => {
    await telegram.stop();
    await network.close();
    await fake.close();
  });
  return { fake, telegram, lines, fatal, platform: telegram.platform, ...recorded };
}

export function createPng(width = 400, height = 300, color = '#2266aa'): Promise<Buffer> {
  const create = { width, height, channels: 3 as const, background: color };
  return sharp({ create, limitInputPixels: false }).png().toBuffer();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A picture on disk, as the core delivers it; `facts` can tell other than the truth. */
export async function storePicture(bytes: Buffer, facts: Partial<Picture> = {}): Promise<Picture> {
  const hash = sha256(bytes);
  const path = join(await mkdtemp(join(tmpdir(), 'easel-telegram-')), hash);
  await writeFile(path, bytes);
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return { hash, path, mediaType: 'image/png', width, height, bytes: bytes.length, ...facts };
}

export const target = { platform: 'telegram', chatId: 1001, messageId: 1, language: 'en' };
