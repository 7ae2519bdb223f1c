/** What a failed call means, and what may be told of it. */
import { GrammyError, HttpError } from 'grammy';
import { networkCode as codeOf, EaselError } from '../core/index.ts';

/**
 * Refusals with 400 that no waiting mends, as they stand in descriptions of the Bot API server: the chat is gone, or
 * the bot may not write there. Every 403 is one too (blocked, kicked, a deleted account).
 */
const NEVER = [
  'chat not found',
  'user not found',
  'group chat was deactivated',
  'not enough rights',
  'have no rights',
  'need administrator rights',
  'chat_admin_required',
  'chat_write_forbidden',
  'chat_restricted',
  'chat_send_', // …_media_forbidden, …_photos_forbidden and the like
  'peer_id_invalid',
  'topic_closed',
  'topic is closed',
  'user_is_blocked',
  'user_deactivated',
  'channel_private',
];

/** A call that failed for good. Without a cause: grammY's errors carry the token (nested) and the words of people. */
export function toDeliveryError(error: unknown): EaselError {
  if (error instanceof EaselError) return error;
  if (!(error instanceof GrammyError)) return new EaselError('delivery-failed');
  const { error_code: status, description } = error;
  const words = description.toLowerCase();
  const isHopeless = status === 400 && NEVER.some((phrase) => words.includes(phrase));
  const code = status === 403 || isHopeless ? 'undeliverable' : 'delivery-failed';
  return new EaselError(code, { status });
}

/** Names what the operator has to mend. Telegram answers 404 to what cannot be a token. */
export function toStartError(error: unknown): EaselError {
  if (!(error instanceof GrammyError)) return new EaselError('unreachable');
  const { error_code: status, method } = error;
  // Telegram's own trouble, and its pace limit, pass by themselves.
  if (status >= 500 || status === 429) return new EaselError('unreachable', { status });
  const isToken = status === 401 || status === 404 || status === 409;
  const subject = isToken ? 'TELEGRAM_BOT_TOKEN' : method;
  const detail = status === 409 && { detail: 'another process takes the updates of this bot' };
  return new EaselError('bad-config', { status, subject, ...detail });
}

/** The code of a network failure. Only the code: messages below an `HttpError` hold the URL, and so the token. */
export function networkCode(error: unknown): string | undefined {
  return codeOf(error instanceof HttpError ? error.error : error);
}

/** Fields for the log: codes alone, since texts may hold the token or what people wrote. */
export function failureFields(error: unknown): { error: string; method?: string; code?: string } {
  if (error instanceof GrammyError) {
    return { error: `HTTP ${error.error_code}`, method: error.method };
  }
  if (error instanceof EaselError) return { error: error.message };
  const code = networkCode(error);
  return { error: error instanceof Error ? error.name : 'unknown', ...(code && { code }) };
}

/** Whether an edit changed nothing because all stands already. */
export function isUnmodified(error: unknown): boolean {
  return error instanceof GrammyError && error.description.includes('is not modified');
}
