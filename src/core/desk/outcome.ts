/** What comes of a message. */
import type { Place } from '../conversation/place.ts';
import { type Language, say, type WordKey } from '../job/words.ts';
import type { PictureRequest, Reply } from '../types.ts';
import { inWords } from './replies.ts';

/** Something to say, and what answers to it continue. */
export interface Answer {
  reply: Reply;
  place?: Place;
}

/** A job, or an answer that is made (with all that it changes) only when the message is new. */
export type Outcome = { request: PictureRequest } | { answer: () => Promise<Answer> };

export function saying(
  language: Language,
  key: WordKey,
  values: Record<string, string | number> = {},
): Outcome {
  return { answer: async () => ({ reply: inWords(say(language, key, values)) }) };
}
