/** What a message does. */
import type { Conversations } from '../conversation/conversations.ts';
import { toEaselError } from '../errors.ts';
import type { Access } from '../job/access.ts';
import type { Engine } from '../job/engine.ts';
import { failureMessage } from '../job/messages.ts';
import type { Logger } from '../ports.ts';
import type { IncomingMessage } from '../types.ts';
import type { Caller, MeetCaller } from './callers.ts';
import type { createCommands } from './commands.ts';
import type { Answer, Outcome } from './outcome.ts';
import { inWords, type Replies } from './replies.ts';
import { MAX_PROMPT_UNITS, readWish, type WishOptions } from './wish.ts';

export interface HearOptions extends WishOptions {
  engine: Pick<Engine, 'submit'>;
  conversations: WishOptions['conversations'] & Pick<Conversations, 'link'>;
  access: Pick<Access, 'check'>;
  commands: ReturnType<typeof createCommands>;
  replies: Replies;
  meet: MeetCaller;
  logger: Logger;
}

/** Never throws. The engine knows requests that come twice; everything else is answered to new messages only. */
export function createHear(options: HearOptions): (message: IncomingMessage) => Promise<void> {
  const { engine, replies, meet, logger } = options;
  return async (message) => {
    const caller = await meet(message.person);
    const failing = async (thrown: unknown) => explain(thrown, caller, options);
    const outcome = await decide(message, caller, options).catch((thrown) => ({
      answer: () => failing(thrown),
    }));
    if ('request' in outcome) return engine.submit(outcome.request);
    if (!(await replies.isNew(message.id))) return;
    const { reply, place } = await outcome.answer().catch(failing);
    const posted = await replies.post(message.target, reply);
    if (place === undefined || posted === undefined) return;
    await linkAll([posted.message, ...message.messages], place, options).catch((error: unknown) =>
      logger.error({ error }, 'a question is not linked to its pictures'),
    );
  };
}

async function decide(
  message: IncomingMessage,
  caller: Caller,
  options: HearOptions,
): Promise<Outcome> {
  const { access, commands } = options;
  access.check(message);
  const { command, attachments, messages } = message;
  const personId = caller.person.id;
  if (attachments.length > 1) await linkAll(messages, { attachments, personId }, options);
  switch (command) {
    case undefined:
    case 'imagine':
    case 'edit':
    case 'describe':
    case 'style':
      return readWish(message, caller, options);
    default:
      return { answer: () => commands[command](message, caller) };
  }
}

async function linkAll(
  messages: string[],
  place: NonNullable<Answer['place']>,
  { conversations }: HearOptions,
): Promise<void> {
  await Promise.all(messages.map((message) => conversations.link(message, place)));
}

function explain(
  thrown: unknown,
  { person, language }: Caller,
  { maxAttachments, logger }: HearOptions,
): Answer {
  const error = toEaselError(thrown);
  if (error.code === 'internal') logger.error({ error }, 'a message failed');
  else logger.info({ code: error.code, person: person.id }, 'message refused');
  const limit = error.code === 'prompt-too-long' ? MAX_PROMPT_UNITS : maxAttachments;
  const values = { person: person.id, limit };
  return { reply: inWords(failureMessage(language, error, { values })) };
}
