/** Texts in a chat: posting them, replacing a status message, taking it away. */
import { type Api, GrammyError } from 'grammy';
import type { Logger, ReplyTarget } from '../core/index.ts';
import { failureFields } from './client.ts';
import type { LinkedText } from './text.ts';

/** The fields of a send that say where it appears. */
export interface Place {
  message_thread_id?: number;
  reply_parameters?: { message_id: number; allow_sending_without_reply: true };
}

export interface Destination {
  chatId: number;
  /** The status message, once there is one. */
  statusId: number | undefined;
  place: Place;
  spoiler: boolean;
}

export interface Messenger {
  post(chatId: number, pieces: LinkedText[], place: Place): Promise<void>;
  /** Whether the status message now says `text`. Never throws. */
  replaceStatus(destination: Destination, text: string): Promise<boolean>;
  /** Never throws. */
  removeStatus(destination: Destination): Promise<void>;
  /** Waits for what must not fail a job: whether it went well; a failure goes to the log. */
  attempt(what: string, call: Promise<unknown>): Promise<boolean>;
}

export function createMessenger(api: Api, logger: Logger): Messenger {
  const attempt = (what: string, call: Promise<unknown>): Promise<boolean> =>
    call.then(
      () => true,
      (error: unknown) => {
        logger.debug(failureFields(error), `telegram: ${what} failed`);
        return false;
      },
    );

  return {
    attempt,

    async post(chatId, pieces, place) {
      for (const { text, entities } of pieces) {
        const link_preview_options = { is_disabled: true };
        await api.sendMessage(chatId, text, { entities, link_preview_options, ...place });
      }
    },

    async replaceStatus({ chatId, statusId }, text) {
      if (statusId === undefined) return false;
      const edit = api.editMessageText(chatId, statusId, text);
      return attempt('closing a status', edit.catch(ignoreUnmodified));
    },

    async removeStatus({ chatId, statusId }) {
      if (statusId === undefined) return;
      await attempt('removing a status', api.deleteMessage(chatId, statusId));
    },
  };
}

/** Reads what `readMessages` wrote, and `statusId`, which `showStatus` added. */
export function readTarget(target: ReplyTarget): Destination {
  const { chatId, messageId, threadId, statusId } = target;
  return {
    chatId: Number(chatId),
    statusId: typeof statusId === 'number' ? statusId : undefined,
    spoiler: target.spoiler === true,
    place: {
      ...(typeof threadId === 'number' && { message_thread_id: threadId }),
      reply_parameters: { message_id: Number(messageId), allow_sending_without_reply: true },
    },
  };
}

function ignoreUnmodified(error: unknown): void {
  const isSame = error instanceof GrammyError && error.description.includes('is not modified');
  if (!isSame) throw error;
}
