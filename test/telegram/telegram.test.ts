import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPng, setUp, sha256, storePicture, TOKEN } from './setup.ts';

afterEach(() => void vi.useRealTimers());

/** Lets faked time pass in small steps, so that real sockets keep up, until `isDone`; gives the time passed. */
async function passTime(isDone: () => boolean): Promise<number> {
  let passedMs = 0;
  while (!isDone() && passedMs < 60_000) {
    await vi.advanceTimersByTimeAsync(100);
    await pause(2);
    passedMs += 100;
  }
  return passedMs;
}

async function started() {
  const world = await setUp();
  await world.telegram.start();
  return world;
}

describe('start', () => {
  test('signs in, publishes the commands in every language, leaves the webhook, polls', async () => {
    const { fake, connected } = await started();
    expect(connected).toEqual(['telegram']);
    const commands = fake.calls('setMyCommands').map(({ fields }) => fields);
    expect(commands.map((fields) => fields.language_code)).toEqual([undefined, 'en', 'zh', 'ja']);
    expect(commands[0]?.commands).toContainEqual({
      command: 'imagine',
      description: 'Paint a picture from words',
    });
    expect(fake.calls('deleteWebhook')).toHaveLength(1);
    const poll = await fake.waitFor(() => fake.calls('getUpdates')[0]);
    expect(poll.fields.allowed_updates).toEqual(['message', 'callback_query']);
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

describe('polling', () => {
  test.each([
    [401, 'Unauthorized'],
    [409, 'Conflict: terminated by other getUpdates request'],
  ])('ends for good after %i', async (code, description) => {
    const { fake, telegram, fatal } = await setUp();
    fake.script('getUpdates', { code, description });
    await telegram.start();
    await expect
      .poll(() => fatal, { interval: 1 })
      .toMatchObject([{ code: 'bad-config', status: code, subject: 'TELEGRAM_BOT_TOKEN' }]);
  });

  test('goes on after anything else within 5 s, without losing an update', async () => {
    const { fake, telegram, requests, fatal } = await setUp();
    fake.script('getUpdates', { status: 502, html: '<html>' }, 'reset', 'reset-after');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await telegram.start();
    fake.person().says('a fox');
    for (const polls of [1, 2, 3, 4]) {
      const passedMs = await passTime(() => fake.calls('getUpdates').length >= polls);
      expect(passedMs).toBeLessThanOrEqual(5000);
    }
    await fake.waitFor(() => requests.length === 1);
    expect(fatal).toEqual([]);
  });

  test('confirms what it took', async () => {
    const { fake, requests } = await started();
    const ada = fake.person();
    ada.says('a fox');
    await fake.waitFor(() => requests.length === 1);
    ada.says('a cat');
    await fake.waitFor(() => requests.length === 2);
    await fake.waitFor(() => fake.calls('getUpdates').at(-1)?.fields.offset === 700_003);
    expect(requests.map(({ id }) => id)).toEqual(['telegram:700001', 'telegram:700002']);
  });

  test('a slow engine holds back its own chat only', async () => {
    const { fake, engine, requests } = await started();
    const { submit } = engine;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    engine.submit = async (request) => {
      await submit(request);
      if (request.prompt === 'first') await held;
    };
    fake.person().says('first');
    await fake.waitFor(() => requests.length === 1);
    fake.person().says('second');
    fake.person({ id: 2002 }).says('other');
    await fake.waitFor(() => requests.length === 2);
    release();
    await expect.poll(() => requests.length, { interval: 1 }).toBe(3);
    expect(requests.map(({ prompt }) => prompt)).toEqual(['first', 'other', 'second']);
  });

  test('an update whose handler throws is logged and skipped', async () => {
    const { fake, engine, requests, lines } = await started();
    const { submit } = engine;
    engine.submit = () => Promise.reject(new Error('secret words'));
    fake.person().says('a fox');
    await expect.poll(() => lines.length, { interval: 1 }).toBe(1);
    engine.submit = submit;
    fake.person().says('a cat');
    await fake.waitFor(() => requests[0]?.prompt === 'a cat');
    expect(lines.join()).not.toContain('secret words');
  });
});

describe('answers', () => {
  test.each([
    ['/start', 'Hello!'],
    ['/edit night', 'Reply to a picture with /edit'],
    ['/imagine', 'Tell me what to paint'],
    ['/cancel', 'Cancelled.'],
  ])('%s', async (text, expected) => {
    const { fake, requests } = await started();
    const message = fake.person().says(text);
    const answer = await fake.waitFor(() => fake.messages(1001)[1]);
    expect(answer.text).toContain(expected);
    expect(answer.reply_to_message?.message_id).toBe(message.message_id);
    expect(requests).toEqual([]);
  });

  test('in the language of the person', async () => {
    const { fake } = await started();
    fake.person({ id: 2002, language_code: 'zh-hans' }).says('/cancel');
    const answer = await fake.waitFor(() => fake.messages(2002)[1]);
    expect(answer.text).toMatch(/\p{Script=Han}/u);
  });

  test("the reply to the bot's own picture edits that picture", async () => {
    const { fake, platform, requests } = await started();
    const ada = fake.person({}, -9);
    ada.says('/imagine a fox');
    const { target } = await fake.waitFor(() => requests[0]);
    const bytes = await createPng(500, 400);
    const pictures = [await storePicture(bytes)];
    await platform.deliver(target, { pictures, text: 'a fox', sources: [] });
    const result = await fake.waitFor(() => fake.messages(-9)[1]);
    ada.says('make it night', { reply: result });
    const [attachment] = (await fake.waitFor(() => requests[1])).attachments;
    if (attachment === undefined) throw new Error('no attachment');
    const signal = new AbortController().signal;
    const loaded = await platform.load(attachment, { maxBytes: 1_000_000, signal });
    expect(sha256(loaded)).toBe(sha256(bytes));
  });
});

describe('albums', () => {
  test('are one request, and hold nothing else back', async () => {
    const { fake, requests } = await started();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ada = fake.person();
    const pictures = await Promise.all(['red', 'blue', 'lime'].map((c) => createPng(100, 80, c)));
    await ada.sendsAlbum(pictures, { caption: 'together' });
    ada.says('a fox');
    await fake.waitFor(() => requests[0]?.prompt === 'a fox');
    await vi.advanceTimersByTimeAsync(700);
    const album = await fake.waitFor(() => requests[1]);
    expect(album).toMatchObject({ prompt: 'together' });
    expect(album.attachments).toHaveLength(3);
  });

  test('that wait are handed on when the bot stops', async () => {
    const { fake, telegram, requests } = await started();
    await fake.person().sendsAlbum([await createPng(), await createPng()], { caption: 'x' });
    await fake.waitFor(() => fake.calls('getUpdates').at(-1)?.fields.offset === 700_003);
    await telegram.stop();
    expect(requests.map(({ attachments }) => attachments.length)).toEqual([2]);
  });
});

describe('the cancel button', () => {
  test.each([
    ['c:job-1', 'Cancelled.'],
    ['c:foreign', 'Only the person who asked can cancel this.'],
    ['c:gone', 'There is nothing to cancel.'],
    ['x:job-1', undefined],
    ['', undefined],
  ])('%s is answered by %s', async (data, expected) => {
    const { fake, cancels } = await started();
    const ada = fake.person();
    const id = ada.presses(ada.says('/help'), data);
    const { fields } = await fake.waitFor(() => fake.calls('answerCallbackQuery')[0]);
    expect(fields).toEqual({ callback_query_id: id, ...(expected && { text: expected }) });
    const jobId = data.startsWith('c:')
      ? [{ jobId: data.slice(2), personId: 'telegram:1001' }]
      : [];
    expect(cancels).toEqual(jobId);
  });

  test('carries the job through the status message', async () => {
    const { fake, platform, requests, cancels } = await started();
    const ada = fake.person();
    ada.says('a fox');
    const { target } = await fake.waitFor(() => requests[0]);
    const cancel = { label: '✖ Cancel', jobId: '0123456789abcdef-0123456789abcdef' };
    await platform.showStatus(target, { text: 'on it', cancel });
    const status = await fake.waitFor(() => fake.messages(1001)[1]);
    ada.presses(status);
    await fake.waitFor(() => cancels[0]?.jobId === cancel.jobId);
  });
});

test('the token shows in no log line, error, message or body', async () => {
  const { fake, platform, lines, requests } = await started();
  fake.script('sendMessage', 'reset', { status: 502, html: `<html>bot${TOKEN}</html>` });
  fake.script('file', 'reset');
  const ada = fake.person();
  ada.says('/help');
  await expect.poll(() => lines.length, { interval: 1 }).toBe(1);
  const failed: unknown[] = [];
  await platform
    .close({ platform: 'telegram', chatId: 1001, messageId: 1 }, 'x')
    .catch((error: unknown) => failed.push(error));
  await ada.sendsPhoto(await createPng(), { caption: 'night' });
  const [attachment] = (await fake.waitFor(() => requests[0])).attachments;
  if (attachment === undefined) throw new Error('no attachment');
  const signal = new AbortController().signal;
  await platform
    .load(attachment, { maxBytes: 1_000_000, signal })
    .catch((error: unknown) => failed.push(error));
  expect(failed).toHaveLength(2);
  const everything = inspect([lines, failed, fake.journal, requests], { depth: 12 });
  expect(everything).not.toContain(TOKEN);
});
