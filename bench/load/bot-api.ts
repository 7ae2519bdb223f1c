/**
 * The Bot API of the load, a process of its own: hands out the wishes that the process that forked it sends, and stamps
 * what the bot makes of them. It keeps no chats, and throws uploads away while they arrive.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { readMark } from './picture.ts';
import { stamp, type Wish } from './stamps.ts';

/** Status messages have the number of their wish above this. */
const STATUS_BASE = 1_000_000_000;
const MAX_UPDATES = 100;
const COMMAND = '/imagine';
const ME = { id: 4242, is_bot: true, first_name: 'Easel', username: 'easel_bot' };
/** Room for all fields of an upload and the beginning of its picture. */
const HEAD_BYTES = 2_048;
const TAIL_BYTES = 256;

interface Call {
  message_id?: number;
  reply_parameters?: { message_id: number };
  reply_markup?: object;
  text?: string;
  timeout?: number;
}

const queue: Wish[] = [];
let poll: { response: ServerResponse; end(): void } | undefined;

function handOut(): void {
  if (poll === undefined || queue.length === 0) return;
  const wishes = queue.splice(0, MAX_UPDATES);
  const { response, end } = poll;
  end();
  for (const { id } of wishes) stamp(id, 'told');
  respond(response, wishes.map(toUpdate));
}

function toUpdate({ id, user, prompt }: Wish) {
  const chat = { id: user, type: 'private', first_name: 'Ada' };
  const from = { id: user, is_bot: false, first_name: 'Ada', language_code: 'en' };
  const date = Math.floor(Date.now() / 1_000);
  // By command: words alone would go on with the last picture, and each answer cost more than the one before.
  const text = `${COMMAND} ${prompt}`;
  const entities = [{ type: 'bot_command', offset: 0, length: COMMAND.length }];
  return { update_id: id, message: { message_id: id, date, chat, from, text, entities } };
}

function holdPoll(response: ServerResponse, timeoutSeconds: number): void {
  const end = () => {
    clearTimeout(timer);
    if (poll?.response === response) poll = undefined;
  };
  const timer = setTimeout(() => {
    end();
    respond(response, []);
  }, timeoutSeconds * 1_000);
  // Also for a bot that has left: what it cannot take must wait for the next one.
  response.once('close', end);
  poll = { response, end };
  handOut();
}

/** The words of a failure take the place of the status, and have no button. */
function notice(method: string, { message_id = 0, reply_parameters, reply_markup, text }: Call) {
  const wish = reply_parameters?.message_id ?? message_id - STATUS_BASE;
  if (reply_markup === undefined && text !== undefined) stamp(wish, 'failed', text);
  else if (method === 'sendMessage') stamp(wish, 'acknowledged');
  return { message_id: STATUS_BASE + wish, date: 1, chat: { id: 1, type: 'private' } };
}

async function takePhoto(request: IncomingMessage): Promise<object> {
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  let wish: number | undefined;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    tail = Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    if (wish !== undefined) continue;
    wish = wishOf(head);
    if (wish !== undefined) stamp(wish, 'uploading');
  }
  const mark = readMark(head);
  const isRight = tail.includes('IEND') && (mark === undefined || mark === wish);
  stamp(wish ?? 0, isRight ? 'delivered' : 'failed', isRight ? undefined : 'the wrong picture');
  return { message_id: STATUS_BASE * 2, date: 1, chat: { id: 1, type: 'private' } };
}

/** grammY sends the fields before the file. */
function wishOf(head: Buffer): number | undefined {
  const found = /name="reply_parameters"\s+\{"message_id":(\d+)/.exec(head.toString('latin1'));
  return found === null ? undefined : Number(found[1]);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.url?.split('/').at(-1) ?? '';
  if (method === 'sendPhoto') return respond(response, await takePhoto(request));
  const call = (await json(request)) as Call;
  if (method === 'getUpdates') return holdPoll(response, call.timeout ?? 0);
  if (method === 'getMe') return respond(response, ME);
  const isStatus = method === 'sendMessage' || method === 'editMessageText';
  respond(response, isStatus ? notice(method, call) : true);
}

function respond(response: ServerResponse, result: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ok: true, result }));
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('message', (wishes: Wish[]) => {
  queue.push(...wishes);
  handOut();
});
process.on('disconnect', () => process.exit());
