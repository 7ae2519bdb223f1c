/** Telegram as the core's `Platform`. */
import type { Api } from 'grammy';
import type { Message } from 'grammy/types';
import type { Logger, Platform, Posted } from '../core/index.ts';
import { type ClientOptions, createApi } from './client.ts';
import { postBelow, sendPictures } from './delivery.ts';
import { toDeliveryError } from './failure.ts';
import { loadFile } from './files.ts';
import { PLATFORM, refOf } from './ids.ts';
import { createMessenger, piecesOf, readTarget } from './messenger.ts';
import { createStatusEdits } from './status.ts';

export interface TelegramPlatformOptions extends ClientOptions {
  /** Repeats what may be repeated. */
  api: Api;
  logger: Logger;
  maxDownloadBytes: number;
}

export function createTelegramPlatform(options: TelegramPlatformOptions): Platform {
  const { api, logger } = options;
  const messenger = createMessenger(api, logger);
  const { post, attempt, replaceStatus, removeStatus } = messenger;
  const { edit, settle } = createStatusEdits(createApi(options), messenger);

  return {
    // Ten items make an album.
    limits: { pictures: 10, statusIntervalMs: 3000 },

    async showStatus(target, { text, buttons }) {
      const destination = readTarget(target);
      const [piece] = piecesOf(text);
      if (destination.statusId !== undefined) {
        await edit(destination, piece.text, buttons);
        return target;
      }
      const [status] = await post(destination, [piece], buttons).catch(throwDeliveryError);
      return { ...target, ...(status && { chatId: status.chat.id, statusId: status.message_id }) };
    },

    async deliver(target, delivery) {
      const destination = readTarget(target);
      const sending = sendPictures(api, { ...delivery, ...destination });
      const { sent, rest } = await sending.catch(throwDeliveryError);
      // The pictures stand: what fails from here on must not look like a failed delivery.
      const below = await postBelow(messenger, { sent, rest }, delivery);
      await settle(destination);
      await removeStatus(destination);
      return [...sent.map(toPosted), ...below.map((message) => ({ message: refOf(message) }))];
    },

    async close(target, { text, buttons }) {
      const destination = readTarget(target);
      const { chatId, statusId } = destination;
      const [first, ...rest] = piecesOf(text);
      await settle(destination);
      const isReplaced = await replaceStatus(destination, first, rest.length === 0 ? buttons : []);
      const pieces = isReplaced ? rest : [first, ...rest];
      const posted = await post(destination, pieces, buttons).catch(throwDeliveryError);
      if (!isReplaced) await removeStatus(destination);
      const last = posted.at(-1) ?? { chat: { id: chatId }, message_id: statusId ?? 0 };
      return { message: refOf(last) };
    },

    async notify(personId, text) {
      const chatId = Number(personId.slice(PLATFORM.length + 1));
      const posting = post({ chatId, place: {} }, piecesOf(text), []);
      return (await attempt('notifying a person', posting)) !== undefined;
    },

    load(attachment, { maxBytes, signal }) {
      const limit = Math.min(maxBytes, options.maxDownloadBytes);
      return loadFile(api, attachment, { ...options, maxBytes: limit, signal });
    },
  };
}

function toPosted(message: Message, index: number, { length }: Message[]): Posted {
  return { message: refOf(message), ...(length > 1 && { picture: index }) };
}

function throwDeliveryError(error: unknown): never {
  throw toDeliveryError(error);
}
