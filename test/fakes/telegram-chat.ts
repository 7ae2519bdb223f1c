import { createHash } from 'node:crypto';
import type { Chat, Message, MessageEntity, PhotoSize, User } from 'grammy/types';
import sharp from 'sharp';
import type { Fields } from './telegram-multipart.ts';

/** An error as the Bot API answers it. */
export class ApiFailure extends Error {
  readonly code: number;
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined;

  constructor(code: number, description: string, parameters?: ApiFailure['parameters']) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

interface StoredFile {
  path: string;
  bytes: () => Promise<Buffer> | Buffer;
  size: number;
}

type Values = Record<string, unknown>;
type Content = Values;

/** What the server knows: files by id, chats with their messages. Limits and errors are the real server's. */
export function createTelegramState(me: User) {
  const files = new Map<string, StoredFile>();
  const chats = new Map<number, { chat: Chat; lastId: number; messages: Map<number, Message> }>();
  const lostThreads = new Set<string>();
  const movedChats = new Map<number, number>();
  const admins = new Set<string>();
  /** When each press was made, Unix ms. */
  const queries = new Map<string, number>();
  let lastFile = 0;
  let lastGroup = 0;

  function putFile(bytes: StoredFile['bytes'], { size, path }: { size: number; path?: string }) {
    lastFile += 1;
    const id = `AgACAgIAAx${String(lastFile).padStart(6, '0')}`;
    files.set(id, { bytes, size, path: path ?? `photos/file_${lastFile}.jpg` });
    return id;
  }

  /** Sizes as Telegram makes them: small ones for lists, and the picture itself last. */
  async function photoSizes(bytes: Buffer): Promise<PhotoSize[]> {
    const { width, height } = await dimensions(bytes);
    if (bytes.length > 10_000_000) throw new ApiFailure(400, 'Bad Request: file is too big');
    if (width + height > 10_000 || Math.max(width, height) / Math.min(width, height) > 20) {
      throw new ApiFailure(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS');
    }
    const sides = [90, 320].filter((side) => side < Math.max(width, height));
    const small = sides.map((side) => {
      const scale = side / Math.max(width, height);
      const size = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
      return toSize(() => sharp(bytes).resize(size).jpeg().toBuffer(), { ...size, bytes: 1000 });
    });
    return [...small, toSize(() => bytes, { width, height, bytes: bytes.length })];
  }

  function toSize(
    bytes: StoredFile['bytes'],
    { width, height, bytes: size }: { width: number; height: number; bytes: number },
  ): PhotoSize {
    const id = putFile(bytes, { size });
    return { file_id: id, file_unique_id: uniqueId(id), width, height, file_size: size };
  }

  function chatOf(id: number, kind: 'supergroup' | 'channel' = 'supergroup') {
    const known = chats.get(id);
    if (known !== undefined) return known;
    const chat: Chat =
      id > 0
        ? { id, type: 'private', first_name: `Person ${id}` }
        : { id, type: kind, title: `Chat ${-id}` };
    const fresh = { chat, lastId: 0, messages: new Map<number, Message>() };
    chats.set(id, fresh);
    return fresh;
  }

  /** Adds a message of anyone; the ids count up per chat. */
  function addMessage(chatId: number, content: Content): Message {
    const entry = chatOf(chatId);
    entry.lastId += 1;
    const message: Message = {
      message_id: entry.lastId,
      date: 1_790_000_000 + entry.lastId,
      chat: entry.chat,
      ...content,
    } as Message;
    entry.messages.set(entry.lastId, message);
    return message;
  }

  function findMessage(values: Values, problem: string): Message {
    const found = chats.get(Number(values.chat_id))?.messages.get(Number(values.message_id));
    if (found === undefined) throw new ApiFailure(400, `Bad Request: ${problem}`);
    return found;
  }

  /** What every send adds: who speaks, where, and in answer to what. */
  function framed(values: Values): Content {
    const reply = values.reply_parameters as
      | { message_id: number; allow_sending_without_reply?: boolean }
      | undefined;
    const { chat, messages } = chatOf(Number(values.chat_id));
    const answered = reply && messages.get(reply.message_id);
    if (reply && !answered && !reply.allow_sending_without_reply) {
      throw new ApiFailure(400, 'Bad Request: message to be replied not found');
    }
    const thread = values.message_thread_id;
    if (lostThreads.has(`${chat.id}:${thread}`)) {
      throw new ApiFailure(400, 'Bad Request: message thread not found');
    }
    const { reply_to_message: _deeper, ...flat } = answered ?? {};
    return {
      // In a channel nobody but the channel speaks.
      ...(chat.type === 'channel' ? { sender_chat: chat } : { from: me }),
      ...(thread !== undefined && { message_thread_id: thread, is_topic_message: true }),
      ...(answered && { reply_to_message: flat }),
      ...keyboard(values, chat),
    };
  }

  async function media(values: Values, kind: unknown, file: Buffer | undefined, name: string) {
    if (file === undefined) throw new ApiFailure(400, 'Bad Request: there is no file');
    checkLength(values.caption, 1024, 'message caption is too long');
    const captioned = {
      ...(values.caption !== undefined && { caption: values.caption }),
      ...(values.caption_entities !== undefined && { caption_entities: values.caption_entities }),
    };
    if (kind === 'photo') {
      const spoiler = values.has_spoiler === true && { has_media_spoiler: true };
      return { photo: await photoSizes(file), ...captioned, ...spoiler };
    }
    const path = `documents/file_${lastFile + 1}${/\.\w+$/.exec(name)?.[0] ?? ''}`;
    const id = putFile(() => file, { size: file.length, path });
    const mime_type = `image/${(/\.(\w+)$/.exec(name)?.[1] ?? 'png').replace('jpg', 'jpeg')}`;
    const document = {
      file_id: id,
      file_unique_id: uniqueId(id),
      file_name: name,
      mime_type,
      file_size: file.length,
    };
    return { document, ...captioned };
  }

  function attached(value: unknown, { files: uploads }: Fields) {
    const upload = uploads[String(value).replace('attach://', '')];
    return [upload?.bytes, upload?.filename ?? ''] as const;
  }

  async function sendOne(kind: 'photo' | 'document', call: Fields): Promise<Message> {
    const values = call.fields;
    const frame = framed(values);
    const [bytes, name] = attached(values[kind], call);
    return addMessage(Number(values.chat_id), {
      ...frame,
      ...(await media(values, kind, bytes, name)),
    });
  }

  async function sendMediaGroup(call: Fields): Promise<Message[]> {
    const items = call.fields.media as Values[];
    if (items.length < 2 || items.length > 10 || new Set(items.map((i) => i.type)).size > 1) {
      throw new ApiFailure(400, 'Bad Request: MEDIA_GROUPED_INVALID');
    }
    const frame = framed(call.fields);
    const contents = await Promise.all(
      items.map((item) => media(item, item.type, ...attached(item.media, call))),
    );
    lastGroup += 1;
    const group = { media_group_id: `1390000${lastGroup}` };
    return contents.map((content) =>
      addMessage(Number(call.fields.chat_id), { ...frame, ...group, ...content }),
    );
  }

  function sendMessage({ fields }: Fields): Message {
    checkText(fields.text);
    const entities = fields.entities as MessageEntity[] | undefined;
    return addMessage(Number(fields.chat_id), {
      ...framed(fields),
      text: String(fields.text),
      ...(entities?.length && { entities }),
    });
  }

  function editMessageText({ fields }: Fields): Message {
    const message = findMessage(fields, 'message to edit not found');
    if (message.text === undefined) {
      throw new ApiFailure(400, 'Bad Request: there is no text in the message to edit');
    }
    checkText(fields.text);
    const { reply_markup: before, ...rest } = message;
    const markup = keyboard(fields, message.chat);
    const isSame = JSON.stringify(before) === JSON.stringify(markup.reply_markup);
    if (message.text === fields.text && isSame) {
      throw new ApiFailure(
        400,
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    }
    const edited = {
      ...rest,
      text: String(fields.text),
      edit_date: message.date + 60,
      ...markup,
    } as Message;
    chatOf(message.chat.id).messages.set(message.message_id, edited);
    return edited;
  }

  function deleteMessage({ fields }: Fields): true {
    const { chat, message_id: id } = findMessage(fields, 'message to delete not found');
    chatOf(chat.id).messages.delete(id);
    return true;
  }

  function getFile({ fields }: Fields) {
    const file = files.get(String(fields.file_id));
    if (file === undefined) throw new ApiFailure(400, 'Bad Request: invalid file_id');
    if (file.size > 20 << 20) throw new ApiFailure(400, 'Bad Request: file is too big');
    const id = String(fields.file_id);
    return {
      file_id: id,
      file_unique_id: uniqueId(id),
      file_size: file.size,
      file_path: file.path,
    };
  }

  function answerCallbackQuery({ fields }: Fields): true {
    const askedAt = queries.get(String(fields.callback_query_id)) ?? 0;
    if (Date.now() - askedAt > QUERY_MS) {
      throw new ApiFailure(
        400,
        'Bad Request: query is too old and response timeout expired or query ID is invalid',
      );
    }
    checkLength(fields.text, 200, 'MESSAGE_TOO_LONG');
    return true;
  }

  function getChatMember({ fields }: Fields) {
    const { chat_id: chatId, user_id: id } = fields;
    if (!chats.has(Number(chatId))) throw new ApiFailure(400, 'Bad Request: chat not found');
    const status = admins.has(`${chatId}:${id}`) ? 'administrator' : 'member';
    return { status, user: { id, is_bot: false, first_name: `Person ${id}` } };
  }

  function setMyCommands({ fields }: Fields): true {
    const commands = fields.commands as { command: string; description: string }[];
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command) || !/^.{1,256}$/s.test(description)) {
        throw new ApiFailure(400, 'Bad Request: BOT_COMMAND_INVALID');
      }
    }
    return true;
  }

