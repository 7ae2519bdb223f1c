/** Pictures in words: markdown, data URIs and links, found once in the whole text. Linear. */
import { cleanCaption, splitThinking } from './caption.ts';
import type { Lifted, LiftedRuns } from './lifted.ts';
import { detectMediaType } from './magic.ts';
import { FOREIGN_URI } from './picture-value.ts';
import type { PictureRank } from './types.ts';

/** A picture that the words hold: bytes that were lifted, or a link. */
export type TextPicture = { rank: PictureRank } & ({ lifted: Lifted } | { url: string });

export interface ReadText {
  /** What is left for a caption. */
  text: string;
  pictures: TextPicture[];
}

const MARKDOWN = /(!?)\[([^[\]]{0,2000})\]\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;
const DATA_URI_HEADER =
  /data\s{0,4}:\s{0,4}([a-z]+)\/[^,"')\]]{0,100}?base64\s{0,4},\s{0,4}$|base64:\/\/\s{0,4}$/i;
const MAX_HEADER = 200;
const BARE_LINK = /https?:\/\/[^\s"'<>()[\]]+/g;
const PICTURE_PATH = /\.(?:png|jpe?g|webp|gif|avif)$/i;

/** `text` as it came, runs as tokens. */
export async function readText(text: string, runs: LiftedRuns): Promise<ReadText> {
  const { said, thought } = splitThinking(text);
  const drafts = takePictures(thought, runs, 'draft');
  const finals = takePictures(said, runs, 'final');
  const words = await runs.restore(finals.text);
  const pictures = [...drafts.pictures, ...finals.pictures];
  if (pictures.length > 0) return { text: cleanCaption(words, true), pictures };
  return readLinks(words);
}

function takePictures(text: string, runs: LiftedRuns, rank: PictureRank): ReadText {
  const pictures: TextPicture[] = [];
  const withoutMarkdown = text.replace(MARKDOWN, (whole, mark: string, _alt, target: string) => {
    const picture = readTarget(target.trim(), runs, rank);
    if (picture === undefined) return mark === '!' || isDataUri(target) ? '' : whole;
    if ('url' in picture && mark !== '!') return whole;
    pictures.push(picture);
    return '';
  });
  const withoutDataUris = takeDataUris(withoutMarkdown, runs, rank, pictures);
  return { text: withoutDataUris, pictures };
}

function isDataUri(target: string): boolean {
  return /^\s*data\s*:/i.test(target);
}

/** What stands in the round brackets: a data URI, or an address with perhaps a title behind it. */
function readTarget(target: string, runs: LiftedRuns, rank: PictureRank): TextPicture | undefined {
  const lifted = runs.split(target).find((piece) => typeof piece !== 'string');
  if (lifted !== undefined) return claim(lifted, rank, FOREIGN_URI.test(target));
  const url = target.split(/\s/, 1)[0] ?? '';
  return /^(?:https?:\/\/|gs:\/\/|\/)./.test(url) ? { rank, url: unescapeLink(url) } : undefined;
}

function claim(lifted: Lifted, rank: PictureRank, foreign: boolean): TextPicture | undefined {
  lifted.claimed = true;
  return foreign ? undefined : { rank, lifted };
}

function takeDataUris(
  text: string,
  runs: LiftedRuns,
  rank: PictureRank,
  pictures: TextPicture[],
): string {
  const out: string[] = [];
  for (const piece of runs.split(text)) {
    if (typeof piece === 'string') {
      out.push(piece);
      continue;
    }
    const before = out.at(-1) ?? '';
    const header = DATA_URI_HEADER.exec(before.slice(-MAX_HEADER));
    if (header === null && detectMediaType(piece.head) === undefined) {
      out.push(runs.token(piece));
      continue;
    }
    if (header !== null) out[out.length - 1] = before.slice(0, before.length - header[0].length);
    const kind = header?.[1]?.toLowerCase() ?? 'image';
    const picture = claim(piece, rank, kind !== 'image');
    if (picture !== undefined) pictures.push(picture);
  }
  return out.join('');
}

/** Links are pictures only when there is nothing else, and when they look like one (Q4). */
function readLinks(text: string): ReadText {
  const urls = new Set<string>();
  const rest = text.replace(BARE_LINK, (whole) => {
    const url = unescapeLink(whole.replace(/[).,;:!?'"，。；）]+$/u, ''));
    if (!PICTURE_PATH.test(url.split(/[?#]/, 1)[0] ?? '')) return whole;
    urls.add(url);
    return '';
  });
  const pictures = [...urls].map((url): TextPicture => ({ rank: 'stray', url }));
  if (pictures.length === 0) return { text: cleanCaption(text, false), pictures };
  return { text: cleanCaption(rest.replace(/!?\[[^[\]]{0,2000}\]\(\s*\)/g, ''), true), pictures };
}

function unescapeLink(url: string): string {
  return url.replaceAll('&amp;', '&');
}
