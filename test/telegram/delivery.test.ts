import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ReplyTarget } from '../../src/core/index.ts';
import { createPng, deliveryOf, setUp, sha256, shown, storePicture, target } from './setup.ts';

const BLOCKED = { code: 403, description: 'Forbidden: bot was blocked by the user' };
const AGAIN = { label: '🔁 Again', id: 'a:abcdefghijkl' };
const EDIT = { label: '✏️ Edit', id: 'e:abcdefghijkl' };
const ROWS = [[AGAIN], [EDIT]];
const KEYBOARD = ROWS.map((row) =>
  row.map(({ label, id }) => ({ text: label, callback_data: id })),
);

describe('delivering', () => {
  test('a picture arrives byte for byte, as a reply, under a neutral name, without parse_mode', async () => {
    const world = await setUp();
    const wish = world.fake.person().says('a fox');
    const bytes = await createPng();
    const text = '<b>&lt;</b> _*[x](tg://user?id=1)';
    await world.platform.deliver(
      { ...target, messageId: wish.message_id },
      deliveryOf([await storePicture(bytes)], { text }),
    );
    const [call] = world.fake.calls('sendPhoto');
    const [file] = Object.values(call?.files ?? {});
    expect(file).toMatchObject({ sha256: sha256(bytes), filename: 'easel-1.png' });
    expect(call?.fields).not.toHaveProperty('parse_mode');
    expect(shown(world.fake)).toMatchObject([
      { caption: text, reply_to_message: { message_id: wish.message_id } },
    ]);
    const photo = shown(world.fake)[0]?.photo?.at(-1);
    expect(photo).toMatchObject({ width: 400, height: 300 });
  });

  test('a large upload is streamed whole', async () => {
    const world = await setUp();
    const bytes = Buffer.alloc(12_000_000, 'easel');
    const facts = { width: 100, height: 100 };
    const picture = await storePicture(await createPng(10, 10), facts);
    await writeFile(picture.path, bytes);
    await world.platform.deliver(target, deliveryOf([{ ...picture, bytes: bytes.length }]));
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
    await platform.deliver(
      target,
      deliveryOf([await storePicture(await createPng(20, 20), facts)]),
    );
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
    await world.platform.deliver(target, deliveryOf([await storePicture(bytes)]));
    const [message] = shown(world.fake);
    expect(message).toMatchObject({ caption: 'a fox', document: { mime_type: 'image/png' } });
    expect(sha256(await world.fake.fileBytes(message?.document?.file_id ?? ''))).toBe(
      sha256(bytes),
    );
  });

  test('several pictures are one album of one kind, the caption on the first', async () => {
    const world = await setUp();
    const photo = await storePicture(await createPng());
    await world.platform.deliver(target, deliveryOf([photo, photo]));
    await world.platform.deliver(target, deliveryOf([photo, { ...photo, bytes: 11_000_000 }]));
    const look = shown(world.fake).map(({ photo: sizes, document, caption }) => [
      sizes ? 'photo' : document?.file_name,
      caption,
    ]);
    expect(look).toEqual([
      ['photo', 'a fox'],
      ['photo', undefined],
      ['easel-1.png', 'a fox'],
      ['easel-2.png', undefined],
    ]);
    expect(new Set(shown(world.fake).map((message) => message.media_group_id)).size).toBe(2);
  });

  test('the spoiler of the input covers the result, alone and in an album', async () => {
    const world = await setUp();
    const covered: ReplyTarget = { ...target, spoiler: true };
    const photo = await storePicture(await createPng());
    await world.platform.deliver(covered, deliveryOf([photo]));
    await world.platform.deliver(covered, deliveryOf([photo, photo]));
    expect(shown(world.fake).map((message) => message.has_media_spoiler)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('a long text fills the caption and goes on below, sources as links', async () => {
    const world = await setUp();
    const text = '🦊'.repeat(3000);
    const sources = [
      { url: 'https://fox.example/a', title: 'Foxes' },
      { url: 'javascript:alert(1)' },
    ];
    const pictures = [await storePicture(await createPng())];
    await world.platform.deliver(target, deliveryOf(pictures, { text, sources }));
    const [first, ...rest] = shown(world.fake);
    expect(first?.caption).toBe('🦊'.repeat(512));
    const all = [first?.caption, ...rest.map((message) => message.text)].join('');
    expect(all).toBe(`${text}\n\nFoxes`);
    expect(rest.at(-1)?.entities).toMatchObject([{ type: 'text_link', url: sources[0]?.url }]);
  });

  test('the thread is kept', async () => {
    const { fake, platform } = await setUp();
    const topic = { ...target, threadId: 77 };
    await platform.deliver(topic, deliveryOf([await storePicture(await createPng())]));
    expect(fake.calls('sendPhoto')[0]?.fields.message_thread_id).toBe(77);
  });

  test('a broken status removal or long text does not undo a delivery', async () => {
    const { fake, platform } = await setUp();
    const named = await platform.showStatus(target, { text: 'on it', buttons: [] });
    fake.script('deleteMessage', {
      code: 400,
      description: "Bad Request: message can't be deleted",
    });
    fake.script('sendMessage', BLOCKED);
    const pictures = [await storePicture(await createPng())];
    await platform.deliver(named, deliveryOf(pictures, { text: 'x'.repeat(2000) }));
    expect(fake.calls('sendPhoto')).toHaveLength(1);
  });

  test('as files, everything is a document', async () => {
    const { fake, platform } = await setUp();
    const photo = await storePicture(await createPng());
    await platform.deliver(target, deliveryOf([photo], { asFiles: true, buttons: ROWS }));
    await platform.deliver(target, deliveryOf([photo, photo], { asFiles: true }));
    expect(fake.journal.map((call) => call.method)).toEqual(['sendDocument', 'sendMediaGroup']);
    expect(shown(fake).every(({ document }) => document !== undefined)).toBe(true);
    expect(shown(fake)[0]?.reply_markup?.inline_keyboard).toEqual(KEYBOARD);
  });
});

describe('buttons and what is given back', () => {
  test('a single picture carries them, however long the text', async () => {
    const { fake, platform } = await setUp();
    const pictures = [await storePicture(await createPng())];
    const long = deliveryOf(pictures, { buttons: ROWS, text: 'x'.repeat(2000) });
    expect(await platform.deliver(target, long)).toEqual([
      { message: 'telegram:1001:1' },
      { message: 'telegram:1001:2' },
    ]);
    const keyboards = shown(fake).map((message) => message.reply_markup?.inline_keyboard);
    expect(keyboards).toEqual([KEYBOARD, undefined]);
  });

  test('an album has them in a message that answers it', async () => {
    const { fake, platform } = await setUp();
    const photo = await storePicture(await createPng());
    const topic = { ...target, threadId: 7 };
    const posted = await platform.deliver(topic, deliveryOf([photo, photo], { buttons: ROWS }));
    expect(posted).toEqual([
      { message: 'telegram:1001:1', picture: 0 },
      { message: 'telegram:1001:2', picture: 1 },
      { message: 'telegram:1001:3' },
    ]);
    expect(shown(fake)[2]).toMatchObject({
      text: 'a fox in snow',
      message_thread_id: 7,
      reply_to_message: { message_id: 1 },
      reply_markup: { inline_keyboard: KEYBOARD },
    });
  });

  test.each([
    ['the rest of the text', { text: 'x'.repeat(2000) }, 'x'.repeat(976)],
    ['a cut description', { description: '🦊'.repeat(60) }, `${'🦊'.repeat(49)}…`],
    ['a sign, where there are no words', { description: '' }, '⋯'],
  ])('below an album: %s', async (_name, words, expected) => {
    const { fake, platform } = await setUp();
    const photo = await storePicture(await createPng());
    await platform.deliver(target, deliveryOf([photo, photo], { buttons: ROWS, ...words }));
    expect(shown(fake).map(({ text }) => text)).toEqual([undefined, undefined, expected]);
  });

  test('an album without buttons has nothing below it', async () => {
    const { fake, platform } = await setUp();
    const photo = await storePicture(await createPng());
    expect(await platform.deliver(target, deliveryOf([photo, photo]))).toHaveLength(2);
    expect(shown(fake)).toHaveLength(2);
  });
});
