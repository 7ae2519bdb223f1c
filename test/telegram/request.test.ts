import type { Message } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { readMessages } from '../../src/telegram/request.ts';

const me = { id: 4242, username: 'easel_bot' };
const ada = { id: 1001, is_bot: false, first_name: 'Ada', language_code: 'ja' };
const privately = { id: 1001, type: 'private', first_name: 'Ada' };
const group = { id: -9, type: 'supergroup', title: 'Foxes' };
const byMe = { id: 4242, is_bot: true, first_name: 'Easel' };

const size = (id: string, side: number) => ({
  file_id: id,
  file_unique_id: `u${id}`,
  width: side,
  height: side,
  file_size: side * 10,
});
const photo = [size('s', 90), size('l', 1280), size('m', 320)];
const file = { file_id: 'doc', file_unique_id: 'udoc' };
const png = { ...file, mime_type: 'image/png', file_name: 'fox.png', file_size: 5 };
const mp4 = { ...file, mime_type: 'video/mp4', file_name: 'fox.mp4' };
const UNREADABLE = 'error.attachment-unsupported';
const still = { ...size('stick', 512), type: 'regular', is_animated: false, is_video: false };

/** A message with defaults; whatever Telegram could send. */
function message(content: object): Message {
  return { message_id: 5, date: 1, chat: privately, from: ada, ...content } as Message;
}

function read(...contents: object[]) {
  const parts = contents.map((content, index) => ({
    updateId: 70 + index,
    message: message({ message_id: 5 + index, ...content }),
  }));
  return readMessages(parts, { me, language: 'en' });
}

/** The wish in short: `words|attachment,attachment`, the key to say, `cancel`, or nothing. */
function wish(...contents: object[]): string {
  const heard = read(...contents)?.wish;
  if (heard === undefined) return 'nothing';
  if (heard.kind === 'say') return heard.key;
  if (heard.kind === 'cancel') return 'cancel';
  return `${heard.request.prompt}|${heard.request.attachments.map(({ id }) => id)}`;
}

const mine = { message_id: 2, from: byMe, photo };
const others = { message_id: 2, from: { ...ada, id: 2002 }, photo };
const textOfMine = { message_id: 2, from: byMe, text: 'Hello!' };

describe('in a private chat', () => {
  test.each<[string, object, string]>([
    ['words', { text: ' a fox ' }, 'a fox|'],
    ['words with a slash', { text: '/ is a slash' }, '/ is a slash|'],
    ['a photo with words', { photo, caption: 'night' }, 'night|l'],
    ['a photo alone', { photo }, 'ask.words-for-picture'],
    ['an image file', { document: png, caption: 'night' }, 'night|doc'],
    ['a HEIC file', { document: { ...file, file_name: 'a.HEIC' }, caption: 'x' }, 'x|doc'],
    ['a PDF', { document: { ...file, mime_type: 'application/pdf' } }, UNREADABLE],
    ['a PDF with words', { document: { ...file, file_name: 'a.pdf' }, caption: 'x' }, UNREADABLE],
    ['a GIF with words', { animation: file, document: mp4, caption: 'night' }, UNREADABLE],
    ['a reply to a video', { text: 'night', reply_to_message: { video: file } }, UNREADABLE],
    ['a PNG of no type', { document: { ...file, file_name: 'a.png' }, caption: 'x' }, 'x|doc'],
    ['a sticker', { sticker: still }, 'ask.words-for-picture'],
    ['an animated sticker', { sticker: { ...still, is_animated: true } }, UNREADABLE],
    ['a reply to my picture', { text: 'night', reply_to_message: mine }, 'night|l'],
    ['a reply to a picture', { text: 'night', reply_to_message: others }, 'night|l'],
    ['a reply to a sticker', { text: 'x', reply_to_message: { sticker: still } }, 'x|stick'],
    ['a reply to a file', { text: 'x', reply_to_message: { document: png } }, 'x|doc'],
    ['a reply elsewhere', { text: 'x', external_reply: { photo } }, 'x|l'],
    ['a reply to words', { text: 'x', reply_to_message: textOfMine }, 'x|'],
    ['both', { document: png, caption: 'x', reply_to_message: mine }, 'x|l,doc'],
    ['/start', { text: '/start' }, 'start'],
    ['/start with a payload', { text: '/start abc' }, 'start'],
    ['/help', { text: '/help' }, 'help'],
    ['an unknown command', { text: '/dance' }, 'help'],
    ['/cancel', { text: '/cancel' }, 'cancel'],
    ['/imagine', { text: '/imagine a fox' }, 'a fox|'],
    ['/imagine alone', { text: '/imagine' }, 'ask.words'],
    ['/edit alone', { text: '/edit' }, 'ask.picture-to-edit'],
    ['/edit without a picture', { text: '/edit night' }, 'ask.picture-to-edit'],
    ['a service message', { pinned_message: mine }, 'nothing'],
    ['my name alone', { text: '@easel_bot' }, 'ask.words'],
    ['a bot', { from: { ...ada, is_bot: true }, text: 'x' }, 'nothing'],
    ['nobody', { from: undefined, text: 'x' }, 'nothing'],
  ])('%s', (_name, content, expected) => {
    expect(wish(content)).toBe(expected);
  });
});

