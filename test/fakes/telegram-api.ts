import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, Update, User } from 'grammy/types';
import { ApiFailure, createTelegramState } from './telegram-chat.ts';
import { type Fields, readFields } from './telegram-multipart.ts';
import {
  createTelegramChannel,
  createTelegramPerson,
  type TelegramChannel,
  type TelegramPerson,
} from './telegram-person.ts';
import { createWatchers, type Watchers } from './watchers.ts';

/** A call of the bot; `answer` is set once it was answered. */
export interface TelegramCall extends Fields {
  method: string;
  answer?: { ok: boolean; [key: string]: unknown };
}

/** How the next call goes instead. */
export type Outcome =
  /** An error of the API. */
  | { code: number; description: string; parameters?: ApiFailure['parameters'] }
  /** A page of something in between. */
  | { status: number; html: string }
  /** The connection breaks before the call had an effect. */
  | 'reset'
  /** The call has its effect, and the connection breaks before the answer. */
  | 'reset-after'
  /** No answer, until the bot gives up. */
  | 'hang';

export interface FakeTelegram {
  /** The `apiRoot` for the bot. */
  readonly origin: string;
  readonly me: User;
  readonly journal: TelegramCall[];
  /** Paths of file downloads, without the token. */
  readonly downloads: string[];
  /** The calls of one method so far. */
  calls(method: string): TelegramCall[];
  /** The chat as a person sees it now, oldest first. */
  messages(chatId: number): Message[];
  /** Stores a file and gives its `file_id`; `path` is what getFile will say. */
  putFile(bytes: Buffer, options?: { path?: string; size?: number }): string;
  /** The bytes behind a `file_id`. */
  fileBytes(fileId: string): Promise<Buffer>;
  /** Queues an update as Telegram would deliver it; gives it back with its id. */
  send(update: Omit<Update, 'update_id'> & { update_id?: number }): Update;
  /** Someone who writes to the bot, in private unless `chatId` says otherwise. */
  person(user?: Partial<User>, chatId?: number): TelegramPerson;
  /** A channel where the bot is an admin; what is posted there is queued as an update. */
  channel(id: number): TelegramChannel;
  /** A group becomes a supergroup: its old id refuses every call, and a service message says so. */
  migrate(from: number, to: number): void;
  makeAdmin(chatId: number, userId: number): void;
  deleteThread(chatId: number, threadId: number): void;
  script(method: string, ...outcomes: Outcome[]): void;
  waitFor: Watchers['waitFor'];
  close(): Promise<void>;
}

