/** What a message wishes: pure, from Telegram's JSON to the core's. */
import type { ExternalReplyInfo, Message, User } from 'grammy/types';
import {
  type Attachment,
  type Language,
  type PictureRequest,
  type ReplyTarget,
  resolveLanguage,
  type WordKey,
} from '../core/index.ts';
import type { Part } from './album.ts';

export const PLATFORM = 'telegram';
/** Pictures taken from one message or album. */
const MAX_PICTURES = 10;

export type Wish =
  | { kind: 'paint'; request: PictureRequest }
  | { kind: 'say'; key: WordKey }
  | { kind: 'cancel'; personId: string };

export interface Heard {
  wish: Wish;
  target: ReplyTarget;
  language: Language;
}

export interface Listener {
  me: Pick<User, 'id' | 'username'>;
  /** For people whose client tells none. */
  language: Language;
}

/** What is said, freed of the command or the bot's name in front. */
interface Spoken {
  command: string | undefined;
  mention: boolean;
  words: string;
}

/** Pictures that a message holds itself, and those of the message it answers. */
interface Found {
  own: PictureHolder[];
  replied: PictureHolder[];
  /** There is a film, a file or the like, which nobody here can paint with. */
  hasForeign: boolean;
}

type PictureHolder = Pick<
  Message | ExternalReplyInfo,
  'photo' | 'document' | 'sticker' | 'has_media_spoiler'
>;

/** Reads one message, or the parts of one album. Undefined: it is not for the bot. */
export function readMessages(parts: readonly Part[], listener: Listener): Heard | undefined {
  const lead = parts[0];
  const personId = lead && personOf(lead.message);
  if (lead === undefined || personId === undefined) return undefined;
  const messages = parts.map(({ message }) => message);
  const spoken = parseWords(joinWords(messages), listener.me.username ?? '');
  if (spoken === undefined) return undefined;
  const isPrivate = lead.message.chat.type === 'private';
  const answersMe = answeredMessage(lead.message)?.from?.id === listener.me.id;
  const found = findPictures(messages, lead.message);
  const decision = decide(spoken, found, { isPrivate, isAddressed: isPrivate || answersMe });
  if (decision === undefined) return undefined;
  const language = resolveLanguage(lead.message.from?.language_code, listener.language);
  const target = targetOf(lead.message, language, [...found.own, ...found.replied]);
  if (decision === 'cancel') return { wish: { kind: 'cancel', personId }, target, language };
  if (typeof decision === 'string')
    return { wish: { kind: 'say', key: decision }, target, language };
  const tag = lead.message.from?.language_code;
  const request: PictureRequest = {
    id: requestId(lead),
    person: { id: personId, ...(tag !== undefined && { language: tag }) },
    chat: `${PLATFORM}:${lead.message.chat.id}`,
    prompt: spoken.words,
    attachments: decision.flatMap(attachmentOf).slice(0, MAX_PICTURES),
    options: {},
    target,
  };
  return { wish: { kind: 'paint', request }, target, language };
}

/** The pictures to paint with, a sentence to answer with, or nothing. */
function decide(
  { command, mention, words }: Spoken,
  { own, replied, hasForeign }: Found,
  { isPrivate, isAddressed }: { isPrivate: boolean; isAddressed: boolean },
): PictureHolder[] | WordKey | 'cancel' | undefined {
  const pictures = [...replied, ...own];
  switch (command) {
    case 'start':
    case 'help':
    case 'cancel':
      return command;
    case 'imagine':
      return words === '' ? 'ask.words' : own;
    case 'edit':
      if (pictures.length === 0) return 'ask.picture-to-edit';
      return words === '' ? 'ask.words-for-picture' : pictures;
    case undefined:
      if (!isAddressed && !mention) return undefined;
      // The words are about something that a model would never see, and a picture costs money.
      if (hasForeign && pictures.length === 0) return 'error.attachment-unsupported';
      if (words !== '') return pictures;
      if (own.length > 0 || (mention && replied.length > 0)) return 'ask.words-for-picture';
      return mention ? 'ask.words' : undefined;
    default:
      return isPrivate ? 'help' : undefined;
  }
}

