import type { Message } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { toIncomingMessage } from '../../src/telegram/incoming.ts';

const me = { id: 4242, username: 'easel_bot' };
const ada = { id: 1001, is_bot: false, first_name: 'Ada', language_code: 'ja' };
const privately = { id: 1001, type: 'private', first_name: 'Ada' };
const group = { id: -9, type: 'supergroup', title: 'Foxes' };
const channel = { id: -77, type: 'channel', title: 'Fox news' };
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
  const isOwnPost = ({ message_id: id }: Message) => id === 33;
  return toIncomingMessage(parts, { me, isOwnPost });
}

/** A message in short: `/command words|own pictures|pictures of what it answers` and ` ?` for what cannot be read. */
function short(...contents: object[]): string {
  const heard = read(...contents);
  if (heard === undefined) return 'nothing';
  const { command, words, attachments, replied, hasUnreadable } = heard;
  const ids = (pictures: { id: string }[]) => pictures.map(({ id }) => id).join(',');
  const said = `${command === undefined ? '' : `/${command} `}${words}`;
  const answered = replied === undefined ? '' : `|${ids(replied.attachments)}`;
  return `${said}|${ids(attachments)}${answered}${hasUnreadable ? ' ?' : ''}`;
}

const mine = { message_id: 2, chat: group, from: byMe, photo };
const others = { message_id: 2, chat: group, from: { ...ada, id: 2002 }, photo };
const textOfMine = { message_id: 2, chat: group, from: byMe, text: 'Hello!' };
const inGroup = (content: object) => ({ chat: group, ...content });

describe('in a private chat', () => {
  test.each<[string, object, string]>([
    ['words', { text: ' a fox ' }, 'a fox|'],
    ['words with a slash', { text: '/ is a slash' }, '/ is a slash|'],
    ['a photo with words', { photo, caption: 'night' }, 'night|l'],
    ['a photo alone', { photo }, '|l'],
    ['an image file', { document: png, caption: 'night' }, 'night|doc'],
    ['a HEIC file', { document: { ...file, file_name: 'a.HEIC' }, caption: 'x' }, 'x|doc'],
    ['a PNG of no type', { document: { ...file, file_name: 'a.png' }, caption: 'x' }, 'x|doc'],
    ['a PDF', { document: { ...file, mime_type: 'application/pdf' } }, '| ?'],
    ['a PDF with words', { document: { ...file, file_name: 'a.pdf' }, caption: 'x' }, 'x| ?'],
    ['a GIF with words', { animation: file, document: mp4, caption: 'night' }, 'night| ?'],
    ['a live photo', { live_photo: file, photo, caption: 'x' }, 'x|l'],
    [
      'a reply to a video',
      { text: 'x', reply_to_message: { ...others, photo: undefined, video: file } },
      'x|| ?',
    ],
    ['a sticker', { sticker: still }, '|stick'],
    ['an animated sticker', { sticker: { ...still, is_animated: true } }, '| ?'],
    ['a reply to my picture', { text: 'night', reply_to_message: mine }, 'night||l'],
    ['a reply to a picture', { text: 'night', reply_to_message: others }, 'night||l'],
    ['a reply elsewhere', { text: 'x', external_reply: { photo } }, 'x||l'],
    ['a reply to words', { text: 'x', reply_to_message: textOfMine }, 'x||'],
    ['both', { document: png, caption: 'x', reply_to_message: mine }, 'x|doc|l'],
    ['/start with a payload', { text: '/start abc' }, '/start abc|'],
    ['a command of ours', { text: '/Settings' }, '/settings |'],
    ['an unknown command', { text: '/dance' }, '/help |'],
    ['a command for another bot', { text: '/imagine@other_bot x' }, 'nothing'],
    ['words that begin as a name', { text: '@robot on a hill' }, '@robot on a hill|'],
    ['/edit alone', { photo, caption: '/edit' }, '/edit |l'],
    ['a service message', { pinned_message: mine }, 'nothing'],
    ['my name alone', { text: '@easel_bot' }, '|'],
    ['a bot', { from: { ...ada, is_bot: true }, text: 'x' }, 'nothing'],
    ['nobody', { from: undefined, text: 'x' }, 'nothing'],
  ])('%s', (_name, content, expected) => {
    expect(short(content)).toBe(expected);
  });
});

