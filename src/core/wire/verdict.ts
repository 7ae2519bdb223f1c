/** What an answer without a picture means: exactly one code of the closed set, and whether it may have cost money. */
import { type Billed, EaselError, type ErrorCode } from '../errors.ts';
import { cleanDetail } from './clean.ts';
import { parseRetryAfter } from './retry-delay.ts';
import type { Answer } from './types.ts';
import {
  codeOfFinish,
  codeOfStatus,
  codeOfWords,
  isPlaceholder,
  rejectedOption,
} from './verdict-tables.ts';

/** What HTTP said around the answer; header names in lower case. */
export interface HttpFacts {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The clock, for a `Retry-After` date; default `Date.now()`. */
  nowMs?: number;
}

/** From here on tokens prove that a picture was made: the smallest one known costs 1120. */
const PICTURE_TOKENS = 700;

/**
 * The error that an answer amounts to, or undefined where it brings what was asked: a found picture of any rank (bytes
 * are verified elsewhere), or words with `expect: 'words'`. Body before status, since relays send misleading statuses.
 * `billed` is `no` only for refusals before work. `subject` of `option-rejected` names the field of `WireInput` or
 * `ChatStyle` to leave out.
 */
export function toError(
  answer: Answer,
  http: HttpFacts,
  { expect = 'picture' }: { expect?: 'picture' | 'words' } = {},
): EaselError | undefined {
  if (answer.pictures.length > 0 && expect === 'picture') return undefined;
  if (expect === 'words' && isOk(http.status) && hasWords(answer) && !answer.error) {
    return undefined;
  }
  const code = codeOf(answer, http.status);
  const detail = detailOf(answer, code);
  const retryAfterMs = delayOf(answer, http);
  const subject = code === 'option-rejected' ? rejectedOption(said(answer)) : undefined;
  return new EaselError(code, {
    billed: billedOf(code, answer, http.status),
    status: http.status,
    ...(detail === '' ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(subject === undefined ? {} : { subject }),
  });
}

function codeOf(answer: Answer, status: number): ErrorCode {
  if (status >= 300 && status < 400) return 'redirected';
  if (answer.kind === 'html') return codeOfPage(answer.htmlTitle ?? '', status);
  const refusal = isRefusal(answer, status);
  const fromWords =
    answer.error || !isOk(status) ? codeOfWords(said(answer), { refusal }) : undefined;
  if (fromWords) return fromWords;
  if (!isOk(status)) return codeOfStatus(status, answer.kind);
  if (answer.error) return codeOfStatus(answer.error.code ?? 500, answer.kind);
  return codeOfSilence(answer);
}

/** Status 2xx, no error, no picture. */
function codeOfSilence(answer: Answer): ErrorCode {
  if (answer.taskId !== undefined) return 'async-task';
  const fromFinish = codeOfFinish(answer.finishReason);
  if (fromFinish) return fromFinish;
  if (answer.truncated) return 'connection-lost';
  if (answer.kind === 'text') return 'malformed-answer';
  if (hasWords(answer)) return 'refused-with-words';
  return madePicture(answer) ? 'gateway-lost-image' : 'empty-answer';
}

/** A page instead of an answer: with a good status it is a web site, and the base URL points there. */
function codeOfPage(title: string, status: number): ErrorCode {
  if (/\b(?:504|52[24]|408)\b|timed?[ -]?out/i.test(title)) return 'timeout';
  if (isOk(status) || status === 403 || status === 404) return 'bad-config';
  return codeOfStatus(status, 'html');
}

/** A 4xx as HTTP or in the body, or an error under a good status that gives no number. */
function isRefusal({ error }: Answer, status: number): boolean {
  const code = isOk(status) ? (error?.code ?? 400) : status;
  return code >= 400 && code < 500;
}

/** Codes after which nobody knows how far the gateway came, whatever the status. */
const UNCERTAIN: readonly ErrorCode[] = ['timeout', 'connection-lost', 'server-error'];

function billedOf(code: ErrorCode, { kind }: Answer, status: number): Billed {
  if (status === 429 || code === 'redirected') return 'no';
  if (isOk(status) || UNCERTAIN.includes(code)) return 'maybe';
  if (status >= 500) return kind === 'json' && [503, 529].includes(status) ? 'no' : 'maybe';
  return status < 300 ? 'maybe' : 'no';
}

function detailOf(answer: Answer, code: ErrorCode): string {
  if (answer.kind === 'html') return cleanDetail(answer.htmlTitle ?? '');
  if (code === 'refused-with-words') return cleanDetail(answer.text);
  const words = [answer.error?.message, answer.finishMessage, answer.text];
  return cleanDetail(words.find((text) => text?.trim()) ?? '');
}

/** Header, then the body's own figure, which already prefers RetryInfo to words. */
function delayOf({ error }: Answer, { headers, nowMs }: HttpFacts): number | undefined {
  return parseRetryAfter(headers['retry-after'], nowMs ?? Date.now()) ?? error?.retryAfterMs;
}

/** All that the gateway said about a failure, for matching only. */
function said({ error, text }: Answer): string {
  return error ? `${error.tags} ${error.message}` : cleanDetail(text);
}

function hasWords({ text }: Answer): boolean {
  return text.trim() !== '' && !isPlaceholder(text);
}

function madePicture({ usage }: Answer): boolean {
  return Math.max(usage?.completionTokens ?? 0, usage?.imageTokens ?? 0) >= PICTURE_TOKENS;
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}
