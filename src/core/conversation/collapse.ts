/** A path in one user turn: the last pictures, and the words so far. What every dialect and model understands. */
import type { Message } from '../wire/types.ts';
import { fits, MAX_HISTORY_CHARACTERS, weigh } from './limits.ts';
import { type ImagePart, userParts } from './load-pictures.ts';

export interface CollapseInput {
  /** Oldest first. */
  pictures: ImagePart[];
  /** What was asked before, oldest first. */
  earlier: string[];
  prompt: string;
}

/** The oldest pictures and words are left out until the rest fits; never the prompt. */
export function collapse({ pictures, earlier, prompt }: CollapseInput): Message {
  const words = inWords(newestWithin(earlier.map(onOneLine), MAX_HISTORY_CHARACTERS), prompt);
  return { role: 'user', parts: userParts(newestThatFit(pictures), words) };
}

function newestThatFit(pictures: ImagePart[]): ImagePart[] {
  const first = pictures.findIndex((_, at) =>
    fits(weigh([{ role: 'user', parts: pictures.slice(at) }])),
  );
  return first === -1 ? [] : pictures.slice(first);
}

function onOneLine(prompt: string): string {
  return prompt.replace(/\s+/g, ' ').trim();
}

function newestWithin(prompts: string[], maxCharacters: number): string[] {
  const said = prompts.filter((prompt) => prompt !== '');
  let left = maxCharacters;
  const last = said.findLastIndex((prompt) => {
    left -= prompt.length;
    return left < 0;
  });
  return said.slice(last + 1);
}

/** In English, which the models know best; the prompt itself stays in the person's language. */
function inWords(earlier: string[], prompt: string): string {
  if (earlier.length === 0) return prompt;
  const list = earlier.map((words, at) => `${at + 1}. ${words}`).join('\n');
  return `So far I asked for:\n${list}\n\nNow: ${prompt}`;
}