describe('in a group', () => {
  const topic = { ...mine, photo: undefined, forum_topic_created: { name: 'a', icon_color: 1 } };
  const linked = { type: 'text_mention', offset: 2, length: 5, user: byMe };
  test.each<[string, object, string]>([
    ['words', { text: 'a fox' }, 'nothing'],
    ["a stranger's photo", { photo }, 'nothing'],
    ["a stranger's photo with words", { photo, caption: 'my cat' }, 'nothing'],
    ['a reply to a stranger', { text: 'nice', reply_to_message: others }, 'nothing'],
    ['a reply to my picture', { text: 'night', reply_to_message: mine }, 'night||l'],
    ['a reply to my words', { text: 'a fox', reply_to_message: textOfMine }, 'a fox||'],
    ['a photo that answers me', { photo, reply_to_message: mine }, '|l|l'],
    ['words in a topic I opened', { text: 'hi all', reply_to_message: topic }, 'nothing'],
    ['my name first', { text: '@Easel_Bot a fox' }, 'a fox|'],
    ['my name last', { text: 'a fox, @easel_bot' }, 'a fox,|'],
    ['my name amidst', { text: 'make @easel_bot a fox' }, 'make a fox|'],
    ['my name in a caption', { photo, caption: 'night @easel_bot' }, 'night|l'],
    ['my name as a link', { text: 'a Easel fox', entities: [linked] }, 'a fox|'],
    [
      "another's name as a link",
      { text: 'a Easel fox', entities: [{ ...linked, user: ada }] },
      'nothing',
    ],
    [
      'my name, then a command',
      { text: '@easel_bot /edit x', reply_to_message: others },
      '/edit x||l',
    ],
    ['my name, on a picture', { text: '@easel_bot x', reply_to_message: others }, 'x||l'],
    ['my name alone, on a picture', { text: '@easel_bot', reply_to_message: others }, '||l'],
    ['my name in an address', { text: 'fox@easel_bot.example' }, 'nothing'],
    ['a longer name', { text: '@easel_bot_2 a fox' }, 'nothing'],
    ['another bot, on mine', { text: '@other_bot x', reply_to_message: mine }, 'nothing'],
    ['another person, on mine', { text: '@adabo look', reply_to_message: mine }, '@adabo look||l'],
    ['/imagine', { text: '/imagine a fox' }, '/imagine a fox|'],
    ['/imagine to me', { text: '/IMAGINE@Easel_bot\na fox' }, '/imagine a fox|'],
    ['/imagine to another bot', { text: '/imagine@other_bot a fox' }, 'nothing'],
    ['to another bot, on mine', { text: '/imagine@o x', reply_to_message: mine }, 'nothing'],
    ['/edit on a picture', { text: '/edit night', reply_to_message: others }, '/edit night||l'],
    ['/edit on a picture elsewhere', { text: '/edit x', external_reply: { photo } }, '/edit x||l'],
    ['/edit as a caption', { photo, caption: '/edit@easel_bot night' }, '/edit night|l'],
    ['an unknown command', { text: '/dance' }, 'nothing'],
    ['an unknown command, on mine', { text: '/dance', reply_to_message: mine }, 'nothing'],
    ['/imagined', { text: '/imagined a fox' }, 'nothing'],
  ])('%s', (_name, content, expected) => {
    expect(short(inGroup(content))).toBe(expected);
  });
});

describe('in a channel', () => {
  const post = { chat: channel, from: undefined, sender_chat: channel };
  test.each<[string, object, string]>([
    ['a post', { text: 'a fox' }, 'nothing'],
    ['a command', { text: '/imagine a fox' }, '/imagine a fox|'],
    [
      'a reply to a post of the bot',
      { text: 'x', reply_to_message: { ...post, message_id: 33 } },
      'x||',
    ],
    [
      'a reply to another post',
      { text: 'x', reply_to_message: { ...post, message_id: 34 } },
      'nothing',
    ],
  ])('%s', (_name, content, expected) => {
    expect(short({ ...post, ...content })).toBe(expected);
  });

  test('speaks for itself', () => {
    const heard = read({ ...post, text: '/imagine a fox' });
    expect(heard).toMatchObject({ person: { id: 'telegram:-77' }, chat: 'telegram:-77' });
  });

  test('its post, repeated in its group, is not heard twice', () => {
    const repeated = { ...post, chat: group, text: '/imagine a fox', is_automatic_forward: true };
    expect(read(repeated)).toBeUndefined();
  });
});

