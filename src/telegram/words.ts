/** What a message says, freed of what only addresses the bot. */
import type { Message, UserFromGetMe } from 'grammy/types';

export interface Spoken {
  /** In lower case, without slash and name; perhaps one that nobody knows. */
  command?: string;
  /** The bot is named. */
  isMention: boolean;
  /** It begins with the name of another bot, or is a command for one. */
  isForOther: boolean;
  words: string;
}

export type Me = Pick<UserFromGetMe, 'id' | 'username'>;

/** Reads the text or caption of one message, or those of all parts of an album, in their order. */
export function readWords(messages: readonly Message[], me: Me): Spoken {
  const all = messages.map((message) => readOne(message, me));
  const command = all.find((spoken) => spoken.command !== undefined)?.command;
  return {
    ...(command !== undefined && { command }),
    isMention: all.some(({ isMention }) => isMention),
    isForOther: all.some(({ isForOther }) => isForOther),
    words: joinTrimmed(
      all.map(({ words }) => words),
      '\n',
    ),
  };
}

function readOne(message: Message, me: Me): Spoken {
  const { text, isMention } = withoutName(message, me);
  const [prefix, command, addressee] = /^\/(\w{1,32})(?:@(\w+))?(?:\s+|$)/.exec(text) ?? [];
  if (prefix === undefined || command === undefined) {
    // Names of bots end so (Bot API), and only theirs are of interest here.
    const isForOther = !isMention && /^@\w*bot(?!\w)/i.test(text);
    return { isMention, isForOther, words: text };
  }
  const isForOther = addressee !== undefined && !isSameName(addressee, me.username);
  const words = text.slice(prefix.length);
  return { command: command.toLowerCase(), isMention, isForOther, words };
}

/** Cuts the bot's name out, wherever it stands; not in `/command@name`, and not in an address. */
function withoutName(message: Message, me: Me): { text: string; isMention: boolean } {
  const raw = message.text ?? message.caption ?? '';
  const entities = message.entities ?? message.caption_entities ?? [];
  const links = entities.filter((each) => each.type === 'text_mention' && each.user.id === me.id);
  const text = links.reduceRight(
    (rest, { offset, length }) =>
      `${rest.slice(0, offset)} @${me.username} ${rest.slice(offset + length)}`,
    raw,
  );
  const pieces = text.split(new RegExp(`(?<![\\w@./])@${me.username}(?!\\w)`, 'i'));
  return { text: joinTrimmed(pieces, ' '), isMention: pieces.length > 1 };
}

/** User names of Telegram know no case. */
function isSameName(name: string, username: string): boolean {
  return name.toLowerCase() === username.toLowerCase();
}

function joinTrimmed(texts: string[], separator: string): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join(separator);
}
