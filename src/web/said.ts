/** What the page posts, and what it means to the core. */
import { z } from 'zod';
import { COMMANDS, type Command, type IncomingMessage, type Person } from '../core/index.ts';
import type { ChatMessage } from './chat-message.ts';
import type { Chat } from './chats.ts';
import { attachmentOf, idOf, refOf, toTarget } from './target.ts';
import { UPLOAD_ID } from './uploads.ts';

/** Pictures in one message, as in an album elsewhere. */
export const MAX_UPLOADS = 10;

export const SAID = z.object({
  /** More than any prompt: the core says how long one may be. */
  words: z.string().max(20_000),
  style: z.string().max(32).optional(),
  uploads: z.array(z.string().regex(UPLOAD_ID)).max(MAX_UPLOADS),
  /** The picture that it goes on from; without, and without a command, it starts anew. */
  answers: z.object({ message: z.int(), picture: z.int().min(0).optional() }).optional(),
});
export type Said = z.output<typeof SAID>;

export const PRESSED = z.object({
  button: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  message: z.int().optional(),
});

/** A command that people type, as on other platforms; the unknown is a wish for help, and no picture to pay for. */
export function readCommand(words: string): { command?: Command; words: string } {
  const [, name, rest = ''] = /^\/(\w{1,32})(?:\s+([\s\S]*))?$/.exec(words.trim()) ?? [];
  if (name === undefined) return { words };
  const command = COMMANDS.find((known) => known === name.toLowerCase()) ?? 'help';
  return { command, words: rest };
}

export interface Speaker {
  session: string;
  person: Person;
  chat: Chat;
}

/** `posted` is the same as the chat shows it. */
export function toIncomingMessage(
  { words: typed, style, uploads, answers }: Said,
  posted: ChatMessage,
  { session, person, chat }: Speaker,
): IncomingMessage {
  const { command, words } = readCommand(typed);
  const ref = refOf(session, { message: posted.id });
  // What goes on from nothing must not go on from where the person was last.
  const meant = command ?? (answers === undefined ? 'imagine' : undefined);
  return {
    id: ref,
    person,
    chat: idOf(session),
    isPrivate: true,
    ...(meant && { command: meant }),
    words,
    attachments: uploads.map(attachmentOf),
    hasUnreadable: false,
    messages: [ref],
    ...(answers && { replied: repliedTo(answers, session, chat) }),
    options: {},
    ...(style !== undefined && { style }),
    target: toTarget({ session, answers: { message: posted.id } }),
  };
}

function repliedTo(
  { message, picture }: NonNullable<Said['answers']>,
  session: string,
  chat: Chat,
): NonNullable<IncomingMessage['replied']> {
  const uploads = chat.find(message)?.uploads ?? [];
  const which = picture === undefined ? { message } : { message, picture };
  return { message: refOf(session, which), attachments: uploads.map(attachmentOf) };
}

/** A press on a message; what takes its place answers what the message itself answered. */
export function targetsOf(session: string, button: string, message: ChatMessage | undefined) {
  if (message === undefined) {
    return { target: toTarget({ session }), takeOver: toTarget({ session }) };
  }
  const { label } = message.buttons.flat().find(({ id }) => id === button) ?? {};
  const pressed = { session, ...(label !== undefined && { label }) };
  const answers = { message: message.id };
  const before = message.answers ?? answers;
  return {
    target: toTarget({ ...pressed, answers }),
    takeOver: toTarget({ ...pressed, answers: before, statusId: message.id }),
  };
}