describe('what a message carries', () => {
  test('who, where, which words', () => {
    const heard = read(inGroup({ text: 'a fox', reply_to_message: mine }));
    expect(heard).toEqual({
      id: 'telegram:70',
      person: { id: 'telegram:1001', language: 'ja' },
      chat: 'telegram:-9',
      isPrivate: false,
      words: 'a fox',
      attachments: [],
      hasUnreadable: false,
      messages: ['telegram:-9:5'],
      replied: {
        message: 'telegram:-9:2',
        attachments: [{ platform: 'telegram', id: 'l', bytes: 12_800 }],
      },
      options: {},
      target: { platform: 'telegram', chatId: -9, messageId: 5 },
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
  ])('the target for %s', (_name, content, expected) => {
    const base = { platform: 'telegram', chatId: 1001, messageId: 5 };
    expect(read({ text: 'x', ...content })?.target).toEqual({ ...base, ...expected });
  });

  test.each([
    ['an anonymous admin', { id: 1087968824, is_bot: true, first_name: 'Group' }],
    ['a chat, without a sender', undefined],
  ])('%s is known by the chat that speaks', (_name, from) => {
    const heard = read(inGroup({ text: '/imagine x', from, sender_chat: group }));
    expect(heard?.person).toEqual({ id: 'telegram:-9' });
  });

  test('a message of another chat names no message there', () => {
    const elsewhere = { photo, chat: channel, message_id: 3 };
    const heard = read({ text: 'x', external_reply: elsewhere });
    expect(heard?.replied?.message).toBe('telegram:external:5');
  });
});

describe('an album', () => {
  const part = { photo, media_group_id: '77' };

  test('is one message under the name of its group, with all pictures and captions', () => {
    const heard = read(part, { ...part, caption: 'b' }, { ...part, caption: 'c' });
    expect(heard).toMatchObject({
      id: 'telegram:album:1001:77',
      words: 'b\nc',
      messages: ['telegram:1001:5', 'telegram:1001:6', 'telegram:1001:7'],
      target: { messageId: 5 },
    });
    expect(heard?.attachments).toHaveLength(3);
  });

  test.each<[string, object[], string]>([
    ['without words', [part, part], '|l,l'],
    ['with a film', [part, { ...part, photo: undefined, video: file }], '|l ?'],
    [
      'with a command on its second picture',
      [
        { ...part, caption: 'a' },
        { ...part, caption: '/edit b' },
      ],
      '/edit a\nb|l,l',
    ],
    [
      'that answers a picture',
      Array(10).fill({ ...part, caption: 'x', reply_to_message: mine }),
      `${'x\n'.repeat(9)}x|${'l,'.repeat(9)}l|l`,
    ],
  ])('%s', (_name, parts, expected) => {
    expect(short(...parts)).toBe(expected);
  });

  test.each<[string, object, string]>([
    ['of strangers is nothing', { caption: 'us' }, 'nothing'],
    ['with a command is heard', { caption: '/edit x' }, '/edit x|l,l'],
    ['with my name is heard', { caption: 'x @easel_bot' }, 'x|l,l'],
    ['that answers me is heard', { reply_to_message: mine }, '|l,l|l'],
  ])('in a group, %s', (_name, content, expected) => {
    expect(short(inGroup(part), inGroup({ ...part, ...content }))).toBe(expected);
  });
});

test.each([
  ['blanks', ' '.repeat(100_000)],
  ['names', '@easel_bot '.repeat(10_000)],
  ['signs', '@'.repeat(100_000)],
  ['slashes', '/a'.repeat(50_000)],
])('a text of %s is read in no time', (_name, text) => {
  const start = performance.now();
  read({ text: `x${text}x` });
  read(inGroup({ text }));
  expect(performance.now() - start).toBeLessThan(200);
});
