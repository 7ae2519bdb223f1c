/** The one table from an error's code to what a person reads: what happened, whether it may have cost money, what now. */
import type { Billed, EaselError, ErrorCode } from '../errors.ts';
import { type Language, say, type WordKey } from './words.ts';

interface Wording {
  /** What to do next. */
  next?: WordKey;
  /** Money is worth a word although nothing was charged: a gateway was asked. */
  money: boolean;
  /** The words for money that may be spent. @default 'billed.maybe' */
  spent?: WordKey;
  /** The setting that only the operator can mend, for the notice to `ADMINS`. */
  setting?: string;
}

const RETRY = { next: 'next.try-again', money: true } as const satisfies Wording;
const LATER: Wording = { next: 'next.try-later', money: true };
/** The gateway answered in full, without a picture. */
const ANSWERED = { next: 'next.try-again', money: true, spent: 'billed.perhaps' } as const;
const SELF: Wording = { money: false };

const WORDINGS: Record<ErrorCode, Wording> = {
  auth: { next: 'next.ask-operator', money: true, setting: '{NAME}_API_KEY' },
  quota: { next: 'next.ask-operator', money: true, setting: '{NAME}_API_KEY' },
  'no-model': { next: 'next.ask-operator', money: true, setting: '{NAME}_MODEL' },
  'bad-config': { next: 'next.ask-operator', money: true, setting: '{NAME}_BASE_URL' },
  redirected: { next: 'next.ask-operator', money: true, setting: '{NAME}_BASE_URL' },
  'async-task': { next: 'next.ask-operator', money: true, setting: '{NAME}_DIALECT' },
  'rate-limited': LATER,
  overloaded: LATER,
  unreachable: LATER,
  'bad-request': { next: 'next.rephrase', money: true },
  'option-rejected': RETRY,
  'signature-rejected': RETRY,
  blocked: { ...ANSWERED, next: 'next.rephrase' },
  'refused-with-words': { ...ANSWERED, next: 'next.rephrase' },
  'no-image': ANSWERED,
  'empty-answer': ANSWERED,
  'gateway-lost-image': { ...ANSWERED, next: 'next.smaller' },
  'incomplete-image': ANSWERED,
  'unreachable-image': ANSWERED,
  'connection-lost': RETRY,
  timeout: { next: 'next.smaller', money: true },
  'malformed-answer': RETRY,
  'answer-too-large': { next: 'next.smaller', money: true },
  'server-error': LATER,
  cancelled: SELF,
  'attachment-gone': { next: 'next.send-again', money: false },
  'attachment-too-large': SELF,
  'attachment-unsupported': SELF,
  'attachment-blocked': SELF,
  'access-denied': SELF,
  'queue-full': { next: 'next.try-later', money: false },
  'daily-limit': SELF,
  'too-many-attachments': SELF,
  'prompt-missing': SELF,
  'prompt-too-long': SELF,
  'option-invalid': SELF,
  'delivery-failed': { money: false, spent: 'billed.spent' },
  undeliverable: { money: false, spent: 'billed.spent' },
  internal: { next: 'next.try-again', money: false, spent: 'billed.spent' },
};

/** Whether the same words may get further another time; for the rest the person has to change something. */
export function canTryAgain(code: ErrorCode): boolean {
  const { money, next } = WORDINGS[code];
  return money || next === 'next.try-later' || code === 'internal';
}

export interface MessageFacts {
  /** Fills the names in `locales/`, such as `{limit}`. */
  values?: Record<string, string | number>;
  /** The operator has had a notice of this. */
  operatorTold?: boolean;
}

/** The last word of a job that failed. */
export function failureMessage(
  language: Language,
  error: EaselError,
  { values = {}, operatorTold = false }: MessageFacts = {},
): string {
  if (error.code === 'cancelled') {
    return say(language, error.billed === 'maybe' ? 'cancel.may-be-billed' : 'cancel.done');
  }
  const wording = WORDINGS[error.code];
  const facts = { subject: error.subject ?? '…', ...values };
  const next = operatorTold ? 'operator.told' : nextKey(wording, error.billed);
  const then = [moneyKey(wording, error.billed), next];
  return inTwoLines(language, whatHappened(language, error, facts), then);
}

/** The last word of a job that a restart of Easel stopped. */
export function interruptionMessage(language: Language, { billed }: EaselError): string {
  const what = `⚠️ ${say(language, 'error.interrupted')}`;
  return inTwoLines(language, what, [moneyKey(RETRY, billed), nextKey(RETRY, billed)]);
}

function moneyKey({ money, spent = 'billed.maybe' }: Wording, billed: Billed): WordKey | undefined {
  if (billed === 'maybe') return spent;
  return money ? 'billed.no' : undefined;
}

/** Nobody is asked to pay twice: where the first try may have cost money, another one is offered, as its button says. */
function nextKey({ next }: Wording, billed: Billed): WordKey | undefined {
  return next === 'next.try-again' && billed === 'maybe' ? 'next.order-anew' : next;
}

function inTwoLines(language: Language, what: string, then: (WordKey | undefined)[]): string {
  const sentences = then.filter((key) => key !== undefined).map((key) => say(language, key));
  return [what, sentences.join(gap(language))].filter(Boolean).join('\n');
}

/** What stands between two sentences: nothing where the full stop brings its own room. */
function gap(language: Language): string {
  return language === 'en' ? ' ' : '';
}

function whatHappened(
  language: Language,
  error: EaselError,
  facts: Record<string, string | number> = {},
): string {
  const { code, detail = '' } = error;
  const which = code.startsWith('attachment-') && /^\d/.test(error.subject ?? '');
  const where = which ? `${whichPicture(language, error)}${gap(language)}` : '';
  if (code === 'refused-with-words') return say(language, 'result.words', { words: detail || '…' });
  const says = detail === '' ? '' : `${gap(language)}${say(language, 'gateway.says', { detail })}`;
  return `⚠️ ${where}${say(language, `error.${code}`, facts)}${says}`;
}

function whichPicture(language: Language, { subject = '' }: EaselError): string {
  const numbers = language === 'en' ? subject : subject.replaceAll(', ', '、');
  return say(language, 'attachment.which', { subject: numbers });
}

/** What the operator is told of a failure that only they can mend; undefined for every other. */
export function operatorNotice(language: Language, error: EaselError): string | undefined {
  const { setting } = WORDINGS[error.code];
  if (setting === undefined || error.provider === undefined) return undefined;
  const name = error.provider.toUpperCase().replaceAll('-', '_');
  return say(language, 'operator.notice', {
    provider: error.provider,
    problem: whatHappened(language, error).replace('⚠️ ', ''),
    setting: setting.replace('{NAME}', name),
  });
}
