import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../src/core/index.ts';
import { createPng, deliveryOf, passTime, setUp, sha256, storePicture, TOKEN } from './setup.ts';

afterEach(() => void vi.useRealTimers());

async function started() {
  const world = await setUp();
  await world.telegram.start();
  return world;
}

describe('start', () => {
  test('signs in, leaves the webhook, polls', async () => {
    const { fake, connected } = await started();
    expect(connected).toEqual(['telegram']);
    expect(fake.calls('deleteWebhook')).toHaveLength(1);
    const poll = await fake.waitFor(() => fake.calls('getUpdates')[0]);
    expect(poll.fields.allowed_updates).toEqual(['message', 'channel_post', 'callback_query']);
  });

  test('publishes every command in every scope and language', async () => {
    const { fake } = await started();
    const calls = fake.calls('setMyCommands');
    const places = calls.map(({ fields }) => {
      const { type } = fields.scope as { type: string };
      return `${type} ${fields.language_code ?? '-'}`;
    });
    const scopes = ['default', 'all_private_chats', 'all_group_chats'];
    const expected = ['-', 'en', 'zh', 'ja'].flatMap((tag) =>
      scopes.map((scope) => `${scope} ${tag}`),
    );
    expect(places.toSorted()).toEqual(expected.toSorted());
    for (const { fields, answer } of calls) {
      const commands = fields.commands as { command: string }[];
      expect(commands.map(({ command }) => command)).toEqual([...COMMANDS]);
      expect(answer?.ok).toBe(true);
    }
    expect(calls[0]?.fields.commands).toContainEqual({
      command: 'imagine',
      description: 'Paint a picture from words',
    });
  });

  test('names the setting when the token is refused', async () => {
    const { fake, telegram } = await setUp();
    fake.script('getMe', { code: 401, description: 'Unauthorized' });
    await expect(telegram.start()).rejects.toMatchObject({
      code: 'bad-config',
      subject: 'TELEGRAM_BOT_TOKEN',
    });
  });

  test.each([
    ['getMe', 502, 'Bad Gateway'],
    ['setMyCommands', 500, 'Internal Server Error'],
  ])('waits for a Telegram that is in trouble: %s %i', async (method, code, description) => {
    const { fake, telegram } = await setUp();
    fake.script(method, { code, description });
    await expect(telegram.start()).rejects.toMatchObject({ code: 'unreachable', status: code });
  });

  test('says so when Telegram answers nonsense', async () => {
    const { fake, telegram } = await setUp();
    fake.script('getMe', ...Array.from({ length: 4 }, () => ({ status: 502, html: '<html>' })));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failed: unknown[] = [];
    telegram.start().catch((error: unknown) => failed.push(error));
    await passTime(() => failed.length > 0);
    expect(failed).toMatchObject([{ code: 'unreachable' }]);
  });
});

test('a slow desk holds back its own chat only', async () => {
  const { fake, desk, heard } = await started();
  const { hear } = desk;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  desk.hear = async (message) => {
    await hear(message);
    if (message.words === 'first') await held;
  };
  fake.person().says('first');
  await fake.waitFor(() => heard.length === 1);
  fake.person().says('second');
  fake.person({ id: 2002 }).says('other');
  await fake.waitFor(() => heard.length === 2);
  release();
  await fake.waitFor(() => heard.length === 3);
  expect(heard.map(({ words }) => words)).toEqual(['first', 'other', 'second']);
});

test('an update whose handler throws is logged and skipped', async () => {
  const { fake, desk, heard, lines } = await started();
  const { hear } = desk;
  desk.hear = () => Promise.reject(new Error('secret words'));
  fake.person().says('a fox');
  await fake.waitFor(() => lines.length === 1);
  desk.hear = hear;
  fake.person().says('a cat');
  await fake.waitFor(() => heard[0]?.words === 'a cat');
  expect(lines.join()).not.toContain('secret words');
});

test('a group that moves is told to the desk, before anything else from it', async () => {
  const { fake, moves, heard } = await started();
  fake.migrate(-9, -1009);
  fake.person({}, -1009).says('/imagine a fox');
  await fake.waitFor(() => heard.length === 1);
  expect(moves).toEqual([['telegram:-9', 'telegram:-1009']]);
});

