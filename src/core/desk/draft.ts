/** What each command makes of a wish. */
import type { Conversations } from '../conversation/conversations.ts';
import { placeOf } from '../conversation/place.ts';
import { say, type WordKey } from '../job/words.ts';
import type { IncomingMessage, PictureOptions, PictureRequest } from '../types.ts';
import type { AwaitedWords } from './awaited.ts';
import type { Caller } from './callers.ts';
import { type Outcome, saying } from './outcome.ts';
import type { PendingWishes } from './pending.ts';
import { styleMenu } from './style-menu.ts';
import { findStyle, readStyle, type StyleEntry, styledWords, styleNames } from './styles.ts';
import { hasPictures, pictured, type Subject } from './subject.ts';

/** A wish on its way to a request. */
export interface Draft {
  message: IncomingMessage;
  caller: Caller;
  subject: Subject;
  /** Freed of options. */
  words: string;
  options: PictureOptions;
}

export interface DraftOptions {
  conversations: Pick<Conversations, 'parentOf'>;
  pending: PendingWishes;
  awaited: Pick<AwaitedWords, 'expect'>;
  styles: readonly StyleEntry[];
}

export function readDraft(draft: Draft, deps: DraftOptions): Outcome | Promise<Outcome> {
  switch (draft.message.command) {
    case 'edit':
      return onPictures(draft, deps, 'ask.picture-to-edit', readPicture);
    case 'describe':
      return onPictures(draft, deps, 'ask.picture-to-describe', readQuestion);
    case 'style':
      return onPictures(draft, deps, 'ask.picture-to-style', readStyled);
    case 'imagine':
      return readPicture(fromNothing(draft), deps);
    default:
      return readPicture(draft, deps);
  }
}

/** Says `missing` where there are no pictures to work on. */
async function onPictures(
  draft: Draft,
  deps: DraftOptions,
  missing: WordKey,
  read: (draft: Draft, deps: DraftOptions) => Outcome,
): Promise<Outcome> {
  const { message, caller } = draft;
  const where = { chat: message.chat, personId: caller.person.id };
  const { conversations } = deps;
  // Who points at words must not pay for another picture.
  const isAimless = message.replied !== undefined && !hasPictures(draft.subject);
  const subject = isAimless ? undefined : await pictured(draft.subject, where, conversations);
  if (subject !== undefined) return read({ ...draft, subject }, deps);
  return saying(caller.language, missing, { styles: styleNames(caller.language, deps.styles) });
}

/** A picture by command has nothing to do with the last one, unless it answers something. */
function fromNothing(draft: Draft): Draft {
  const { subject } = draft;
  return subject.origin === 'branch' ? { ...draft, subject: { ...subject, origin: 'new' } } : draft;
}

function readPicture(draft: Draft, deps: DraftOptions): Outcome {
  const { message, subject, words } = draft;
  const { language } = draft.caller;
  const { styles } = deps;
  const style = message.style === undefined ? undefined : findStyle(message.style, styles);
  if (message.style !== undefined && style === undefined) {
    return unknownStyle(draft, deps, message.style);
  }
  const isOpen = words === '' && style === undefined;
  if (isOpen && hasPictures(subject)) return askForStyle(draft, deps);
  if (words === '' && !hasPictures(subject)) return saying(language, 'ask.words');
  const asked = style === undefined ? { prompt: words } : styledWords(style, words, language);
  return { request: toRequest(draft, asked) };
}

function readStyled(draft: Draft, deps: DraftOptions): Outcome {
  const typed = [draft.message.style, draft.words].filter(Boolean).join(' ');
  if (typed === '') return askForStyle(draft, deps);
  const found = readStyle(typed, deps.styles);
  if (found === undefined) return unknownStyle(draft, deps, typed);
  const asked = styledWords(found.style, found.rest, draft.caller.language);
  return { request: toRequest(draft, asked) };
}

/** Of the options only the model has a say: nothing is painted. */
function readQuestion({ options: { model }, ...draft }: Draft): Outcome {
  const prompt = draft.words || say(draft.caller.language, 'prompt.describe');
  const options = model === undefined ? {} : { model };
  return { request: { ...toRequest({ ...draft, options }, { prompt }), kind: 'words' } };
}

function toRequest(
  { message, caller, subject, options }: Draft,
  asked: Pick<PictureRequest, 'prompt' | 'description'>,
): PictureRequest {
  const { id, chat, target } = message;
  const by = { id, kind: 'picture' as const, person: caller.person, chat, target };
  return { ...by, ...asked, inputs: [], ...subject, options };
}

/** The menu; an answer to it, or to the message itself, means the same pictures. */
function askForStyle({ message, caller, subject, options }: Draft, deps: DraftOptions): Outcome {
  const { language, person } = caller;
  return {
    answer: async () => {
      const wish = { personId: person.id, ...subject, options };
      const id = await deps.pending.keep(message.id, wish);
      const where = { chat: message.chat, personId: person.id };
      if (message.isPrivate) await deps.awaited.expect(where, id);
      const place = placeOf(subject, person.id);
      return { reply: styleMenu(language, deps.styles, id), ...(place && { place }) };
    },
  };
}

/** What someone typed comes back to them: enough of it to know it again. */
const MAX_ECHO = 40;

function unknownStyle(
  { caller: { language } }: Draft,
  { styles }: DraftOptions,
  typed: string,
): Outcome {
  const style = typed.length > MAX_ECHO ? `${typed.slice(0, MAX_ECHO)}…` : typed;
  return saying(language, 'style.unknown', { style, styles: styleNames(language, styles) });
}
