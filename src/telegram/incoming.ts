/** What people say: pure, from Telegram's messages to the core's. */
import type { Message } from 'grammy/types';
import {
  COMMANDS,
  type Command,
  type IncomingMessage,
  type Person,
  type ReplyTarget,
} from '../core/index.ts';
import type { Part } from './album.ts';
import { idOf, PLATFORM, refOf } from './ids.ts';
import { attachmentsOf, type Holder, isUnreadable } from './pictures.ts';
import { type Me, readWords, type Spoken } from './words.ts';

export interface Listener {
  me: Me;
  /** Whether a post of a channel is the bot's own. */
  isOwnPost: (message: Message) => boolean;
}

/** Reads one message, or the parts of one album in order. Undefined: it is not for the bot. */
export function toIncomingMessage(
  parts: readonly Part[],
  listener: Listener,
): IncomingMessage | undefined {
  const [lead] = parts;
  const person = lead && personOf(lead.message);
  if (lead === undefined || person === undefined) return undefined;
  const messages = parts.map(({ message }) => message);
  const spoken = readWords(messages, listener.me);
  const { chat } = lead.message;
  const isPrivate = chat.type === 'private';
  const command = knownCommand(spoken, isPrivate);
  const answered = messages.map(answeredMessage).find((message) => message !== undefined);
  const answersBot = answered !== undefined && isOwn(answered, listener);
  if (!isMeant(spoken, command, { isPrivate, answersBot })) return undefined;
  if (isEmpty(spoken, messages)) return undefined;
  const found = withAnswered(messages, answered ?? lead.message.external_reply);
  return {
    id: updateName(lead),
    person,
    chat: idOf(chat.id),
    isPrivate,
    ...(command !== undefined && { command }),
    words: spoken.words,
    attachments: messages.flatMap(attachmentsOf),
    hasUnreadable: found.some(isUnreadable),
    messages: messages.map(refOf),
    ...repliedTo(lead.message, answered),
    options: {},
    target: targetOf(lead.message, { spoiler: found.some((holder) => holder.has_media_spoiler) }),
  };
}

/** Answers this message. */
export function targetOf(message: Message, { spoiler }: { spoiler: boolean }): ReplyTarget {
  const { chat, message_id: messageId, message_thread_id: threadId } = message;
  return {
    platform: PLATFORM,
    chatId: chat.id,
    messageId,
    // In ordinary groups a thread id marks a chain of replies and must not be sent back.
    ...(message.is_topic_message && threadId !== undefined && { threadId }),
    ...(spoiler && { spoiler }),
  };
}

/**
 * Anonymous admins and channels speak through an account that is nobody's, so the chat that speaks comes first. Bots
 * are nobody; so is a post that a channel's discussion group merely repeats.
 */
export function personOf(message: Message): Person | undefined {
  const { from, sender_chat: speaker, chat } = message;
  if (message.is_automatic_forward) return undefined;
  const language = from?.language_code !== undefined && { language: from.language_code };
  if (speaker !== undefined) return { id: idOf(speaker.id), ...language };
  if (chat.type === 'channel') return { id: idOf(chat.id) };
  return from === undefined || from.is_bot ? undefined : { id: idOf(from.id), ...language };
}

/** In a private chat, the unknown is a wish for help. */
function knownCommand({ command }: Spoken, isPrivate: boolean): Command | undefined {
  if (command === undefined) return undefined;
  return COMMANDS.find((known) => known === command) ?? (isPrivate ? 'help' : undefined);
}

/** Where others talk as well: commands, the bot's name, and answers to the bot. */
function isMeant(
  spoken: Spoken,
  command: Command | undefined,
  { isPrivate, answersBot }: { isPrivate: boolean; answersBot: boolean },
): boolean {
  const isCommand = spoken.command !== undefined;
  if (isPrivate) return !(isCommand && spoken.isForOther);
  if (spoken.isForOther) return false;
  return isCommand ? command !== undefined : spoken.isMention || answersBot;
}

/** In a topic every message answers the one that opened it, which means nothing. */
function answeredMessage({ reply_to_message: answered }: Message): Message | undefined {
  return answered?.forum_topic_created === undefined ? answered : undefined;
}

function isOwn(message: Message, { me, isOwnPost }: Listener): boolean {
  return message.from?.id === me.id || isOwnPost(message);
}

/** A service message: someone joined, a message was pinned. */
function isEmpty({ command, isMention, words }: Spoken, messages: Message[]): boolean {
  if (words !== '' || command !== undefined || isMention) return false;
  return !messages.some((message) => attachmentsOf(message).length > 0 || isUnreadable(message));
}

/** All that may hold a picture. */
function withAnswered(messages: Message[], answered: Holder | undefined): Holder[] {
  return answered === undefined ? messages : [...messages, answered];
}

function repliedTo(
  message: Message,
  answered: Message | undefined,
): Pick<IncomingMessage, 'replied'> {
  if (answered !== undefined) {
    return { replied: { message: refOf(answered), attachments: attachmentsOf(answered) } };
  }
  if (message.external_reply === undefined) return {};
  // A message of another chat: its picture is meant, and not what was said around it there.
  const unknown = `${PLATFORM}:external:${message.message_id}`;
  return { replied: { message: unknown, attachments: attachmentsOf(message.external_reply) } };
}

/**
 * An album is known by its group: a part that is delivered again on its own must not become a job of its own,
 * which it would under its update's id.
 */
function updateName({ updateId, message }: Part): string {
  const { media_group_id: group, chat } = message;
  return group === undefined ? `${PLATFORM}:${updateId}` : `${PLATFORM}:album:${chat.id}:${group}`;
}
