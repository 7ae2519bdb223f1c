/** Discord as the core's `Platform`. */
import type { Delivery, Logger, Network, Picture, Platform, Posted } from '../core/index.ts';
import { buttonRows } from './components.ts';
import { loadFile } from './files.ts';
import type { Messenger } from './messenger.ts';
import { failureFields, type Rest } from './rest.ts';
import { inMessages, type Shrink, ship } from './ship.ts';
import { messageRef, PLATFORM, readTarget, type Status, type Target } from './target.ts';
import { escapeText, splitText, withSources } from './text.ts';

export interface DiscordPlatformOptions {
  rest: Rest;
  messenger: Messenger;
  network: Network;
  apiRoot: string;
  logger: Logger;
  maxDownloadBytes: number;
  shrink: Shrink;
}

export function createDiscordPlatform(options: DiscordPlatformOptions): Platform {
  const { messenger, shrink, logger } = options;

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
      const looks = looksOf(delivery, place);
      const messages = inMessages(delivery, place);
      const [first = [], ...more] = messages;
      const written = await ship(first, place, shrink, (pictures) =>
        messenger.write(place, {
          ...looks,
          content: content + noteOf(delivery, pictures),
          pictures,
        }),
      );
      const statuses = [written.status];
      for (const portion of more) {
        const add = (pictures: Picture[]) => {
          const message = {
            ...looks,
            content: noteOf(delivery, pictures),
            components: [],
            pictures,
          };
          return messenger.add(written, message);
        };
        statuses.push(await ship(portion, place, shrink, add));
      }
      await addAll(written, rest);
      return statuses.map((status, at) => postedAs(status, messages[at] ?? [], delivery.pictures));
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

/** A message that shows one of several names it. */
function postedAs({ channelId, messageId }: Status, shown: Picture[], all: Picture[]): Posted {
  const message = messageRef(channelId, messageId);
  const [only] = shown;
  const isOne = only !== undefined && shown.length === 1 && all.length > 1;
  return isOne ? { message, picture: all.indexOf(only) } : { message };
}

/** Files come without words of their own, so the note stands alone. */
function noteOf({ pictures: whole, ifSmaller = '' }: Delivery, pictures: Picture[]): string {
  return pictures.every((picture) => whole.includes(picture)) ? '' : escapeText(ifSmaller);
}

function looksOf({ buttons, description }: Delivery, { isSpoiler }: Target) {
  return { components: buttonRows(buttons), description, isSpoiler };
}
