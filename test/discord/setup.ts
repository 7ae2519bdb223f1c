import type { APIMessage } from 'discord.js';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import {
  type ChoiceGroup,
  createNetwork,
  type Desk,
  type IncomingMessage,
  type Picture,
  type Press,
  type PressAnswer,
  type ReplyTarget,
  resolveLanguage,
} from '../../src/core/index.ts';
import { createDiscord, type DiscordOptions } from '../../src/discord/discord.ts';
import { createRecordingLogger, deliveryOf, sha256, storePicture } from '../fakes/delivery.ts';
import {
  createFakeDiscord,
  type FakeDiscord,
  type FakeDiscordOptions,
} from '../fakes/discord-api.ts';

export { createRecordingLogger, deliveryOf, sha256, storePicture };

/** Nothing that leaves the adapter, but to Discord, may hold it. */
export const TOKEN = 'MTAwMDAw.canary.CANARYcanaryCANARYcanary';

type React<T, R> = (thing: T) => Promise<R> | R;

/** A desk that only notes what it gets; `on.hear` and `on.press` say what becomes of it. */
function createRecordingDesk() {
  const heard: IncomingMessage[] = [];
  const presses: Press[] = [];
  const links: [message: string, turn: string][] = [];
  const connected: string[] = [];
  const groups: ChoiceGroup[] = [];
  const on: { hear: React<IncomingMessage, void>; press: React<Press, PressAnswer> } = {
    hear: () => {},
    press: () => ({ type: 'note', text: '' }),
  };
  const desk: Desk = {
    connect: (name) => void connected.push(name),
    async hear(message) {
      heard.push(message);
      await on.hear(message);
    },
    async press(press) {
      presses.push(press);
      return on.press(press);
    },
    link: async (message, turn) => void links.push([message, turn]),
    settings: async () => groups,
    models: async () => ['gemini-image', 'gemini-pro-image', 'x'.repeat(120)],
    styles: async () => [
      { name: 'night', label: '🌙 Night', prompt: 'make it night' },
      { name: 'sketch', label: '🖍 Sketch', prompt: 'a pencil sketch' },
    ],
    language: async ({ language }) => resolveLanguage(language, 'en'),
    moveChat: async () => {},
  };
  return { desk, heard, presses, links, connected, groups, on };
}

type SetUpOptions = Partial<DiscordOptions> & { about?: Partial<FakeDiscordOptions> };

/** The adapter beside a fake Discord; both end with the test. */
export async function setUp({ about = {}, ...overrides }: SetUpOptions = {}) {
  const fake = await createFakeDiscord({ token: TOKEN, ...about });
  const network = createNetwork({});
  const recorded = createRecordingDesk();
  const lines: string[] = [];
  const logger = createRecordingLogger(lines);
  const fatal: Error[] = [];
  const reached: boolean[] = [];
  const discord = createDiscord({
    token: TOKEN,
    apiRoot: fake.origin,
    desk: recorded.desk,
    network,
    logger,
    language: 'en',
    maxDownloadBytes: 20_000_000,
    shards: 'auto',
    shrink,
    onReach: (isReached) => void reached.push(isReached),
    onFatal: (error) => void fatal.push(error),
    ...overrides,
  });
  onTestFinished(async () => {
    await discord.stop();
    await network.close();
    await fake.close();
  });
  return { fake, discord, lines, fatal, reached, network, platform: discord.platform, ...recorded };
}

export async function started(options: SetUpOptions = {}) {
  const world = await setUp(options);
  await world.discord.start();
  return world;
}

/** What the core will offer: a JPEG that is small enough. */
async function shrink(picture: Picture, maxBytes: number): Promise<Picture> {
  for (let quality = 90; quality > 0; quality -= 20) {
    const bytes = await sharp(picture.path).jpeg({ quality }).toBuffer();
    if (bytes.length <= maxBytes) return storePicture(bytes, { mediaType: 'image/jpeg' });
  }
  throw new Error('too large');
}

export function createPng(width = 40, height = 30, color = '#2266aa'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: color } })
    .png()
    .toBuffer();
}

/** Hard to compress: about three bytes for each pixel. */
export function createNoise(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  return sharp({ create: { width, height, channels: 3, background: '#000', noise } })
    .png()
    .toBuffer();
}

/** The bot's own messages in a channel, as `viewerId` sees them. */
export function shown(fake: FakeDiscord, channelId = fake.channelId, viewerId?: string) {
  return fake.messages(channelId, viewerId).filter(({ author }) => author.id === fake.me.id);
}

export function buttonsOf({ components = [] }: APIMessage): string[] {
  return components.flatMap((row) =>
    'components' in row
      ? row.components.flatMap((part) => ('label' in part && part.label ? [part.label] : []))
      : [],
  );
}

export const CANCEL = { label: '✖ Cancel', id: 'x:abcdefghijkl' };
export const AGAIN = { label: '🔁 Again', id: 'a:abcdefghijkl' };
export const EDIT = { label: '✏️ Edit', id: 'e:abcdefghijkl' };
export const WORKING = { text: 'working', buttons: [[CANCEL]] };

/** The target of the newest thing heard. */
export function lastTarget(heard: IncomingMessage[]): ReplyTarget {
  const target = heard.at(-1)?.target;
  if (target === undefined) throw new Error('nothing was heard');
  return target;
}