describe('in a group', () => {
  const topic = { message_id: 1, from: byMe, forum_topic_created: { name: 'a', icon_color: 1 } };
  test.each<[string, object, string]>([
    ['words', { text: 'a fox' }, 'nothing'],
    ["a stranger's photo", { photo }, 'nothing'],
    ["a stranger's photo with words", { photo, caption: 'my cat' }, 'nothing'],
    ['a reply to a stranger', { text: 'nice', reply_to_message: others }, 'nothing'],
    ['a reply to my picture', { text: 'night', reply_to_message: mine }, 'night|l'],
    ['a reply to my words', { text: 'a fox', reply_to_message: textOfMine }, 'a fox|'],
    ['a photo that answers me', { photo, caption: 'x', reply_to_message: mine }, 'x|l,l'],
    ['words in a topic I opened', { text: 'hi all', reply_to_message: topic }, 'nothing'],
    ['my name first', { text: '@Easel_Bot a fox' }, 'a fox|'],
    ['my name, on a picture', { text: '@easel_bot x', reply_to_message: others }, 'x|l'],
    [
      'my name alone, on a picture',
      { text: '@easel_bot', reply_to_message: others },
      'ask.words-for-picture',
    ],
    ['my name later', { text: 'ask @easel_bot' }, 'nothing'],
    ['a longer name', { text: '@easel_bot_2 a fox' }, 'nothing'],
    ['/imagine', { text: '/imagine a fox' }, 'a fox|'],
    ['/imagine to me', { text: '/IMAGINE@Easel_bot\na fox' }, 'a fox|'],
    ['/imagine to another bot', { text: '/imagine@other_bot a fox' }, 'nothing'],
    [
      '/imagine to another bot, on mine',
      { text: '/imagine@o x', reply_to_message: mine },
      'nothing',
    ],
    ['/edit on a picture', { text: '/edit night', reply_to_message: others }, 'night|l'],
    ['/edit on a picture elsewhere', { text: '/edit x', external_reply: { photo } }, 'x|l'],
    ['/edit as a caption', { photo, caption: '/edit@easel_bot night' }, 'night|l'],
    [
      '/edit on a picture, no words',
      { text: '/edit', reply_to_message: others },
      'ask.words-for-picture',
    ],
    ['/edit on words', { text: '/edit x', reply_to_message: textOfMine }, 'ask.picture-to-edit'],
    ['an unknown command', { text: '/dance' }, 'nothing'],
    ['/imagined', { text: '/imagined a fox' }, 'nothing'],
  ])('%s', (_name, content, expected) => {
    expect(wish({ chat: group, ...content })).toBe(expected);
  });
});

describe('what a request carries', () => {
  test('who, where, which words', () => {
    const heard = read({ text: 'a fox', chat: group, reply_to_message: mine });
    const target = { platform: 'telegram', chatId: -9, messageId: 5, language: 'ja' };
    expect(heard?.wish).toEqual({
      kind: 'paint',
      request: {
        id: 'telegram:70',
        person: { id: 'telegram:1001', language: 'ja' },
        chat: 'telegram:-9',
        prompt: 'a fox',
        attachments: [{ platform: 'telegram', id: 'l', bytes: 12_800 }],
        options: {},
        target,
      },
    });
    expect(JSON.parse(JSON.stringify(heard))).toEqual(heard);
  });

  test.each<[string, object, object]>([
    ['a topic', { is_topic_message: true, message_thread_id: 7 }, { threadId: 7 }],
    ['a chain of replies', { message_thread_id: 7 }, {}],
    ['a covered photo', { photo, has_media_spoiler: true }, { spoiler: true }],
    [
      'a reply to a covered photo',
      { reply_to_message: { ...mine, has_media_spoiler: true } },
      { spoiler: true },
    ],
    ['an unknown language', { from: { ...ada, language_code: 'xx' } }, { language: 'en' }],
    ['Chinese with a script', { from: { ...ada, language_code: 'zh-hans' } }, { language: 'zh' }],
  ])('the target for %s', (_name, content, expected) => {
    const base = { platform: 'telegram', chatId: 1001, messageId: 5, language: 'ja' };
    const words = 'photo' in content ? { caption: 'x' } : { text: 'x' };
    expect(read({ ...words, ...content })?.target).toEqual({ ...base, ...expected });
  });

  test.each([
    ['an anonymous admin', { id: 1087968824, is_bot: true, first_name: 'Group' }],
    ['a channel, without a sender', undefined],
  ])('%s is known by the chat that speaks', (_name, from) => {
    const heard = read({ text: '/imagine x', chat: group, from, sender_chat: group });
    expect(heard?.wish).toMatchObject({ request: { person: { id: 'telegram:-9' } } });
  });
});

describe('an album', () => {
  const part = { photo, media_group_id: '77' };

  test('is one request under the name of its group', () => {
    const heard = read(part, { ...part, caption: 'b' }, { ...part, caption: 'c' });
    expect(heard?.wish).toMatchObject({
      request: { id: 'telegram:album:1001:77', prompt: 'b\nc', target: { messageId: 5 } },
    });
    expect(wish(part, part)).toBe('ask.words-for-picture');
  });

  test('gives ten pictures at most', () => {
    const parts = Array.from({ length: 12 }, () => ({ ...part, caption: 'x' }));
    const heard = read(...parts)?.wish;
    expect(heard?.kind === 'paint' && heard.request.attachments.length).toBe(10);
  });

  test('of strangers in a group is nothing', () => {
    expect(wish({ ...part, chat: group }, { ...part, chat: group, caption: 'us' })).toBe('nothing');
  });
});
