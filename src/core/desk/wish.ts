/** A message that asks for something of pictures: read, and held against the limits. */
import type { Conversations } from '../conversation/conversations.ts';
import { EaselError } from '../errors.ts';
import { isCount, readInlineOptions } from '../job/inline-options.ts';
import type { IncomingMessage, PictureOptions } from '../types.ts';
import type { AwaitedWords } from './awaited.ts';
import type { Caller } from './callers.ts';
import { type DraftOptions, readDraft } from './draft.ts';
import { type Models, refusalOf } from './models.ts';
import { type Outcome, saying } from './outcome.ts';
import { hasPictures, type Subject, subjectOf } from './subject.ts';

export interface WishOptions extends DraftOptions {
  awaited: AwaitedWords;
  conversations: Pick<Conversations, 'find' | 'resolve' | 'parentOf'>;
  models: Pick<Models, 'all'>;
  /** Pictures that one request may bring, those of the result that it answers included. */
  maxAttachments: number;
}

/** In UTF-16 units: about 2,000 tokens of English, more than any prompt that a model follows. */
export const MAX_PROMPT_UNITS = 8_000;

/**
 * The request, or the question for what it lacks.
 * @throws EaselError `option-invalid`, `prompt-too-long`, `too-many-attachments`, `attachment-unsupported`
 */
export async function readWish(
  message: IncomingMessage,
  caller: Caller,
  deps: WishOptions,
): Promise<Outcome> {
  const { prompt: words, options: typed } = readInlineOptions(message.words);
  const waiting = await deps.awaited.wishFor(message);
  const subject = waiting ?? (await subjectOf(message, deps.conversations));
  if (subject === 'gone') return saying(caller.language, 'press.gone');
  checkLimits(message, subject, words);
  checkPictures(subject, deps.maxAttachments);
  const { model } = message.options;
  const refusal = model === undefined ? undefined : refusalOf(model, await deps.models.all());
  if (refusal !== undefined) return saying(caller.language, refusal, { model: model ?? '' });
  const options = { ...(waiting?.options ?? preferred(caller)), ...message.options, ...typed };
  const { origin, attachments, inputs = [] } = subject;
  const about = { origin, attachments, inputs };
  return readDraft({ message, caller, subject: about, words, options }, deps);
}

function preferred({ settings }: Caller): PictureOptions {
  const { language: _language, ...options } = settings;
  return options;
}

function checkLimits(
  { hasUnreadable, options: { count = 1 } }: IncomingMessage,
  subject: Subject,
  words: string,
): void {
  if (hasUnreadable && !hasPictures(subject)) throw new EaselError('attachment-unsupported');
  if (words.length > MAX_PROMPT_UNITS) throw new EaselError('prompt-too-long');
  if (!isCount(count)) throw new EaselError('option-invalid', { subject: `--n ${count}` });
}

/** Too many of them would be painted, and paid, without the first ones, which are the turn's own. */
function checkPictures(
  { attachments, inputs = [], made = 0 }: Subject & { made?: number },
  maxPictures: number,
): void {
  if (attachments.length > 0 && made + inputs.length + attachments.length > maxPictures) {
    throw new EaselError('too-many-attachments');
  }
}
