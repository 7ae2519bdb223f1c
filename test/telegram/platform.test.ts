import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Button } from '../../src/core/index.ts';
import { describePlatform } from '../contract/platform.contract.ts';
import {
  createPng,
  deliveryOf,
  setUp,
  sha256,
  shown,
  storePicture,
  TOKEN,
  target,
} from './setup.ts';

afterEach(() => void vi.useRealTimers());

const BLOCKED = { code: 403, description: 'Forbidden: bot was blocked by the user' };
const CANCEL: Button = { label: '✖ Cancel', id: 'x:abcdefghijkl' };
const say = (text: string, buttons: Button[][] = []) => ({ text, buttons });

describePlatform('Telegram', async () => {
  const { fake, platform } = await setUp();
  const wish = fake.person().says('a fox');
  return {
    platform,
    target: { ...target, messageId: wish.message_id },
    personId: 'telegram:2002',
    pictures: (count) =>
      Promise.all(Array.from({ length: count }, async () => storePicture(await createPng(40, 30)))),
    seen: () =>
      shown(fake).map((message) => ({
        text: message.text ?? message.caption ?? '',
        pictures: message.photo || message.document ? 1 : 0,
        buttons: (message.reply_markup?.inline_keyboard.flat() ?? []).map(({ text }) => text),
      })),
    notices: () => fake.messages(2002).map(({ text = '' }) => text),
    putFile: (bytes) => ({ platform: 'telegram', id: fake.putFile(Buffer.from(bytes)) }),
    block: () => {
      for (const method of ['sendMessage', 'sendPhoto', 'editMessageText']) {
        fake.script(method, BLOCKED, BLOCKED, BLOCKED);
      }
    },
  };
});

describe('repeating', () => {
  const wait = { code: 429, description: 'Too Many Requests: retry after 0' };

  test('a send that was told to wait is sent again, its file whole', async () => {
    const world = await setUp();
    world.fake.script('sendPhoto', { ...wait, parameters: { retry_after: 0 } });
    const bytes = await createPng();
    await world.platform.deliver(target, deliveryOf([await storePicture(bytes)]));
    const calls = world.fake.calls('sendPhoto');
    expect(calls.flatMap(({ files }) => Object.values(files).map((file) => file.sha256))).toEqual([
      sha256(bytes),
      sha256(bytes),
    ]);
    expect(shown(world.fake)).toHaveLength(1);
  });

  test('a status edit that was told to wait is not tried again before', async () => {
    const { fake, platform } = await setUp();
    const named = await platform.showStatus(target, say('on it'));
    fake.script('editMessageText', { ...wait, parameters: { retry_after: 30 } });
    for (const text of ['1', '2', '3']) await platform.showStatus(named, say(text));
    expect(fake.calls('editMessageText')).toHaveLength(1);
  });

  test('a send that is told to wait forever gives up', async () => {
    const { fake, platform } = await setUp();
    const forever = { ...wait, parameters: { retry_after: 3600 } };
    fake.script('sendMessage', forever);
    await expect(platform.close(target, say('x'))).rejects.toMatchObject({ status: 429 });
    const always = { ...wait, parameters: { retry_after: 0 } };
    fake.script('sendMessage', ...Array.from({ length: 9 }, () => always));
    await expect(platform.close(target, say('x'))).rejects.toMatchObject({ status: 429 });
    expect(fake.calls('sendMessage')).toHaveLength(5);
  });

  test.each(['reset', 'reset-after'] as const)(
    'after a %s no picture is sent twice',
    async (how) => {
      const world = await setUp();
      world.fake.script('sendPhoto', how);
      const failing = world.platform.deliver(
        target,
        deliveryOf([await storePicture(await createPng())]),
      );
      await expect(failing).rejects.toMatchObject({ code: 'delivery-failed' });
      expect(world.fake.calls('sendPhoto')).toHaveLength(1);
    },
  );

  test('a page of a proxy in between is no success and is not repeated', async () => {
    const { fake, platform, lines } = await setUp();
    fake.script('sendMessage', { status: 502, html: '<html>Bad Gateway</html>' });
    await expect(platform.close(target, say('x'))).rejects.toMatchObject({
      code: 'delivery-failed',
    });
    expect(fake.calls('sendMessage')).toHaveLength(1);
    expect(lines.join()).not.toContain('html');
  });

  test('the last word is written again after a broken connection', async () => {
    const world = await setUp();
    const named = await world.platform.showStatus(target, say('on it'));
    world.fake.script('editMessageText', 'reset');
    await world.platform.close(named, say('it failed'));
    expect(shown(world.fake)).toMatchObject([{ text: 'it failed' }]);
  });

  test('a status edit is tried once, whatever happens', async () => {
    const { fake, platform, lines } = await setUp();
    const named = await platform.showStatus(target, say('on it'));
    const slow = { ...wait, parameters: { retry_after: 40 } };
    fake.script('editMessageText', 'reset', BLOCKED, slow);
    for (const text of ['1', '2', '3']) await platform.showStatus(named, say(text));
    expect(fake.calls('editMessageText')).toHaveLength(3);
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain(TOKEN);
  });
});