/** A Bot API server on loopback that behaves as the real one where the bot can see it. */
export async function createFakeTelegram({ token }: { token: string }): Promise<FakeTelegram> {
  const me: User = { id: 4242, is_bot: true, first_name: 'Easel', username: 'easel_bot' };
  const account = {
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  };
  const state = createTelegramState(me);
  const methods: typeof state.methods = { ...state.methods, getMe: () => ({ ...me, ...account }) };
  const journal: TelegramCall[] = [];
  const downloads: string[] = [];
  const scripts = new Map<string, Outcome[]>();
  const { changed, watch, waitFor } = createWatchers(() =>
    journal.map(({ method }) => method).join(', '),
  );
  const queue: Update[] = [];
  let lastUpdate = 700_000;
  let webhook = '';
  let endPoll: (() => void) | undefined;

  /** Hands updates out again until a higher offset confirms them; a second poll ends the first. */
  async function getUpdates({ fields }: Fields, closed: AbortSignal): Promise<Update[]> {
    if (webhook !== '')
      throw new ApiFailure(409, "Conflict: can't use getUpdates method while webhook is active");
    endPoll?.();
    const offset = Number(fields.offset ?? 0);
    while (queue[0] !== undefined && queue[0].update_id < offset) queue.shift();
    if (queue.length === 0 && Number(fields.timeout ?? 0) > 0) await nextUpdate(closed);
    return queue.slice(0, Number(fields.limit ?? 100));
  }

  function nextUpdate(closed: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const watcher = () => queue.length > 0 && done(resolve);
      const done = (settle: () => void) => {
        unwatch();
        endPoll = undefined;
        settle();
      };
      const conflict = new ApiFailure(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      );
      endPoll = () => done(() => reject(conflict));
      closed.addEventListener('abort', () => done(resolve));
      const unwatch = watch(watcher);
    });
  }

  async function perform(call: TelegramCall, closed: AbortSignal): Promise<unknown> {
    if (call.method === 'getUpdates') return getUpdates(call, closed);
    if (call.method === 'setWebhook') webhook = String(call.fields.url);
    if (call.method === 'deleteWebhook') webhook = '';
    if (call.method.endsWith('Webhook')) return true;
    const method = Object.entries(methods).find(([name]) => name === call.method)?.[1];
    if (method === undefined) throw new ApiFailure(404, 'Not Found');
    state.checkMoved(call);
    return method(call);
  }

  async function answerCall(call: TelegramCall, response: ServerResponse): Promise<void> {
    const outcome = scripts.get(call.method)?.shift();
    if (outcome === 'hang') return;
    if (outcome === 'reset') return void response.destroy();
    if (typeof outcome === 'object' && 'html' in outcome) {
      response.writeHead(outcome.status, { 'content-type': 'text/html' }).end(outcome.html);
      return;
    }
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const answer = await toAnswer(async () => {
      if (typeof outcome === 'object') {
        throw new ApiFailure(outcome.code, outcome.description, outcome.parameters);
      }
      return perform(call, gone.signal);
    });
    call.answer = answer;
    if (outcome === 'reset-after') response.destroy();
    else respond(response, answer);
    changed();
  }

  async function serveFile(path: string, response: ServerResponse): Promise<void> {
    downloads.push(path);
    const file = [...state.files.values()].find((candidate) => candidate.path === path);
    const outcome = scripts.get('file')?.shift();
    if (typeof outcome === 'object' && 'html' in outcome) {
      // Also stands for a redirect: the address is our own, so that following it would be seen.
      const location = `/file/bot${token}/elsewhere`;
      response.writeHead(outcome.status, { location }).end(outcome.html);
    } else if (outcome === 'reset') response.destroy();
    else if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(await file.bytes());
  }

  const server = createServer(async (request, response) => {
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    const [, kind = '', rest = ''] = /^\/(file\/bot|bot)(.*)$/.exec(request.url ?? '') ?? [];
    if (!rest.startsWith(`${token}/`)) {
      return respond(response, { ok: false, error_code: 401, description: 'Unauthorized' });
    }
    const path = rest.slice(token.length + 1);
    if (kind !== 'bot') return serveFile(path, response);
    const fields = readFields(body, request.headers['content-type'] ?? '');
    const call: TelegramCall = { method: path, ...fields };
    journal.push(call);
    changed();
    await answerCall(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const fake: FakeTelegram = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    me,
    journal,
    downloads,
    calls: (method) => journal.filter((call) => call.method === method),
    messages: (chatId) => [...state.chatOf(chatId).messages.values()],
    putFile: (bytes, { path, size = bytes.length } = {}) =>
      state.putFile(() => bytes, { size, ...(path !== undefined && { path }) }),
    async fileBytes(fileId) {
      const file = state.files.get(fileId);
      if (file === undefined) throw new Error(`no file ${fileId}`);
      return file.bytes();
    },
    send(update) {
      lastUpdate += 1;
      const whole = { update_id: lastUpdate, ...update } as Update;
      queue.push(whole);
      queueMicrotask(changed);
      return whole;
    },
    person: (user, chatId) => createTelegramPerson({ fake, state }, user, chatId),
    channel: (id) => createTelegramChannel({ fake, state }, id),
    migrate(from, to) {
      const about = { chat: state.chatOf(from).chat, message_id: 900, date: 1_790_000_900 };
      state.movedChats.set(from, to);
      fake.send({ message: { ...about, migrate_to_chat_id: to } } as Omit<Update, 'update_id'>);
    },
    makeAdmin: (chatId, userId) => void state.admins.add(`${chatId}:${userId}`),
    deleteThread: (chatId, threadId) => void state.lostThreads.add(`${chatId}:${threadId}`),
    script(method, ...outcomes) {
      scripts.set(method, [...(scripts.get(method) ?? []), ...outcomes]);
    },
    waitFor,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type Answer = NonNullable<TelegramCall['answer']>;

async function toAnswer(perform: () => Promise<unknown>): Promise<Answer> {
  try {
    return { ok: true, result: await perform() };
  } catch (error) {
    const failure = error instanceof ApiFailure ? error : new ApiFailure(500, String(error));
    const { code: error_code, message: description, parameters } = failure;
    return { ok: false, error_code, description, ...(parameters && { parameters }) };
  }
}

function respond(response: ServerResponse, answer: Answer): void {
  const status = answer.ok ? 200 : Number(answer.error_code);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}
