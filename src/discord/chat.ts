/** Messages in chats that are meant for the bot. Pure. */
import type { APIMessage, GatewayMessageCreateDispatchData as NewMessage } from 'discord.js';
import type { IncomingMessage } from '../core/index.ts';
import { filesOf, isPicture, isSpoiler, picturesOf } from './pictures.ts';
import { repliedTo } from './request.ts';
import { messageRef, PLATFORM, type Target } from './target.ts';

export interface Surroundings {
  /** The bot's own user id. */
  me: string;
  /** Bytes that one file may have in the message's server. */
  uploadLimit: number;
}

/** Types of messages: plain ones and answers. All others are Discord's own notes. */
const SAID = [0, 19];
const IS_FORWARD = 1;

/**
 * Private messages, and in servers those that mention the bot, as an answer that pings it does: no others bring their
 * words along without a privileged intent. Undefined for what is not meant for the bot, or was said by one.
 */
export function readMessage(
  message: NewMessage,
  around: Surroundings,
): IncomingMessage | undefined {
  const { author, guild_id, webhook_id, mentions, type } = message;
  const isPrivate = guild_id === undefined;
  const isMeant = isPrivate || mentions.some(({ id }) => id === around.me);
  if (author.bot || webhook_id !== undefined || !isMeant || !SAID.includes(type)) return undefined;
  const replied = answeredBy(message);
  return {
    id: `${PLATFORM}:${message.id}`,
    person: { id: `${PLATFORM}:${author.id}` },
    chat: `${PLATFORM}:${message.channel_id}`,
    ...(!isPrivate && { server: `${PLATFORM}:${guild_id}` }),
    isPrivate,
    ...readWords(message.content, around.me),
    attachments: picturesOf(message),
    hasUnreadable: !filesOf(message).every(isPicture),
    messages: [messageRef(message.channel_id, message.id)],
    ...(replied && { replied: repliedTo(replied) }),
    options: {},
    target: targetOf(message, around),
  };
}

function targetOf(message: NewMessage, { uploadLimit }: Surroundings): Target {
  return {
    platform: PLATFORM,
    channelId: message.channel_id,
    userId: message.author.id,
    messageId: message.id,
    isEphemeral: false,
    isSpoiler: [...filesOf(message), ...filesOf(answeredBy(message) ?? {})].some(isSpoiler),
    uploadLimit,
  };
}

/** A forward refers to a message too, but brings its pictures along. */
function answeredBy({ message_reference, referenced_message }: NewMessage): APIMessage | undefined {
  if (message_reference?.type === IS_FORWARD) return undefined;
  return referenced_message ?? undefined;
}

function readWords(content: string, me: string): { words: string } {
  const words = content.replaceAll(new RegExp(`<@!?${me}>`, 'g'), ' ');
  return { words: words.replace(/[^\S\n]+/g, ' ').trim() };
}
