/** Telegram as the core's `Platform`. */
import { type Api, GrammyError, InlineKeyboard } from 'grammy';
import type { Logger, Platform, StatusMessage } from '../core/index.ts';
import { type ClientOptions, createImpatientApi, toDeliveryError } from './client.ts';
import { sendPictures } from './delivery.ts';
import { loadFile } from './files.ts';
import { createMessenger, readTarget } from './messenger.ts';
import { PLATFORM } from './request.ts';
import { splitText, TEXT_UNITS } from './text.ts';

export interface TelegramPlatformOptions extends ClientOptions {
  /** Repeats what may be repeated. */
  api: Api;
  logger: Logger;
  maxDownloadBytes: number;
}

/** Marks the data of a cancel button; the job's id follows. */
export const CANCEL_PREFIX = 'c:';

export function createTelegramPlatform(options: TelegramPlatformOptions): Platform {
  const { api, logger } = options;
  const impatient = createImpatientApi(options);
  const { post, attempt, replaceStatus, removeStatus } = createMessenger(api, logger);

  /** Until when Telegram wants no more edits, by chat. */
  const quietUntil = new Map<number, number>();

  async function editStatus(chatId: number, edit: () => Promise<unknown>): Promise<void> {
    if ((quietUntil.get(chatId) ?? 0) > Date.now()) return;
    quietUntil.delete(chatId);
    const call = edit().catch((error: unknown) => {
      const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
      if (seconds !== undefined) quietUntil.set(chatId, Date.now() + seconds * 1000);
      throw error;
    });
    await attempt('editing a status', call);
  }

  return {
    // Ten items make an album; about 20 messages a minute are allowed in a group (grammY's flood guide).
    limits: { pictures: 10, statusIntervalMs: 3000 },

    async showStatus(target, status) {
      const { chatId, statusId, place } = readTarget(target);
      const keyboard = keyboardOf(status);
      if (statusId !== undefined) {
        await editStatus(chatId, () =>
          impatient.editMessageText(chatId, statusId, status.text, keyboard),
        );
        return target;
      }
      const sent = api.sendMessage(chatId, status.text, { ...keyboard, ...place });
      const { chat, message_id } = await sent.catch(throwDeliveryError);
      return { ...target, chatId: chat.id, statusId: message_id };
    },

    async deliver(target, delivery) {
      const destination = readTarget(target);
      const sent = sendPictures(api, { ...delivery, ...destination });
      const rest = await sent.catch(throwDeliveryError);
      // The pictures stand: what fails from here on must not look like a failed delivery.
      await attempt('posting a long text', post(destination.chatId, rest, destination.place));
      await removeStatus(destination);
    },

    async close(target, text) {
      const destination = readTarget(target);
      const [first, ...rest] = splitText({ text, entities: [] }, TEXT_UNITS);
      const isReplaced = first !== undefined && (await replaceStatus(destination, first.text));
      const pieces = first === undefined || isReplaced ? rest : [first, ...rest];
      await post(destination.chatId, pieces, destination.place).catch(throwDeliveryError);
      if (!isReplaced) await removeStatus(destination);
    },

    async notify(personId, text) {
      const chatId = Number(personId.slice(PLATFORM.length + 1));
      const pieces = splitText({ text, entities: [] }, TEXT_UNITS);
      await attempt('notifying a person', post(chatId, pieces, {}));
    },

    load(attachment, { maxBytes, signal }) {
      const limit = Math.min(maxBytes, options.maxDownloadBytes);
      return loadFile(api, attachment, { ...options, maxBytes: limit, signal });
    },
  };
}

function keyboardOf({ cancel }: StatusMessage): { reply_markup?: InlineKeyboard } {
  if (cancel === undefined) return {};
  const { label, jobId } = cancel;
  return { reply_markup: new InlineKeyboard().text(label, `${CANCEL_PREFIX}${jobId}`) };
}

function throwDeliveryError(error: unknown): never {
  throw toDeliveryError(error);
}