  const methods: Record<string, (call: Fields) => unknown> = {
    getMe: () => me,
    sendMessage,
    sendPhoto: (call) => sendOne('photo', call),
    sendDocument: (call) => sendOne('document', call),
    sendMediaGroup,
    editMessageText,
    deleteMessage,
    getFile,
    getChatMember,
    answerCallbackQuery,
    sendChatAction: () => true,
    setMyCommands,
  };

  /** A group that became a supergroup takes no calls any more. */
  function checkMoved({ fields }: Fields): void {
    const movedTo = movedChats.get(Number(fields.chat_id));
    if (movedTo === undefined) return;
    const description = 'Bad Request: group chat was upgraded to a supergroup chat';
    throw new ApiFailure(400, description, { migrate_to_chat_id: movedTo });
  }

  const world = { lostThreads, movedChats, admins, queries };
  return { methods, files, putFile, photoSizes, chatOf, addMessage, checkMoved, ...world };
}

/** After about this long a press cannot be answered any more. */
const QUERY_MS = 15_000;

export function uniqueId(fileId: string): string {
  return createHash('sha256').update(fileId).digest('base64url').slice(0, 15);
}

async function dimensions(bytes: Buffer): Promise<{ width: number; height: number }> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { width, height };
  } catch {
    throw new ApiFailure(400, 'Bad Request: IMAGE_PROCESS_FAILED');
  }
}

function checkText(text: unknown): void {
  if (String(text ?? '').trim() === '') {
    throw new ApiFailure(400, 'Bad Request: message text is empty');
  }
  checkLength(text, 4096, 'message is too long');
}

function checkLength(text: unknown, units: number, problem: string): void {
  if (String(text ?? '').length > units) throw new ApiFailure(400, `Bad Request: ${problem}`);
}

/** The inline keyboard, when one with buttons was sent. A field to answer in shows in no message. */
function keyboard(values: Values, chat: Chat): { reply_markup?: unknown } {
  const markup = values.reply_markup as
    | { inline_keyboard?: { callback_data: string }[][]; force_reply?: boolean }
    | undefined;
  if (markup?.force_reply && chat.type === 'channel') {
    throw new ApiFailure(400, 'Bad Request: inline keyboard expected');
  }
  const buttons = markup?.inline_keyboard?.flat() ?? [];
  if (buttons.some(({ callback_data: data }) => Buffer.byteLength(data) > 64)) {
    throw new ApiFailure(400, 'Bad Request: BUTTON_DATA_INVALID');
  }
  return buttons.length === 0 ? {} : { reply_markup: markup };
}
