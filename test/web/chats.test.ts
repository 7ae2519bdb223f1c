import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatMessage } from '../../src/web/chat-message.ts';
import { createChats } from '../../src/web/chats.ts';
import { createFakeStore } from '../fakes/store.ts';

const SESSION = 'abcdefghijklmnopqrstuvwx';

function createLogger() {
  const errors: string[] = [];
  const error = (_: object, message: string) => void errors.push(message);
  return { errors, logger: { debug() {}, info() {}, warn() {}, error } };
}

function setUp(store = createFakeStore()) {
  const { logger, errors } = createLogger();
  const table = store.table<ChatMessage>('web-messages');
  return { store, errors, table, chats: createChats({ table, logger }) };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a chat', () => {
  it('is there again after a restart, in its order, without what was removed', async () => {
    const { chats, store } = setUp();
    const chat = await chats.open(SESSION);
    const first = await chat.post({ text: 'one' });
    const second = await chat.post({ text: 'two' });
    await chat.post({ text: 'three', uploads: ['u'] });
    await chat.remove(second.id);
    await chat.edit(first.id, { text: 'uno' }, { kept: true });
    const again = setUp(store);
    const found = await again.chats.find(SESSION);
    expect(found?.messages()).toEqual(chat.messages());
    expect(found?.messages().map(({ text }) => text)).toEqual(['uno', 'three']);
    expect(await again.chats.uploads()).toEqual(new Set(['u']));
  });

  it('numbers its messages by the time, each higher than the last, also when the clock goes back', async () => {
    const { chats, store } = setUp();
    const chat = await chats.open(SESSION);
    const ids = [(await chat.post({})).id, (await chat.post({})).id];
    vi.setSystemTime(5);
    const later = await (await setUp(store).chats.open(SESSION)).post({});
    expect([...ids, later.id]).toEqual([1_000_000, 1_000_001, 1_000_002]);
  });

  it('tells watchers each change, until they stop', async () => {
    const { chats } = setUp();
    const chat = await chats.open(SESSION);
    const seen: object[] = [];
    const stop = chat.watch((change) => seen.push(change));
    const message = await chat.post({ text: 'one' });
    await chat.edit(message.id, { text: 'two' }, { kept: false });
    await chat.remove(message.id);
    await chat.remove(message.id);
    await chat.edit(message.id, { text: 'three' }, { kept: true });
    stop();
    await chat.post({});
    expect(seen).toEqual([
      { put: message },
      { put: { ...message, text: 'two' } },
      { removed: message.id },
    ]);
    expect(chat.version()).toBe(4);
  });

  it('lets the oldest of 501 messages go', async () => {
    const { chats } = setUp();
    const chat = await chats.open(SESSION);
    for (let count = 0; count < 501; count += 1) await chat.post({ text: `${count}` });
    expect(chat.messages()).toHaveLength(500);
    expect(chat.messages()[0]?.text).toBe('1');
  });

  it('goes on in memory when the database fails', async () => {
    const { chats, table, errors } = setUp();
    vi.spyOn(table, 'set').mockRejectedValue(new Error('disk full'));
    const chat = await chats.open(SESSION);
    await chat.post({ text: 'one' });
    expect(chat.messages()).toHaveLength(1);
    expect(errors).toEqual(['a chat is not kept']);
  });

  it('is no empty one while the database cannot be read, and all there when it can', async () => {
    const { chats: before, store } = setUp();
    await (await before.open(SESSION)).post({ text: 'one', uploads: ['u'] });
    const { chats, table, errors } = setUp(store);
    const entries = vi.spyOn(table, 'entries').mockImplementationOnce(() => {
      throw new Error('away for a moment');
    });
    const asked = [chats.find(SESSION), chats.uploads()];
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'delivery-failed' } });
    }
    expect(errors).toEqual(['the chats cannot be read']);
    expect((await chats.find(SESSION))?.messages()).toMatchObject([{ text: 'one' }]);
    expect(await chats.uploads()).toEqual(new Set(['u']));
    expect(entries).toHaveBeenCalledTimes(2);
  });

  it('is one and the same for all who open it at once, and nobody else’s', async () => {
    const { chats } = setUp();
    const [one, two, other] = await Promise.all(
      [SESSION, SESSION, 'x'].map((session) => chats.open(session)),
    );
    expect(one).toBe(two);
    await one?.post({ text: 'mine' });
    expect(other?.messages()).toEqual([]);
    expect(await chats.find('unheard-of')).toBeUndefined();
  });
});
