/** Named prompts: how they are found by what people type, and how they are shown. */
import type { Language } from '../job/words.ts';
import type { Style } from '../types.ts';

export interface StyleEntry {
  /** As in `Style`. */
  name: string;
  labels: Record<Language, string>;
  prompt: string;
}

export function stylesIn(language: Language, entries: readonly StyleEntry[]): Style[] {
  return entries.map(({ name, labels, prompt }) => ({ name, label: labels[language], prompt }));
}

/** By its name, or by its label in any language, with or without the emoji. */
export function findStyle(typed: string, entries: readonly StyleEntry[]): StyleEntry | undefined {
  const wanted = bare(typed);
  return entries.find(({ name, labels }) =>
    [name, ...Object.values(labels)].some((known) => bare(known) === wanted),
  );
}

function bare(text: string): string {
  return text
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
    .toLowerCase();
}

/** The style, then what the person adds: as the model is asked, and as people read it. */
export function styledWords(
  { prompt, labels }: StyleEntry,
  words: string,
  language: Language,
): { prompt: string; description: string } {
  return {
    prompt: [prompt, words].filter(Boolean).join('\n\n'),
    description: [labels[language], words].filter(Boolean).join(' · '),
  };
}

/** Labels have at most 40 letters. */
const MAX_NAME_WORDS = 20;

/** Splits `/style old film, but brighter` into a style and the words behind it; the longest name that fits counts. */
export function readStyle(
  words: string,
  entries: readonly StyleEntry[],
): { style: StyleEntry; rest: string } | undefined {
  const pieces = words.split(/\s+/);
  for (let length = Math.min(pieces.length, MAX_NAME_WORDS); length > 0; length -= 1) {
    const style = findStyle(pieces.slice(0, length).join(' '), entries);
    if (style !== undefined) return { style, rest: pieces.slice(length).join(' ') };
  }
  return undefined;
}

/** A line that people can still read. */
const MAX_LISTED = 24;

export function styleNames(language: Language, entries: readonly StyleEntry[]): string {
  const labels = stylesIn(language, entries.slice(0, MAX_LISTED)).map(({ label }) => label);
  return labels.join(' · ');
}
