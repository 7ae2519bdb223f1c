/**
 * The closed set of things that can go wrong, as codes. Words for people are chosen by code in `job/messages.ts`;
 * an error only carries facts, and none of them may hold a key, a token, base64 or HTML.
 */
export const ERROR_CODES = [
  // The gateway refused before it worked.
  'auth',
  'quota',
  'rate-limited',
  'no-model',
  'overloaded',
  'bad-request',
  'option-rejected',
  'signature-rejected',
  // The gateway, or the address we have for it, is not what the operator meant.
  'bad-config',
  'redirected',
  'async-task',
  // The model did not give a picture.
  'blocked',
  'refused-with-words',
  'no-image',
  'empty-answer',
  'gateway-lost-image',
  'incomplete-image',
  'unreachable-image',
  // The wire.
  'unreachable',
  'connection-lost',
  'timeout',
  'malformed-answer',
  'answer-too-large',
  'server-error',
  'cancelled',
  // Pictures that people send.
  'attachment-gone',
  'attachment-too-large',
  'attachment-unsupported',
  'attachment-blocked',
  // Easel's own limits.
  'access-denied',
  'queue-full',
  'daily-limit',
  'too-many-attachments',
  'prompt-missing',
  'prompt-too-long',
  'option-invalid',
  // Posting: perhaps later, or never (the bot was blocked, the chat is gone).
  'delivery-failed',
  'undeliverable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Whether the failed request may have cost the operator money. */
export type Billed = 'no' | 'maybe';

export interface EaselErrorFacts {
  /** Default `no`. `maybe` forbids every automatic retry and failover. */
  billed?: Billed;
  /** The gateway's own words, cleaned (`wire/clean.ts`), at most 300 characters. */
  detail?: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** How long the gateway asks to wait. */
  retryAfterMs?: number;
  /** The provider's name in `PROVIDERS`. */
  provider?: string;
  /** Which attachment, option or setting, by its name. */
  subject?: string;
  cause?: unknown;
}

/** The one error that crosses a layer. `message` is for logs: the code and harmless facts. */
export class EaselError extends Error {
  override readonly name = 'EaselError';
  readonly code: ErrorCode;
  readonly billed: Billed;
  readonly detail: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly subject: string | undefined;
  provider: string | undefined;

  constructor(code: ErrorCode, facts: EaselErrorFacts = {}) {
    super(describe(code, facts), facts.cause === undefined ? {} : { cause: facts.cause });
    this.code = code;
    this.billed = facts.billed ?? 'no';
    this.detail = facts.detail;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.subject = facts.subject;
    this.provider = facts.provider;
  }
}

/** Any thrown value as an `EaselError`; what is not one already becomes `internal` and keeps its cause. */
export function toEaselError(thrown: unknown): EaselError {
  return thrown instanceof EaselError ? thrown : new EaselError('internal', { cause: thrown });
}

function describe(code: ErrorCode, facts: EaselErrorFacts): string {
  const status = facts.status === undefined ? '' : ` (HTTP ${facts.status})`;
  const subject = facts.subject === undefined ? '' : `: ${facts.subject}`;
  return `${code}${status}${subject}`;
}
