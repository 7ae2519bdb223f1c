/** Plain text as Discord's Markdown shows it, cut to Discord's limits. Lengths are UTF-16 units, which never count less than Discord. */
import type { Source } from '../core/index.ts';

/** Longest content of a message. */
const CONTENT_UNITS = 2000;
/** How far before the limit a line break or space is still taken as the place to cut. */
const SOFT_UNITS = 200;
const MAX_SOURCES = 10;
const TITLE_UNITS = 100;
/** Without the punctuation behind it. */
const URL_PATTERN = /https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]。，、）」]/gi;

/** So that Discord shows the very letters: no mentions, no masked links, no formats; addresses stay, without a preview. */
export function escapeText(text: string): string {
  let escaped = '';
  let end = 0;
  for (const { index, 0: url } of text.matchAll(URL_PATTERN)) {
    escaped += `${escapeWords(text.slice(end, index))}<${url}>`;
    end = index + url.length;
  }
  return escaped + escapeWords(text.slice(end));
}

function escapeWords(text: string): string {
  return text
    .replace(/[\\*_~`|<>[\]]/g, '\\$&')
    .replace(/^(\s*)(#{1,3}|-#?|\+)(?=\s)/gm, '$1\\$2')
    .replace(/^(\s*\d+)\.(?=\s)/gm, '$1\\.');
}

/** `text` escaped, and below it one link per source. Sources that are not web pages are left out. */
export function withSources(text: string, sources: readonly Source[]): string {
  const pages = sources.filter(({ url }) => /^https?:\/\//i.test(url) && URL.canParse(url));
  const links = pages.slice(0, MAX_SOURCES).map(linkOf);
  return [escapeText(text.trim()), links.join('\n')].filter((part) => part !== '').join('\n\n');
}

function linkOf({ url, title }: Source): string {
  const { href, host } = new URL(url);
  const words = (title ?? '').replace(/\s+/g, ' ').trim() || host;
  const target = href.replace(/[()]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  // Brackets within a link's text break it even when escaped.
  const shown = truncate(words, TITLE_UNITS).replace(/[[\]]/g, '').replace(URL_PATTERN, host);
  return `[${escapeWords(shown)}](<${target}>)`;
}

/** Pieces of at most `units`, none of them blank, which together are the text. */
export function splitText(text: string, units = CONTENT_UNITS): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + cutPosition(text.slice(start), units);
    // Discord refuses a content of spaces only.
    if (text.slice(start, end).trim() !== '') pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** At most `units`, whole characters, with an ellipsis where something is missing. */
export function truncate(text: string, units: number): string {
  if (text.length <= units) return text;
  return `${text.slice(0, units - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Where to end a piece: after a space near the limit; never inside a surrogate pair or an escape. */
function cutPosition(text: string, units: number): number {
  if (text.length <= units) return text.length;
  const space = Math.max(text.lastIndexOf('\n', units - 1), text.lastIndexOf(' ', units - 1));
  if (space >= Math.max(1, units - SOFT_UNITS)) return space + 1;
  const piece = text.slice(0, units);
  const [backslashes = ''] = /\\*$/.exec(piece) ?? [];
  return units - (backslashes.length % 2 === 1 || /[\ud800-\udbff]$/.test(piece) ? 1 : 0);
}
