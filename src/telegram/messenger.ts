/** Texts in a chat: posting them, replacing a status message, taking it away. */
import type { Api } from 'grammy';
import type { InlineKeyboardMarkup, Message } from 'grammy/types';
import type { Button, Logger, ReplyTarget } from '../core/index.ts';
import { failureFields, isUnmodified } from './failure.ts';
import { type LinkedText, splitText, TEXT_UNITS } from './text.ts';

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
  /** Buttons stand below the last piece. */
  post(
    where: { chatId: number; place: Place },
    pieces: LinkedText[],
    buttons: Button[][],
  ): Promise<Message[]>;
  /** Whether the status message now says this. Never throws. */
  replaceStatus(where: Destination, piece: LinkedText, buttons: Button[][]): Promise<boolean>;
  /** Never throws. */
  removeStatus(where: Destination): Promise<void>;
  /** Waits for what must not fail a job; undefined for a failure, which goes to the log. */
  attempt<T>(what: string, call: Promise<T>): Promise<T | undefined>;
}

/** What stands where there are no words, since Telegram refuses empty messages. */
const NO_WORDS = '⋯';

export function createMessenger(api: Api, logger: Logger): Messenger {
  const attempt = <T>(what: string, call: Promise<T>): Promise<T | undefined> =>
    call.catch((error: unknown) => {
      logger.debug(failureFields(error), `telegram: ${what} failed`);
      return undefined;
    });

  return {
    attempt,

    async post({ chatId, place }, pieces, buttons) {
      const messages: Message[] = [];
      for (const { text, entities } of pieces) {
        const isLast = messages.length === pieces.length - 1;
        const look = { entities, link_preview_options: { is_disabled: true } };
        const below = isLast ? keyboardOf(buttons) : {};
        messages.push(await api.sendMessage(chatId, text, { ...look, ...below, ...place }));
      }
      return messages;
    },

    async replaceStatus({ chatId, statusId }, { text }, buttons) {
      if (statusId === undefined) return false;
      const edit = api
        .editMessageText(chatId, statusId, text, keyboardOf(buttons))
        .then(() => true)
        .catch(toleranceOfSame);
      return (await attempt('closing a status', edit)) === true;
    },

    async removeStatus({ chatId, statusId }) {
      if (statusId === undefined) return;
      await attempt('removing a status', api.deleteMessage(chatId, statusId));
    },
  };
}

/** Reads what `targetOf` wrote, and `statusId`, which `showStatus` added. */
export function readTarget(target: ReplyTarget): Destination {
  const { chatId, messageId, threadId, statusId } = target;
  return {
    chatId: Number(chatId),
    statusId: typeof statusId === 'number' ? statusId : undefined,
    spoiler: target.spoiler === true,
    place: {
      ...(typeof threadId === 'number' && { message_thread_id: threadId }),
      ...answering(Number(messageId)),
    },
  };
}

export function answering(messageId: number): Pick<Place, 'reply_parameters'> {
  return { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
}

/** At least one. */
export function piecesOf(text: string): [LinkedText, ...LinkedText[]] {
  const [first = { text: NO_WORDS, entities: [] }, ...rest] = splitText(
    { text, entities: [] },
    TEXT_UNITS,
  );
  return [first, ...rest];
}

export function keyboardOf(buttons: Button[][]): { reply_markup?: InlineKeyboardMarkup } {
  if (buttons.flat().length === 0) return {};
  const rows = buttons.map((row) =>
    row.map(({ label, id }) => ({ text: label, callback_data: id })),
  );
  return { reply_markup: { inline_keyboard: rows } };
}

function toleranceOfSame(error: unknown): boolean {
  if (isUnmodified(error)) return true;
  throw error;
}
