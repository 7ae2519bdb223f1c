import en from '../../../locales/en.json' with { type: 'json' };
import ja from '../../../locales/ja.json' with { type: 'json' };
import zh from '../../../locales/zh.json' with { type: 'json' };

/** Languages that people are answered in; the codes are also the file names in `locales/`. */
export const LANGUAGES = ['en', 'zh', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A sentence in `locales/`. */
export type WordKey = keyof typeof en;

const CATALOGUES: Record<Language, Record<WordKey, string>> = { en, zh, ja };

/** The language for an IETF tag such as `zh-hans-CN`; `fallback` for one that we do not speak, or none. */
export function resolveLanguage(tag: string | undefined, fallback: Language): Language {
  const primary = tag?.toLowerCase().split(/[-_]/, 1)[0];
  return LANGUAGES.find((language) => language === primary) ?? fallback;
}

/** One sentence, its `{names}` filled in. A name without a value stays visible, so that a test finds it. */
export function say(
  language: Language,
  key: WordKey,
  values: Record<string, string | number> = {},
): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}
