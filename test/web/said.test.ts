import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/web/chat-message.ts';
import { createChats } from '../../src/web/chats.ts';
import { readCommand, SAID, targetsOf, toIncomingMessage } from '../../src/web/said.ts';
import { createFakeStore } from '../fakes/store.ts';

const SESSION = 'abcdefghijklmnopqrstuvwx';
const UPLOAD = 'abcdefghijklmnopqrstuv';
const logger = { debug() {}, info() {}, warn() {}, error() {} };

async function setUp() {
  const table = createFakeStore().table<ChatMessage>('web-messages');
  const chat = await createChats({ table, logger }).open(SESSION);
  const speaker = { session: SESSION, person: { id: `web:${SESSION}` }, chat };
  const hear = async (words: string, more: object = {}) => {
    const said = SAID.parse({ words, uploads: [], ...more });
    const posted = await chat.post({ from: 'person', text: words, uploads: said.uploads });
    return toIncomingMessage(said, posted, speaker);
  };
  return { chat, hear };
}

describe('readCommand', () => {
  it.each([
    ['a fox', undefined, 'a fox'],
    ['/help', 'help', ''],
    ['  /STYLE old film', 'style', 'old film'],
    ['/describe\nwhat is it?', 'describe', 'what is it?'],
    ['/unheard of', 'help', 'of'],
    ['/stlye night', 'help', 'night'],
    ['/nonsense_1', 'help', ''],
    ['/pictures/fox.png', undefined, '/pictures/fox.png'],
    ['/狐狸', undefined, '/狐狸'],
    ['/ 2', undefined, '/ 2'],
    ['//', undefined, '//'],
    ['and/or', undefined, 'and/or'],
    ['/ fox', undefined, '/ fox'],
  ])('%j', (typed, command, words) => {
    expect(readCommand(typed)).toEqual({ ...(command && { command }), words });
  });
});

describe('a message', () => {
  it('without a picture to go on from starts anew', async () => {
    const { hear, chat } = await setUp();
    const message = await hear('a fox');
    const ref = `web:${SESSION}:${chat.messages()[0]?.id}`;
    expect(message).toMatchObject({ command: 'imagine', words: 'a fox', isPrivate: true, id: ref });
    expect(message).toMatchObject({ chat: `web:${SESSION}`, messages: [ref], options: {} });
    expect(message.replied).toBeUndefined();
    expect(message.target).toMatchObject({ session: SESSION, platform: 'web' });
  });

  it('goes on from one picture of a result', async () => {
    const { hear } = await setUp();
    const message = await hear('night', { answers: { message: 7, picture: 2 } });
    expect(message.command).toBeUndefined();
    expect(message.replied).toEqual({ message: `web:${SESSION}:7-2`, attachments: [] });
  });

  it('goes on from pictures that the person sent', async () => {
    const { hear, chat } = await setUp();
    await hear('', { uploads: [UPLOAD] });
    const id = chat.messages()[0]?.id;
    const { replied } = await hear('night', { answers: { message: id } });
    const attachments = [{ platform: 'web', id: UPLOAD }];
    expect(replied).toEqual({ message: `web:${SESSION}:${id}`, attachments });
  });

  it('brings pictures, a style and a command of its own', async () => {
    const { hear } = await setUp();
    const message = await hear('/edit brighter', { uploads: [UPLOAD], style: 'night' });
    expect(message).toMatchObject({ command: 'edit', words: 'brighter', style: 'night' });
    expect(message.attachments).toEqual([{ platform: 'web', id: UPLOAD }]);
  });

  it.each([
    [{ words: 'x'.repeat(20_001), uploads: [] }],
    [{ words: 'x', uploads: ['../../etc/passwd'] }],
    [{ words: 'x', uploads: Array.from({ length: 11 }, () => UPLOAD) }],
    [{ words: 'x', uploads: [], answers: { message: 'web:other:1' } }],
    [{ words: 'x', uploads: [], answers: { message: 1, picture: -1 } }],
    [{ words: 7, uploads: [] }],
    [{ uploads: [] }],
    [null],
  ])('is refused when it is %j', (said) => {
    expect(SAID.safeParse(said).success).toBe(false);
  });
});

describe('a press', () => {
  it('answers its message, and takes over what that answered', async () => {
    const { chat } = await setUp();
    const buttons = [[{ label: 'Night', id: 'y:1' }]];
    const menu = await chat.post({ buttons, answers: { message: 3 } });
    const { target, takeOver } = targetsOf(SESSION, 'y:1', menu);
    expect(target).toMatchObject({ answers: { message: menu.id }, label: 'Night' });
    expect(takeOver).toMatchObject({ answers: { message: 3 }, statusId: menu.id, label: 'Night' });
  });

  it('of a setting stands on no message', () => {
    const nowhere = { platform: 'web', session: SESSION };
    expect(targetsOf(SESSION, 's:1', undefined)).toEqual({ target: nowhere, takeOver: nowhere });
  });
});
