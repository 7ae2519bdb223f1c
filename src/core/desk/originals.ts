/** A turn's pictures as files, exactly as they were made: no job, and free of charge. */
import type { Conversations } from '../conversation/conversations.ts';
import { shown } from '../conversation/place.ts';
import { descriptionOf, type Turn } from '../conversation/turn.ts';
import { toEaselError } from '../errors.ts';
import { failureMessage } from '../job/messages.ts';
import { type Language, say } from '../job/words.ts';
import type { Logger, Platform } from '../ports.ts';
import type { Picture, Press, StoredPicture } from '../types.ts';
import { inWords, type Replies } from './replies.ts';

export interface OriginalsOptions {
  conversations: Pick<Conversations, 'link'>;
  replies: Replies;
  pictures: { locate(picture: StoredPicture): Picture };
  logger: Logger;
}

/** Never throws. */
export type SendOriginals = (turn: Turn, press: Press, language: Language) => Promise<void>;

export function createSendOriginals(options: OriginalsOptions): SendOriginals {
  const { replies, logger } = options;
  return async (turn, press, language) => {
    const platform = replies.platformOf(press.target);
    if (platform === undefined || !(await replies.isNew(press.id))) return;
    try {
      await send(turn, press, platform, { ...options, language });
    } catch (thrown) {
      const error = toEaselError(thrown);
      logger.warn({ turn: turn.id, code: error.code, error }, 'originals not posted');
      await replies.post(press.target, inWords(failureMessage(language, error)));
    }
  };
}

/**
 * In parts where the platform takes fewer at once. An answer to a message with one of several pictures means that one, to
 * any other the whole turn.
 */
async function send(
  turn: Turn,
  { target }: Press,
  platform: Platform,
  { pictures, conversations, language }: OriginalsOptions & { language: Language },
): Promise<void> {
  const located = turn.pictures.map((picture) => pictures.locate(picture));
  const length = platform.limits.pictures;
  for (let first = 0; first < located.length; first += length) {
    const part = located.slice(first, first + length);
    const words = {
      description: descriptionOf(turn),
      ifSmaller: say(language, 'original.smaller'),
    };
    const posted = await platform.deliver(target, { ...filesOf(part), ...words });
    // A message that shows the whole part names no picture; a part can be one of the turn's several all the same.
    const only = part.length === 1 && located.length > 1 ? 0 : undefined;
    for (const { message, picture = only } of posted) {
      const at = picture === undefined ? undefined : first + picture;
      await conversations.link(message, shown(turn.id, at));
    }
  }
}

function filesOf(pictures: Picture[]) {
  return { pictures, text: '', sources: [], buttons: [], asFiles: true };
}