/** Undefined: a command for another bot. */
function parseWords(text: string, username: string): Spoken | undefined {
  const [prefix, command, addressee] = /^\/(\w{1,32})(?:@(\w+))?(?:\s+|$)/.exec(text) ?? [];
  if (prefix !== undefined && command !== undefined) {
    if (addressee !== undefined && !isSameName(addressee, username)) return undefined;
    return { command: command.toLowerCase(), mention: false, words: text.slice(prefix.length) };
  }
  const [mentioned, name = ''] = /^@(\w+)\s*/.exec(text) ?? [];
  const mention = mentioned !== undefined && isSameName(name, username);
  return { command: undefined, mention, words: mention ? text.slice(mentioned.length) : text };
}

/** User names of Telegram know no case. */
function isSameName(name: string, username: string): boolean {
  return name.toLowerCase() === username.toLowerCase();
}

function joinWords(messages: readonly Message[]): string {
  const texts = messages.map((message) => (message.text ?? message.caption ?? '').trim());
  return texts.filter((text) => text !== '').join('\n');
}

/** Anonymous admins and channels speak through a bot account, so their own chat comes first. Bots are nobody. */
function personOf({ from, sender_chat: chat }: Message): string | undefined {
  if (chat !== undefined) return `${PLATFORM}:${chat.id}`;
  return from === undefined || from.is_bot ? undefined : `${PLATFORM}:${from.id}`;
}

/**
 * An album is known by its group: a part that is delivered again on its own must not become a job of its own,
 * which it would under its update's id.
 */
function requestId({ updateId, message }: Part): string {
  const { media_group_id: group, chat } = message;
  return group === undefined ? `${PLATFORM}:${updateId}` : `${PLATFORM}:album:${chat.id}:${group}`;
}

function targetOf(message: Message, language: Language, pictures: PictureHolder[]): ReplyTarget {
  const { chat, message_id: messageId, message_thread_id: threadId } = message;
  return {
    platform: PLATFORM,
    chatId: chat.id,
    messageId,
    language,
    // In ordinary groups a thread id marks a chain of replies and must not be sent back.
    ...(message.is_topic_message && threadId !== undefined && { threadId }),
    ...(pictures.some(({ has_media_spoiler }) => has_media_spoiler) && { spoiler: true }),
  };
}

/** In a topic every message answers the one that opened it, which means nothing. */
function answeredMessage({ reply_to_message: answered }: Message): Message | undefined {
  return answered?.forum_topic_created === undefined ? answered : undefined;
}

function repliedPictures(message: Message): PictureHolder[] {
  const holder = answeredMessage(message) ?? message.external_reply;
  return holder !== undefined && holdsPicture(holder) ? [holder] : [];
}

const FOREIGN = [
  'animation',
  'video',
  'video_note',
  'audio',
  'voice',
  'document',
  'sticker',
] as const;

function findPictures(messages: readonly Message[], lead: Message): Found {
  const answered = answeredMessage(lead) ?? lead.external_reply;
  const holders = [...messages, ...(answered === undefined ? [] : [answered])];
  return {
    own: messages.filter(holdsPicture),
    replied: repliedPictures(lead),
    hasForeign: holders.some((holder) => FOREIGN.some((kind) => holder[kind] !== undefined)),
  };
}

function holdsPicture(holder: PictureHolder): boolean {
  return attachmentOf(holder).length > 0;
}

/** The largest size of a photo, an image sent as a file, or a sticker that stands still. */
function attachmentOf({ photo, document, sticker }: PictureHolder): Attachment[] {
  const isStill = sticker !== undefined && !sticker.is_animated && !sticker.is_video;
  const isImage = /^image\//.test(document?.mime_type ?? '');
  // Some clients declare HEIC, or every file, as a bare octet stream.
  const isNamedSo = /\.(?:hei[cf]|png|jpe?g|webp|gif|avif)$/i.test(document?.file_name ?? '');
  const file =
    photo?.reduce((a, b) => (b.width * b.height >= a.width * a.height ? b : a)) ??
    (isImage || isNamedSo ? document : undefined) ??
    (isStill ? sticker : undefined);
  if (file === undefined) return [];
  const { file_id: id, file_size: bytes } = file;
  return [{ platform: PLATFORM, id, ...(bytes !== undefined && { bytes }) }];
}
