/** Plain text with links, cut to Telegram's limits. All lengths and offsets are UTF-16 units, as Telegram counts. */
import type { MessageEntity } from 'grammy/types';
import type { Source } from '../core/index.ts';

/** Longest text of a message (Bot API, sendMessage). */
export const TEXT_UNITS = 4096;
/** Longest caption of a picture (Bot API, sendPhoto). */
export const CAPTION_UNITS = 1024;
/** How far before the limit a line break or space is still taken as the place to cut. */
const SOFT_UNITS = 100;
const MAX_SOURCES = 10;
const TITLE_UNITS = 100;

export type Link = MessageEntity.TextLinkMessageEntity;

export interface LinkedText {
  text: string;
  entities: Link[];
}

/** `text`, and below it one linked title per source. Sources that are not web pages are left out. */
export function withSources(text: string, sources: readonly Source[]): LinkedText {
  const linked: LinkedText = { text: text.trim(), entities: [] };
  const pages = sources.filter(({ url }) => /^https?:\/\//i.test(url) && URL.canParse(url));
  for (const [index, page] of pages.slice(0, MAX_SOURCES).entries()) {
    if (linked.text !== '') linked.text += index === 0 ? '\n\n' : '\n';
    const title = titleOf(page);
    linked.entities.push({
      type: 'text_link',
      offset: linked.text.length,
      length: title.length,
      url: page.url,
    });
    linked.text += title;
  }
  return linked;
}

function titleOf({ url, title }: Source): string {
  const words = (title ?? '').replace(/\s+/g, ' ').trim() || new URL(url).host;
  return words.slice(0, cutPosition(words, TITLE_UNITS));
}

/** `text` in at most `units`; what is cut off ends in an ellipsis. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  return `${text.slice(0, cutPosition(text, units - 1)).trimEnd()}…`;
}

/** The first piece of at most `firstUnits`, then pieces of at most `TEXT_UNITS`; none of them blank. */
export function splitText(whole: LinkedText, firstUnits: number): LinkedText[] {
  const pieces: LinkedText[] = [];
  let start = 0;
  while (start < whole.text.length) {
    const rest = whole.text.slice(start);
    const end = start + cutPosition(rest, pieces.length === 0 ? firstUnits : TEXT_UNITS);
    const text = whole.text.slice(start, end);
    // Telegram refuses a text of spaces only.
    if (text.trim() !== '') pieces.push({ text, entities: entitiesWithin(whole, start, end) });
    start = end;
  }
  return pieces;
}

/** Where to end a piece of at most `units`: after a space near the limit, never inside a surrogate pair. */
function cutPosition(text: string, units: number): number {
  if (text.length <= units) return text.length;
  const space = Math.max(text.lastIndexOf('\n', units - 1), text.lastIndexOf(' ', units - 1));
  if (space >= Math.max(1, units - SOFT_UNITS)) return space + 1;
  const next = text.charCodeAt(units);
  const splitsPair = next >= 0xdc00 && next <= 0xdfff && text.isWellFormed();
  return splitsPair ? units - 1 : units;
}

function entitiesWithin({ entities }: LinkedText, start: number, end: number): Link[] {
  return entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    return from < to ? [{ ...entity, offset: from - start, length: to - from }] : [];
  });
}
