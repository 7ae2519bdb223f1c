/** The chats of the studio: in memory for those who watch, and in a table so that they outlive the process. */
import { EaselError, type Logger } from '../core/index.ts';
import type { ChatMessage } from './chat-message.ts';

/** What is needed of the core's table; keys are `session:id`. */
export interface MessageTable {
  set(key: string, row: ChatMessage): Promise<void>;
  delete(key: string): Promise<boolean>;
  entries(): AsyncIterable<[key: string, row: ChatMessage]>;
}

/** What has changed in a chat. */
export type Change = { put: ChatMessage } | { removed: number };

export interface Chat {
  /** Oldest first. */
  messages(): ChatMessage[];
  find(id: number): ChatMessage | undefined;
  /** Counts the changes in this process. */
  version(): number;
  post(content: Partial<Omit<ChatMessage, 'id'>>): Promise<ChatMessage>;
  /** Nothing when the message is gone. Only what is `kept` outlives the process. */
  edit(
    id: number,
    changes: Partial<Omit<ChatMessage, 'id'>>,
    options: { kept: boolean },
  ): Promise<void>;
  remove(id: number): Promise<void>;
  /** Gives the way to stop it. */
  watch(listener: (change: Change) => void): () => void;
}

/** Every method throws EaselError `delivery-failed` while the table cannot be read: it may work later. */
export interface Chats {
  /** Undefined where nobody has said anything, nor opened the page since the start. */
  find(session: string): Promise<Chat | undefined>;
  open(session: string): Promise<Chat>;
  /** Ids of the uploads that some message shows. */
  uploads(): Promise<Set<string>>;
  /** Removes what was posted before then (Unix ms). */
  removeBefore(time: number): Promise<void>;
}

/** A long afternoon; beyond it the oldest go. */
const MAX_MESSAGES = 500;

/** What cannot be written is shown all the same. */
export function createChats({ table, logger }: { table: MessageTable; logger: Logger }): Chats {
  const chats = new Map<string, Chat>();
  let loading: Promise<void> | undefined;

  async function keep(action: Promise<unknown>): Promise<void> {
    await action.catch((error: unknown) => logger.error({ error }, 'a chat is not kept'));
  }

  async function load(): Promise<void> {
    const rows: [key: string, row: ChatMessage][] = [];
    for await (const entry of table.entries()) rows.push(entry);
    const sessions = Map.groupBy(rows, ([key]) => key.slice(0, key.indexOf(':')));
    for (const [session, own] of sessions) {
      const messages = own.map(([, message]) => message);
      chats.set(session, createOne(session, messages));
    }
  }

  /** Tried again with the next request: an empty chat would be taken for one whose pictures nobody wants. */
  function loaded(): Promise<void> {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      logger.error({ error: cause }, 'the chats cannot be read');
      throw new EaselError('delivery-failed', { cause });
    });
    return loading;
  }

  function createOne(session: string, messages: ChatMessage[]): Chat {
    return createChat(messages, {
      set: (message) => keep(table.set(`${session}:${message.id}`, message)),
      delete: (id) => keep(table.delete(`${session}:${id}`)),
    });
  }

  async function find(session: string): Promise<Chat | undefined> {
    await loaded();
    return chats.get(session);
  }

  return {
    find,
    async open(session) {
      const chat = (await find(session)) ?? chats.get(session) ?? createOne(session, []);
      chats.set(session, chat);
      return chat;
    },
    async uploads() {
      await loaded();
      const messages = [...chats.values()].flatMap((chat) => chat.messages());
      return new Set(messages.flatMap(({ uploads }) => uploads));
    },
    async removeBefore(time) {
      await loaded();
      for (const chat of chats.values()) {
        const old = chat.messages().filter(({ id }) => id < time);
        for (const { id } of old) await chat.remove(id);
      }
    },
  };
}

interface Keeper {
  set(message: ChatMessage): Promise<void>;
  delete(id: number): Promise<void>;
}

const BLANK: Omit<ChatMessage, 'id'> = {
  from: 'easel',
  look: 'words',
  text: '',
  uploads: [],
  pictures: [],
  sources: [],
  buttons: [],
  description: '',
};

function createChat(rows: ChatMessage[], keeper: Keeper): Chat {
  const messages = new Map(rows.toSorted((a, b) => a.id - b.id).map((row) => [row.id, row]));
  const listeners = new Set<(change: Change) => void>();
  let lastId = Math.max(0, ...messages.keys());
  let version = 0;

  function tell(change: Change): void {
    version += 1;
    for (const listener of listeners) listener(change);
  }

  function put(message: ChatMessage): void {
    messages.set(message.id, message);
    tell({ put: message });
  }

  async function remove(id: number): Promise<void> {
    if (!messages.delete(id)) return;
    tell({ removed: id });
    await keeper.delete(id);
  }

  return {
    messages: () => [...messages.values()],
    find: (id) => messages.get(id),
    version: () => version,
    async post(content) {
      lastId = Math.max(Date.now(), lastId + 1);
      const message = { ...BLANK, ...content, id: lastId };
      put(message);
      await keeper.set(message);
      const [oldest] = messages.keys();
      if (messages.size > MAX_MESSAGES && oldest !== undefined) await remove(oldest);
      return message;
    },
    async edit(id, changes, { kept }) {
      const before = messages.get(id);
      if (before === undefined) return;
      const message = { ...before, ...changes };
      put(message);
      if (kept) await keeper.set(message);
    },
    remove,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