test("the reply to the bot's own picture brings that picture", async () => {
  const { fake, platform, heard } = await started();
  const ada = fake.person({}, -9);
  ada.says('/imagine a fox');
  const { target } = await fake.waitFor(() => heard[0]);
  const bytes = await createPng(500, 400);
  const [posted] = await platform.deliver(target, deliveryOf([await storePicture(bytes)]));
  const result = await fake.waitFor(() => fake.messages(-9)[1]);
  ada.says('make it night', { reply: result });
  const { replied } = await fake.waitFor(() => heard[1]);
  expect(replied?.message).toBe(posted?.message);
  const [attachment] = replied?.attachments ?? [];
  if (attachment === undefined) throw new Error('no attachment');
  const signal = new AbortController().signal;
  const loaded = await platform.load(attachment, { maxBytes: 1_000_000, signal });
  expect(sha256(loaded)).toBe(sha256(bytes));
});

describe('albums', () => {
  async function waiting(caption?: string) {
    const world = await started();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const pictures = await Promise.all(['red', 'blue'].map((color) => createPng(100, 80, color)));
    const ada = world.fake.person();
    const parts = await ada.sendsAlbum(pictures, caption === undefined ? {} : { caption });
    const again = async (extra: { caption?: string } = {}) => {
      const group = parts[0]?.media_group_id ?? '';
      return ada.sendsPhoto(await createPng(90, 90), { media_group_id: group, ...extra });
    };
    await passTime(() => world.heard.length > 0);
    return { ...world, ada, again };
  }

  test('are one message, and hold nothing else back', async () => {
    const { fake, heard } = await started();
    const ada = fake.person();
    const pictures = await Promise.all(['red', 'blue', 'lime'].map((c) => createPng(100, 80, c)));
    await ada.sendsAlbum(pictures, { caption: 'together' });
    ada.says('a fox');
    await fake.waitFor(() => heard[0]?.words === 'a fox');
    const album = await fake.waitFor(() => heard[1]);
    expect(album).toMatchObject({ words: 'together' });
    expect(album.attachments).toHaveLength(3);
  });

  test('that wait are handed on when the bot stops', async () => {
    const { fake, telegram, heard } = await started();
    await fake.person().sendsAlbum([await createPng(), await createPng()], { caption: 'x' });
    await fake.waitFor(() => fake.calls('getUpdates').length > 1);
    await telegram.stop();
    expect(heard.map(({ attachments }) => attachments.length)).toEqual([2]);
  });

  test('a late part without which there were no words makes the album anew', async () => {
    const { heard, again } = await waiting();
    await again({ caption: 'night' });
    await passTime(() => heard.length === 2);
    expect(heard).toMatchObject([
      { words: '', messages: ['telegram:1001:1', 'telegram:1001:2'] },
      { words: 'night', messages: [1, 2, 3].map((id) => `telegram:1001:${id}`) },
    ]);
    expect(heard[1]?.attachments).toHaveLength(3);
    expect(heard[1]?.id).not.toBe(heard[0]?.id);
  });

  test('a late part after work began is refused by an answer to it', async () => {
    const { fake, heard, again } = await waiting('night');
    const late = await again();
    await passTime(() => fake.messages(1001).length === 4);
    expect(fake.messages(1001)[3]).toMatchObject({
      text: 'This picture came too late to be part of the album. Please send it again.',
      reply_to_message: { message_id: late.message_id },
    });
    expect(heard).toHaveLength(1);
  });
});

test('the token shows in no log line, error, message or body', async () => {
  const { fake, desk, platform, lines, heard } = await started();
  const target = { platform: 'telegram', chatId: 1001, messageId: 1 };
  const reply = { text: 'x', buttons: [] };
  fake.script('sendMessage', 'reset', { status: 502, html: `<html>bot${TOKEN}</html>` });
  fake.script('file', 'reset');
  const { hear } = desk;
  desk.hear = async () => void (await platform.close(target, reply));
  const ada = fake.person();
  ada.says('/help');
  await fake.waitFor(() => lines.length === 1);
  desk.hear = hear;
  const failed: unknown[] = [];
  await platform.close(target, reply).catch((error: unknown) => failed.push(error));
  await ada.sendsPhoto(await createPng(), { caption: 'night' });
  const [attachment] = (await fake.waitFor(() => heard[0])).attachments;
  if (attachment === undefined) throw new Error('no attachment');
  const signal = new AbortController().signal;
  await platform
    .load(attachment, { maxBytes: 1_000_000, signal })
    .catch((error: unknown) => failed.push(error));
  expect(failed).toHaveLength(2);
  const everything = inspect([lines, failed, fake.journal, heard], { depth: 12 });
  expect(everything).not.toContain(TOKEN);
});
