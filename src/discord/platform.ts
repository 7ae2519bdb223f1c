/** Discord as the core's `Platform`. */
import {
  type Delivery,
  EaselError,
  type Logger,
  type Network,
  type Picture,
  type Platform,
} from '../core/index.ts';
import type { Content } from './body.ts';
import { buttonRows } from './components.ts';
import { loadFile } from './files.ts';
import type { Messenger } from './messenger.ts';
import { failureFields, type Rest } from './rest.ts';
import { messageRef, PLATFORM, readTarget, type Target } from './target.ts';
import { escapeText, splitText, withSources } from './text.ts';

export interface DiscordPlatformOptions {
  rest: Rest;
  messenger: Messenger;
  network: Network;
  apiRoot: string;
  logger: Logger;
  maxDownloadBytes: number;
  /** The picture in at most `maxBytes`, encoded anew. */
  shrink: (picture: Picture, maxBytes: number) => Promise<Picture>;
}

/** What all messages with files together may have (Discord's message reference), unless one file may have more. */
const REQUEST_BYTES = 25 * 1024 * 1024;
/** For names, alternative texts and the words around them. */
const OVERHEAD_BYTES = 64 * 1024;

export function createDiscordPlatform(options: DiscordPlatformOptions): Platform {
  const { messenger, logger } = options;

  /** The first piece stands; a failure of what follows must not look like a failed message. */
  async function addAll(target: Target, pieces: string[]): Promise<void> {
    try {
      for (const content of pieces) await messenger.add(target, { content, components: [] });
    } catch (error) {
      logger.debug(failureFields(error), 'discord: posting a long text failed');
    }
  }

  return {
    // Ten files make a message; five edits in five seconds are allowed in a channel, for all jobs in it.
    limits: { pictures: 10, statusIntervalMs: 2500 },

    async showStatus(target, status) {
      const place = readTarget(target);
      const [content = ''] = splitText(escapeText(status.text));
      const message = { content, components: buttonRows(status.buttons, 'danger') };
      if (place.status === undefined) return messenger.write(place, message);
      await messenger.edit(place, message).catch((error: unknown) => {
        logger.debug(failureFields(error), 'discord: editing a status failed');
      });
      return target;
    },

    async deliver(target, delivery) {
      const place = readTarget(target);
      const [content = '', ...rest] = splitText(withSources(delivery.text, delivery.sources));
      const message = { content, ...looksOf(delivery, place) };
      const written = await ship(place, message, delivery.pictures, options);
      await addAll(written, rest);
      return [{ message: messageRef(written.status.channelId, written.status.messageId) }];
    },

    async close(target, { text, buttons }) {
      const [content = '', ...rest] = splitText(escapeText(text));
      const message = { content, components: buttonRows(buttons) };
      const written = await messenger.write(readTarget(target), message);
      await addAll(written, rest);
      return { message: messageRef(written.status.channelId, written.status.messageId) };
    },

    async notify(personId, text) {
      const userId = personId.slice(PLATFORM.length + 1);
      try {
        for (const content of splitText(escapeText(text))) {
          await messenger.tell(userId, { content, components: [] });
        }
        return true;
      } catch (error) {
        logger.debug(failureFields(error), 'discord: notifying a person failed');
        return false;
      }
    },

    load(attachment, { maxBytes, signal }) {
      const limit = Math.min(maxBytes, options.maxDownloadBytes);
      return loadFile(attachment, { maxBytes: limit, signal }, options);
    },
  };
}

function looksOf({ buttons, description }: Delivery, { isSpoiler }: Target) {
  return { components: buttonRows(buttons), description, isSpoiler };
}

/** Sends the pictures as they are where they fit, and once more, smaller, when Discord wants less than it said. */
async function ship(
  target: Target,
  message: Content,
  pictures: Picture[],
  { messenger, shrink }: DiscordPlatformOptions,
) {
  const maxBytes = limitFor(pictures.length, target);
  const fitting = await fitInto(pictures, maxBytes, shrink);
  try {
    return await messenger.write(target, { ...message, pictures: fitting });
  } catch (error) {
    if (!(error instanceof EaselError) || error.status !== 413) throw error;
    const largest = Math.max(...fitting.map(({ bytes }) => bytes));
    const smaller = await fitInto(fitting, Math.floor(Math.min(maxBytes, largest) / 2), shrink);
    return messenger.write(target, { ...message, pictures: smaller });
  }
}

function limitFor(count: number, { uploadLimit }: Target): number {
  const share = (Math.max(REQUEST_BYTES, uploadLimit) - OVERHEAD_BYTES) / count;
  return Math.floor(Math.min(uploadLimit, share));
}

function fitInto(
  pictures: Picture[],
  maxBytes: number,
  shrink: DiscordPlatformOptions['shrink'],
): Promise<Picture[]> {
  return Promise.all(
    pictures.map((picture) => (picture.bytes > maxBytes ? shrink(picture, maxBytes) : picture)),
  );
}
