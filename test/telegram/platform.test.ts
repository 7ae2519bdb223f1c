import { writeFile } from 'node:fs/promises';
import type { Message } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import type { Delivery, ReplyTarget } from '../../src/core/index.ts';
import { describePlatform } from '../contract/platform.contract.ts';
import { createFakePlatform } from '../fakes/platform.ts';
import { createPng, setUp, sha256, storePicture, TOKEN, target } from './setup.ts';

const BLOCKED = { code: 403, description: 'Forbidden: bot was blocked by the user' };

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
      fake
        .messages(1001)
        .filter(({ from }) => from?.is_bot)
        .map((message) => ({
          text: message.text ?? message.caption ?? '',
          pictures: message.photo || message.document ? 1 : 0,
          canCancel: message.reply_markup !== undefined,
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

describePlatform('the fake platform', async () => {
  const fake = createFakePlatform();
  return {
    platform: fake,
    target: { platform: 'fake' },
    personId: 'fake:1',
    pictures: (count) =>
      Promise.all(Array.from({ length: count }, async () => storePicture(await createPng(40, 30)))),
    seen: () =>
      fake.messages.map(({ text, pictures, cancel }) => ({
        text,
        pictures: pictures.length,
        canCancel: cancel !== undefined,
      })),
    notices: () => fake.notices.map(({ text }) => text),
    putFile: fake.putFile,
    block: fake.block,
  };
});

function delivery(pictures: Delivery['pictures'], more: Partial<Delivery> = {}): Delivery {
  return { pictures, text: 'a fox', sources: [], ...more };
}

/** The bot's own messages in Ada's chat. */
function shown({ fake }: Awaited<ReturnType<typeof setUp>>): Message[] {
  return fake.messages(1001).filter(({ from }) => from?.is_bot);
}

describe('delivering', () => {
  test('a picture arrives byte for byte, as a reply, under a neutral name, without parse_mode', async () => {
    const world = await setUp();
    const wish = world.fake.person().says('a fox');
    const bytes = await createPng();
    const text = '<b>&lt;</b> _*[x](tg://user?id=1)';
    await world.platform.deliver(
      { ...target, messageId: wish.message_id },
      delivery([await storePicture(bytes)], { text }),
    );
    const [call] = world.fake.calls('sendPhoto');
    const [file] = Object.values(call?.files ?? {});
    expect(file).toMatchObject({ sha256: sha256(bytes), filename: 'easel-1.png' });
    expect(call?.fields).not.toHaveProperty('parse_mode');
    expect(shown(world)).toMatchObject([
      { caption: text, reply_to_message: { message_id: wish.message_id } },
    ]);
    const photo = shown(world)[0]?.photo?.at(-1);
    expect(photo).toMatchObject({ width: 400, height: 300 });
  });

  test('a large upload is streamed whole', async () => {
    const world = await setUp();
    const bytes = Buffer.alloc(12_000_000, 'easel');
    const facts = { width: 100, height: 100 };
    const picture = await storePicture(await createPng(10, 10), facts);
    await writeFile(picture.path, bytes);
    await world.platform.deliver(target, delivery([{ ...picture, bytes: bytes.length }]));
    const [file] = Object.values(world.fake.calls('sendDocument')[0]?.files ?? {});
    expect(file?.sha256).toBe(sha256(bytes));
  });

  const kinds = [
    ['a normal picture', {}, 'sendPhoto'],
    ['just 10 MB', { bytes: 10_000_000 }, 'sendPhoto'],
    ['more than 10 MB', { bytes: 10_000_001 }, 'sendDocument'],
    ['sides of 10,000', { width: 5000, height: 5000 }, 'sendPhoto'],
    ['sides of 10,001', { width: 5000, height: 5001 }, 'sendDocument'],
    ['a ratio of 20', { width: 2000, height: 100 }, 'sendPhoto'],
    ['a ratio above 20', { width: 100, height: 2001 }, 'sendDocument'],
    ['AVIF', { mediaType: 'image/avif' }, 'sendDocument'],
    ['GIF', { mediaType: 'image/gif' }, 'sendDocument'],
    ['WebP', { mediaType: 'image/webp' }, 'sendPhoto'],
  ] as const;
  test.each(kinds)('%s goes by the right method', async (_name, facts, method) => {
    const { fake, platform } = await setUp();
    await platform.deliver(target, delivery([await storePicture(await createPng(20, 20), facts)]));
    expect(fake.journal.map((call) => call.method)).toEqual([method]);
  });

  test.each([
    ['PHOTO_INVALID_DIMENSIONS', 400],
    ['IMAGE_PROCESS_FAILED', 400],
    ['Request Entity Too Large', 413],
  ])('a photo refused with %s goes as a file', async (description, code) => {
    const world = await setUp();
    world.fake.script('sendPhoto', { code, description: `Bad Request: ${description}` });
    const bytes = await createPng();
    await world.platform.deliver(target, delivery([await storePicture(bytes)]));
    const [message] = shown(world);
    expect(message).toMatchObject({ caption: 'a fox', document: { mime_type: 'image/png' } });
    expect(sha256(await world.fake.fileBytes(message?.document?.file_id ?? ''))).toBe(
      sha256(bytes),
    );
  });

  test('several pictures are one album of one kind, the caption on the first', async () => {
    const world = await setUp();
    const photo = await storePicture(await createPng());
    await world.platform.deliver(target, delivery([photo, photo]));
    await world.platform.deliver(target, delivery([photo, { ...photo, bytes: 11_000_000 }]));
    const look = shown(world).map(({ photo: sizes, document, caption }) => [
      sizes ? 'photo' : document?.file_name,
      caption,
    ]);
    expect(look).toEqual([
      ['photo', 'a fox'],
      ['photo', undefined],
      ['easel-1.png', 'a fox'],
      ['easel-2.png', undefined],
    ]);
    expect(new Set(shown(world).map((message) => message.media_group_id)).size).toBe(2);
  });

  test('the spoiler of the input covers the result, alone and in an album', async () => {
    const world = await setUp();
    const covered: ReplyTarget = { ...target, spoiler: true };
    const photo = await storePicture(await createPng());
    await world.platform.deliver(covered, delivery([photo]));
    await world.platform.deliver(covered, delivery([photo, photo]));
    expect(shown(world).map((message) => message.has_media_spoiler)).toEqual([true, true, true]);
  });

  test('a long text fills the caption and goes on below, sources as links', async () => {
    const world = await setUp();
    const text = '🦊'.repeat(3000);
    const sources = [
      { url: 'https://fox.example/a', title: 'Foxes' },
      { url: 'javascript:alert(1)' },
    ];
    const pictures = [await storePicture(await createPng())];
    await world.platform.deliver(target, delivery(pictures, { text, sources }));
    const [first, ...rest] = shown(world);
    expect(first?.caption).toBe('🦊'.repeat(512));
    const all = [first?.caption, ...rest.map((message) => message.text)].join('');
    expect(all).toBe(`${text}\n\nFoxes`);
    expect(rest.at(-1)?.entities).toMatchObject([{ type: 'text_link', url: sources[0]?.url }]);
  });

  test('the thread is kept', async () => {
    const { fake, platform } = await setUp();
    const topic = { ...target, threadId: 77 };
    await platform.deliver(topic, delivery([await storePicture(await createPng())]));
    expect(fake.calls('sendPhoto')[0]?.fields.message_thread_id).toBe(77);
  });

  test('a group that moved is followed', async () => {
    const { fake, platform } = await setUp();
    const description = 'Bad Request: group chat was upgraded to a supergroup chat';
    const moved = { code: 400, description, parameters: { migrate_to_chat_id: -1009 } };
    fake.script('sendPhoto', moved);
    fake.script('sendMessage', moved);
    const group = { ...target, chatId: -9 };
    const bytes = await createPng();
    await platform.deliver(group, delivery([await storePicture(bytes)]));
    expect(fake.messages(-1009)).toMatchObject([{ caption: 'a fox' }]);
    expect(await platform.showStatus(group, { text: 'on it' })).toMatchObject({ chatId: -1009 });
  });

  test('a broken status removal or long text does not undo a delivery', async () => {
    const { fake, platform } = await setUp();
    const named = await platform.showStatus(target, { text: 'on it' });
    fake.script('deleteMessage', {
      code: 400,
      description: "Bad Request: message can't be deleted",
    });
    fake.script('sendMessage', BLOCKED);
    const pictures = [await storePicture(await createPng())];
    await platform.deliver(named, delivery(pictures, { text: 'x'.repeat(2000) }));
    expect(fake.calls('sendPhoto')).toHaveLength(1);
  });
});

describe('repeating', () => {
  const wait = { code: 429, description: 'Too Many Requests: retry after 0' };

  test('a send that was told to wait is sent again, its file whole', async () => {
    const world = await setUp();
    world.fake.script('sendPhoto', { ...wait, parameters: { retry_after: 0 } });
    const bytes = await createPng();
    await world.platform.deliver(target, delivery([await storePicture(bytes)]));
    const calls = world.fake.calls('sendPhoto');
    expect(calls.flatMap(({ files }) => Object.values(files).map((file) => file.sha256))).toEqual([
      sha256(bytes),
      sha256(bytes),
    ]);
    expect(shown(world)).toHaveLength(1);
  });

  test('a status edit that was told to wait is not tried again before', async () => {
    const { fake, platform } = await setUp();
    const named = await platform.showStatus(target, { text: 'on it' });
    fake.script('editMessageText', { ...wait, parameters: { retry_after: 30 } });
    for (const text of ['1', '2', '3']) await platform.showStatus(named, { text });
    expect(fake.calls('editMessageText')).toHaveLength(1);
  });

  test('a send that is told to wait forever gives up', async () => {
    const { fake, platform } = await setUp();
    const forever = { ...wait, parameters: { retry_after: 3600 } };
    fake.script('sendMessage', forever);
    await expect(platform.close(target, 'x')).rejects.toMatchObject({ status: 429 });
    const always = { ...wait, parameters: { retry_after: 0 } };
    fake.script('sendMessage', ...Array.from({ length: 9 }, () => always));
    await expect(platform.close(target, 'x')).rejects.toMatchObject({ status: 429 });
    expect(fake.calls('sendMessage')).toHaveLength(5);
  });

  test.each(['reset', 'reset-after'] as const)(
    'after a %s no picture is sent twice',
    async (how) => {
      const world = await setUp();
      world.fake.script('sendPhoto', how);
      const failing = world.platform.deliver(
        target,
        delivery([await storePicture(await createPng())]),
      );
      await expect(failing).rejects.toMatchObject({ code: 'delivery-failed' });
      expect(world.fake.calls('sendPhoto')).toHaveLength(1);
    },
  );

  test('a page of a proxy in between is no success and is not repeated', async () => {
    const { fake, platform, lines } = await setUp();
    fake.script('sendMessage', { status: 502, html: '<html>Bad Gateway</html>' });
    await expect(platform.close(target, 'x')).rejects.toMatchObject({ code: 'delivery-failed' });
    expect(fake.calls('sendMessage')).toHaveLength(1);
    expect(lines.join()).not.toContain('html');
  });

  test('the last word is written again after a broken connection', async () => {
    const world = await setUp();
    const named = await world.platform.showStatus(target, { text: 'on it' });
    world.fake.script('editMessageText', 'reset');
    await world.platform.close(named, 'it failed');
    expect(shown(world)).toMatchObject([{ text: 'it failed' }]);
  });

  test('a status edit is tried once, whatever happens', async () => {
    const { fake, platform, lines } = await setUp();
    const named = await platform.showStatus(target, { text: 'on it' });
    const slow = { ...wait, parameters: { retry_after: 40 } };
    fake.script('editMessageText', 'reset', BLOCKED, slow);
    for (const text of ['1', '2', '3']) await platform.showStatus(named, { text });
    expect(fake.calls('editMessageText')).toHaveLength(3);
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain(TOKEN);
  });
});

describe('closing', () => {
  test('a status that someone deleted is replaced by a message', async () => {
    const world = await setUp();
    world.fake.script('editMessageText', {
      code: 400,
      description: 'Bad Request: message to edit not found',
    });
    const named = await world.platform.showStatus(target, { text: 'on it' });
    await world.platform.close(named, 'it failed');
    expect(shown(world).map(({ text }) => text)).toEqual(['it failed']);
  });

  test('a last word that already stands is enough', async () => {
    const world = await setUp();
    const named = await world.platform.showStatus(target, { text: 'Cancelled.' });
    await world.platform.close(named, 'Cancelled.');
    expect(shown(world).map(({ text }) => text)).toEqual(['Cancelled.']);
  });

  test('a long last word takes several messages', async () => {
    const world = await setUp();
    const named = await world.platform.showStatus(target, { text: 'on it' });
    await world.platform.close(named, 'y'.repeat(5000));
    expect(shown(world).map(({ text }) => text?.length)).toEqual([4096, 904]);
  });
});
