/** Which failed calls are repeated, and how. */
import { autoRetry } from '@grammyjs/auto-retry';
import type { Api, Transformer } from 'grammy';
import { isUnsent } from '../core/index.ts';
import { networkCode } from './failure.ts';
import { pause } from './pause.ts';

const REPEAT_DELAYS_MS = [250, 1000, 4000];

/**
 * Calls are repeated at most three times, and only where that cannot show a message twice: after 429 (refused before
 * work, waits up to 60 s), after a connection that never stood, and, for calls that only read or replace, after any
 * network failure. A `send…` whose answer was lost, or that got a 5xx, may have been delivered: it is not repeated.
 * A `send…` to a group that moved, or to a topic that was deleted, goes to where people are now.
 */
export function withRepeats(api: Api): void {
  api.config.use(
    repeatAfterNetworkFailure,
    autoRetry({
      maxRetryAttempts: 3,
      maxDelaySeconds: 60,
      // Both loops of auto-retry know no limit on attempts or fit no send; the transformer above does it instead.
      rethrowHttpErrors: true,
      rethrowInternalServerErrors: true,
    }),
    leaveLostThread,
    followMigration,
  );
}

const repeatAfterNetworkFailure: Transformer = async (prev, method, payload, signal) => {
  for (const delayMs of REPEAT_DELAYS_MS) {
    try {
      return await prev(method, payload, signal);
    } catch (error) {
      const harmless = isUnsent(networkCode(error)) || !method.startsWith('send');
      // Polling repeats its polls itself, and an answer to a press is wanted at once or never.
      const isOnce = method === 'getUpdates' || method === 'answerCallbackQuery';
      if (signal?.aborted || !harmless || isOnce) throw error;
      await pause(delayMs);
    }
  }
  return prev(method, payload, signal);
};

/** A topic that was deleted: its people find the answer in the chat itself. */
const leaveLostThread: Transformer = async (prev, method, payload, signal) => {
  const answer = await prev(method, payload, signal);
  const isLost = !answer.ok && answer.description.includes('message thread not found');
  if (!isLost || !('message_thread_id' in payload)) return answer;
  return prev(method, { ...payload, message_thread_id: undefined }, signal);
};

/**
 * A group that became a supergroup answers with its new id. Sends follow it, once, and answer no message there; edits
 * and deletions do not: the new chat counts its messages anew, so that the same id is someone else's.
 */
const followMigration: Transformer = async (prev, method, payload, signal) => {
  const answer = await prev(method, payload, signal);
  const movedTo = answer.ok ? undefined : answer.parameters?.migrate_to_chat_id;
  if (movedTo === undefined || !method.startsWith('send')) return answer;
  return prev(method, { ...payload, chat_id: movedTo, reply_parameters: undefined }, signal);
};
