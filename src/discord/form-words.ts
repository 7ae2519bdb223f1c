/** What a form says, in time: a form is the first answer itself, so nothing can promise that it comes later. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Desk, Language, Person, Style } from '../core/index.ts';

export interface FormWords {
  language: Language;
  styles: Style[];
}

export interface FormWordsOptions {
  desk: Pick<Desk, 'language' | 'styles'>;
  /** For people who are unknown, or cannot be looked up in time. */
  language: Language;
}

/** Of the three seconds that Discord waits; a store takes milliseconds. */
const PATIENCE_MS = 500;

/** Never throws: a form in another language, or without styles, is better than none. */
export async function formWords(person: Person, options: FormWordsOptions): Promise<FormWords> {
  const { desk, language: fallback } = options;
  const [language, styles] = await Promise.all([
    inTime(desk.language(person), fallback),
    inTime(desk.styles(person), []),
  ]);
  return { language, styles };
}

function inTime<T>(wanted: Promise<T>, otherwise: T): Promise<T> {
  return Promise.race([wanted.catch(() => otherwise), sleep(PATIENCE_MS, otherwise)]);
}
