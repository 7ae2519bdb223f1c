/** What the operator's page says: a part of `locales/`, as a whole, since the page fills the sentences in itself. */
import en from '../../locales/en.json' with { type: 'json' };
import ja from '../../locales/ja.json' with { type: 'json' };
import zh from '../../locales/zh.json' with { type: 'json' };
import type { Language } from '../core/index.ts';

export interface OperatorWords {
  /** By their keys without `operator.`; names such as `{provider}` are open. */
  words: Record<string, string>;
  /** What went wrong, by the error's code. */
  problems: Record<string, string>;
}

const CATALOGUES: Record<Language, Record<string, string>> = { en, ja, zh };

/** What people in a chat read of a failure does for most; the rest speaks to them too much, or of what is not known here. */
export function operatorWords(language: Language): OperatorWords {
  const catalogue = CATALOGUES[language];
  const own = under(catalogue, 'operator.error.');
  return {
    words: under(catalogue, 'operator.'),
    problems: { ...under(catalogue, 'error.'), ...own },
  };
}

function under(catalogue: Record<string, string>, prefix: string): Record<string, string> {
  const entries = Object.entries(catalogue).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(entries.map(([key, words]) => [key.slice(prefix.length), words]));
}
