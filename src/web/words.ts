/** Parts of `locales/` as a whole: pages fill the sentences in themselves, so names such as `{provider}` stay open. */
import en from '../../locales/en.json' with { type: 'json' };
import ja from '../../locales/ja.json' with { type: 'json' };
import zh from '../../locales/zh.json' with { type: 'json' };
import type { Language } from '../core/index.ts';

const CATALOGUES: Record<Language, Record<string, string>> = { en, ja, zh };

/** By their keys without the prefix. */
function wordsUnder(language: Language, prefix: string): Record<string, string> {
  const entries = Object.entries(CATALOGUES[language]).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(entries.map(([key, words]) => [key.slice(prefix.length), words]));
}

export function studioWords(language: Language): Record<string, string> {
  return wordsUnder(language, 'studio.');
}

export interface OperatorWords {
  words: Record<string, string>;
  /** What went wrong, by the error's code. */
  problems: Record<string, string>;
}

/** What people in a chat read of a failure does for most; the rest speaks to them too much, or of what is not known here. */
export function operatorWords(language: Language): OperatorWords {
  const own = wordsUnder(language, 'operator.error.');
  return {
    words: wordsUnder(language, 'operator.'),
    problems: { ...wordsUnder(language, 'error.'), ...own },
  };
}
