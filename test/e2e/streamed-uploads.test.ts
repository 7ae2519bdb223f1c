/** A picture goes from its file to the platform as the connection takes it: there is never a copy of it in memory. */
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Network, Picture, Platform } from '../../src/core/index.ts';
import { createNetwork } from '../../src/core/index.ts';
import { createDiscord } from '../../src/discord/discord.ts';
import { createTelegram } from '../../src/telegram/telegram.ts';
import { createRecordingLogger, deliveryOf, storePicture } from '../fakes/delivery.ts';

const MIB = 1024 * 1024;
const PICTURE_BYTES = 48 * MIB;
/** What the sockets of both sides and one read of the file may hold. */
const MAX_HELD_BYTES = 12 * MIB;

/** Takes one upload, but not before the test says so. */
async function startServer() {
  const { promise: arrived, resolve: noteArrival } = Promise.withResolvers<IncomingMessage>();
  const server = createServer((request, response) => {
    noteArrival(request);
    request.on('data', () => {}).pause();
    request.on('end', () => {
      const message = { message_id: 1, chat: { id: 1001 }, id: '1', channel_id: '2' };
      const answer = { ok: true, result: message, ...message };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const network = createNetwork({});
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await network.close();
  });
  return { arrived, network, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A true picture with nothing behind it: the file has holes, so that it takes no room. */
async function createLargePicture(): Promise<Picture> {
  const dot = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
    'base64',
  );
  const picture = await storePicture(dot);
  const file = await open(picture.path, 'r+');
  await file.truncate(PICTURE_BYTES);
  await file.close();
  return { ...picture, bytes: PICTURE_BYTES };
}

type Make = (origin: string, network: Network) => Platform;

const common = (origin: string, network: Network) => ({
  apiRoot: origin,
  network,
  logger: createRecordingLogger([]),
  language: 'en' as const,
  maxDownloadBytes: MIB,
  desk: {} as never,
  onReach: () => {},
  onFatal: () => {},
});

const telegram: Make = (origin, network) =>
  createTelegram({ token: '123:abc', ...common(origin, network) }).platform;
const discord: Make = (origin, network) =>
  createDiscord({
    token: 'a.b.c',
    shards: 1,
    shrink: () => Promise.reject(new Error('it fits')),
    ...common(origin, network),
  }).platform;

it.each([
  ['Telegram', telegram, { platform: 'telegram', chatId: 1001, messageId: 1 }],
  [
    'Discord',
    discord,
    {
      platform: 'discord',
      channelId: '2',
      userId: '3',
      isEphemeral: false,
      uploadLimit: 100 * MIB,
    },
  ],
] as const)(
  '%s waits with the rest of a picture while nobody reads',
  async (_name, make, target) => {
    const { arrived, network, origin } = await startServer();
    const platform = make(origin, network);
    const picture = await createLargePicture();
    const held = () => process.memoryUsage().external;
    const before = held();
    const delivering = platform.deliver(target, deliveryOf([picture], { asFiles: true }));
    const request = await arrived;
    // Time enough to read all of the file.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(held() - before).toBeLessThan(MAX_HELD_BYTES);
    request.resume();
    expect(await delivering).toHaveLength(1);
    expect(request.socket.bytesRead).toBeGreaterThan(PICTURE_BYTES);
  },
);
