/** Buttons that people press, and what they get for it at once. */
import type { Api } from 'grammy';
import type { CallbackQuery, MaybeInaccessibleMessage, MessageEntity, User } from 'grammy/types';
import type { Desk, Logger, Platform, Press, ReplyTarget } from '../core/index.ts';
import { failureFields } from './failure.ts';
import { idOf, PLATFORM, refOf } from './ids.ts';
import { targetOf } from './incoming.ts';
import { readTarget } from './messenger.ts';
import { cut } from './text.ts';

export interface PressOptions {
  api: Api;
  desk: Desk;
  platform: Platform;
  logger: Logger;
}

/** Bot API, answerCallbackQuery: text of at most 200 units. */
const NOTE_UNITS = 200;
/** About two lines on a phone: what passes by itself. Longer notes stay until they are closed. */
const PASSING_UNITS = 80;
/** Bot API, ForceReply: placeholder of at most 64 units. */
const PLACEHOLDER_UNITS = 64;
const NAME_UNITS = 32;

/** Answers every query, since an unanswered button spins on. What comes too late is refused, which harms nobody. */
export function createPressHandler({ api, desk, platform, logger }: PressOptions) {
  async function stopWaiting({ id }: CallbackQuery, note: string): Promise<void> {
    const answering = api.answerCallbackQuery(id, toNote(note));
    await answering.catch((error: unknown) =>
      logger.debug(failureFields(error), 'telegram: answering a press failed'),
    );
  }

  async function ask(query: CallbackQuery, target: ReplyTarget, text: string): Promise<string> {
    const { chatId, place } = readTarget(target);
    const type = query.message?.chat.type;
    // In groups the field opens for those who are named, or who wrote the answered message, which is the bot here.
    const asked = type === 'private' ? { text, entities: [] } : addressed(query.from, text);
    const placeholder = cut(text, PLACEHOLDER_UNITS);
    const field = { force_reply: true, selective: true, input_field_placeholder: placeholder };
    // Channels take inline keyboards only.
    const markup =
      type === 'channel' ? {} : { reply_markup: field as typeof field & { force_reply: true } };
    const { entities } = asked;
    return refOf(await api.sendMessage(chatId, asked.text, { entities, ...place, ...markup }));
  }

  return async function handlePress(query: CallbackQuery): Promise<void> {
    const { message, data } = query;
    if (message === undefined || data === undefined) return stopWaiting(query, '');
    const press = toPress(api, query, message);
    const answer = await desk.press(press);
    await stopWaiting(query, answer.type === 'note' ? answer.text : '');
    if (answer.type === 'replace') await platform.close(press.takeOver, answer.reply);
    if (answer.type === 'ask') {
      await desk.link(await ask(query, press.target, answer.text), answer.turn);
    }
  };
}

function toPress(
  api: Api,
  { id, from, data = '' }: CallbackQuery,
  message: MaybeInaccessibleMessage,
): Press {
  const { id: chatId } = message.chat;
  return {
    id: `${PLATFORM}:cb:${id}`,
    button: data,
    person: { id: idOf(from.id), ...(from.language_code && { language: from.language_code }) },
    chat: idOf(chatId),
    speaksForChat: () => isAdmin(api, chatId, from.id),
    ...targetsOf(message),
  };
}

/** Only words can be taken over: the picture above a button must neither be replaced nor be taken away. */
function targetsOf(message: MaybeInaccessibleMessage): Pick<Press, 'target' | 'takeOver'> {
  const { message_id: messageId, chat } = message;
  // Inaccessible: all that is known of it is where it was.
  if (message.date === 0) {
    const target = { platform: PLATFORM, chatId: chat.id, messageId };
    return { target, takeOver: target };
  }
  const { text, has_media_spoiler: isCovered, reply_to_message: answered } = message;
  const target = targetOf(message, {
    spoiler: (isCovered ?? answered?.has_media_spoiler) === true,
  });
  if (text === undefined) return { target, takeOver: target };
  const place = { messageId: answered?.message_id ?? messageId, statusId: messageId };
  return { target, takeOver: { ...target, ...place } };
}

async function isAdmin(api: Api, chatId: number, userId: number): Promise<boolean> {
  try {
    const { status } = await api.getChatMember(chatId, userId);
    return status === 'creator' || status === 'administrator';
  } catch {
    return false;
  }
}

function addressed(user: User, text: string): { text: string; entities: MessageEntity[] } {
  const name = cut(user.first_name, NAME_UNITS);
  const entity = { type: 'text_mention' as const, offset: 0, length: name.length, user };
  // On a line of its own: colons are not the same in all languages.
  return { text: `${name}\n${text}`, entities: [entity] };
}

function toNote(note: string): { text?: string; show_alert?: boolean } {
  if (note === '') return {};
  return { text: cut(note, NOTE_UNITS), ...(note.length > PASSING_UNITS && { show_alert: true }) };
}