describe('the pace of status edits', () => {
  test('in a group, jobs side by side share one edit in 3 s', async () => {
    const { fake, platform } = await setUp();
    const group = { ...target, chatId: -9 };
    const jobs = [
      await platform.showStatus(group, say('a')),
      await platform.showStatus(group, say('b')),
    ];
    for (const round of [1, 2, 3]) {
      for (const job of jobs) await platform.showStatus(job, say(`${round}`));
    }
    expect(fake.calls('editMessageText')).toHaveLength(1);
  });

  test('no waiting edit changes the last word', async () => {
    const { fake, platform } = await setUp();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const named = await platform.showStatus({ ...target, chatId: -9 }, say('a'));
    for (const text of ['b', 'c']) await platform.showStatus(named, say(text));
    await platform.close(named, say('it failed'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(fake.calls('editMessageText').map(({ fields }) => fields.text)).toEqual([
      'b',
      'it failed',
    ]);
  });
});

describe('closing', () => {
  test('a status that someone deleted is replaced by a message', async () => {
    const world = await setUp();
    world.fake.script('editMessageText', {
      code: 400,
      description: 'Bad Request: message to edit not found',
    });
    const named = await world.platform.showStatus(target, say('on it'));
    await world.platform.close(named, say('it failed'));
    expect(shown(world.fake).map(({ text }) => text)).toEqual(['it failed']);
  });

  test('a last word that already stands is enough', async () => {
    const world = await setUp();
    const named = await world.platform.showStatus(target, say('Cancelled.'));
    await world.platform.close(named, say('Cancelled.'));
    expect(shown(world.fake).map(({ text }) => text)).toEqual(['Cancelled.']);
  });

  test('a long last word takes several messages', async () => {
    const world = await setUp();
    const named = await world.platform.showStatus(target, say('on it'));
    await world.platform.close(named, say('y'.repeat(5000)));
    expect(shown(world.fake).map(({ text }) => text?.length)).toEqual([4096, 904]);
  });

  test('buttons stand below the last piece, whose message is given back', async () => {
    const { fake, platform } = await setUp();
    const named = await platform.showStatus(target, say('on it', [[CANCEL]]));
    const long = say('y'.repeat(5000), [[CANCEL], [CANCEL]]);
    expect(await platform.close(named, long)).toEqual({ message: 'telegram:1001:2' });
    const keyboards = shown(fake).map((message) => message.reply_markup?.inline_keyboard);
    const button = { text: CANCEL.label, callback_data: CANCEL.id };
    expect(keyboards).toEqual([undefined, [[button], [button]]]);
    const short = await platform.showStatus(target, say('on it'));
    expect(await platform.close(short, say('failed', [[CANCEL]]))).toEqual({
      message: 'telegram:1001:3',
    });
  });

  test('no words at all still say something', async () => {
    const { fake, platform } = await setUp();
    await platform.close(target, say('  '));
    expect(shown(fake)).toMatchObject([{ text: '⋯' }]);
  });
});

describe('places that changed', () => {
  test('a topic that was deleted is left', async () => {
    const { fake, platform } = await setUp();
    fake.deleteThread(-9, 77);
    const topic = { ...target, chatId: -9, threadId: 77 };
    const named = await platform.showStatus(topic, say('on it'));
    await platform.deliver(named, deliveryOf([await storePicture(await createPng())]));
    expect(shown(fake, -9)).toMatchObject([{ caption: 'a fox' }]);
    expect(shown(fake, -9)[0]).not.toHaveProperty('message_thread_id');
  });

  test('a group that moved is followed by what is posted, not by what is edited or deleted', async () => {
    const { fake, platform } = await setUp();
    const group = { ...target, chatId: -9 };
    const named = await platform.showStatus(group, say('on it'));
    const strangers = fake.person({}, -1009).says('mine');
    fake.migrate(-9, -1009);
    const pictures = [await storePicture(await createPng())];
    const posted = await platform.deliver(named, deliveryOf(pictures));
    expect(posted).toEqual([{ message: 'telegram:-1009:2' }]);
    expect(fake.messages(-1009)).toMatchObject([strangers, { caption: 'a fox' }]);
    expect(fake.messages(-1009)[1]).not.toHaveProperty('reply_to_message');
    expect(await platform.showStatus(group, say('on it'))).toMatchObject({ chatId: -1009 });
    expect(await platform.close(named, say('failed'))).toEqual({ message: 'telegram:-1009:4' });
  });
});
