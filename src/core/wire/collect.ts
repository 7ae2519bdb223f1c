/** Gathers what is harvested from every value of one answer, and makes the answer of it. */

import type { Source, Usage } from '../types.ts';
import { isCanonical } from './base64.ts';
import { createDataUriReader, type DataUriReader } from './data-uri.ts';
import { findError } from './error.ts';
import { type Harvest, harvest } from './harvest.ts';
import { stringOf } from './json.ts';
import type { Lifted, LiftedRuns } from './lifted.ts';
import { detectMediaType } from './magic.ts';
import { readPictureValue } from './picture-value.ts';
import type { OpenTail } from './repeats.ts';
import { readText, type TextPicture } from './text-pictures.ts';
import type {
  Answer,
  AnswerEvent,
  AnswerPart,
  FoundPicture,
  GatewayError,
  PictureRank,
} from './types.ts';
import { readUsage } from './usage.ts';

/** Words of an answer that are kept; a model writes a few thousand characters at most. */
const MAX_TEXT = 1024 * 1024;
/** Pictures of one answer; platforms show ten. */
const MAX_PICTURES = 32;
const MAX_SOURCES = 50;

export type CollectedAnswer = Omit<Answer, 'kind' | 'bytes' | 'htmlTitle' | 'truncated'>;

export interface Collector {
  /** One JSON value of the answer. */
  value(value: unknown, event?: string): void;
  /** Words outside of any JSON. */
  text(text: string): void;
  /** Where more of the same would go. */
  tail: OpenTail;
  /** Whether a picture is here already, though perhaps not a good one. */
  hasPictures(): boolean;
  finish(): Promise<CollectedAnswer>;
}

type Found = { rank: PictureRank; signature?: Lifted | string } & (
  | { lifted: Lifted }
  | { url: string }
);

interface Scan {
  reader: DataUriReader;
  pieces: string[];
}

export function createCollector(
  runs: LiftedRuns,
  onEvent: (event: AnswerEvent) => void,
): Collector {
  const found: Found[] = [];
  const parts: ({ text: string; signature?: Lifted | string } | Found)[] = [];
  const scans = new Map<number, Scan>();
  const thoughts: Scan = { reader: createDataUriReader(runs), pieces: [] };
  const sources = new Map<string, Source>();
  let characters = 0;
  // What the last event did: whether it did nothing but lengthen a data URI, and with which words.
  let deeds = 0;
  let lengthened: { scan: Scan; text: string } | undefined;
  let usage: Usage | undefined;
  let finishReason: string | undefined;
  let finishMessage: string | undefined;
  let error: GatewayError | undefined;
  let taskId: string | undefined;
  let isVerbatim = true;

  function read(scan: Scan, text: string): void {
    deeds += 1;
    lengthened = undefined;
    if (characters > MAX_TEXT) return;
    const wasInside = scan.reader.isInside();
    const certain = scan.reader.feed(text);
    if (wasInside && scan.reader.isInside() && certain === '') lengthened = { scan, text };
    characters += certain.length;
    scan.pieces.push(certain);
  }

  function scanOf(choice: number): Scan {
    const scan = scans.get(choice) ?? { reader: createDataUriReader(runs), pieces: [] };
    scans.set(choice, scan);
    return scan;
  }

  function signatureOf(value: unknown): Lifted | string | undefined {
    const text = stringOf(value);
    if (text === undefined) return undefined;
    const [before, lifted, after] = runs.split(text);
    if (lifted === undefined) return text;
    const isRun = before === '' && typeof lifted === 'object' && after === '';
    if (isRun) lifted.claimed = true;
    if (isRun && isCanonical(lifted)) return lifted;
    // From its bytes it could not be written as it stood, and a changed seal is a broken one.
    isVerbatim = false;
    return undefined;
  }

  const out: Harvest = {
    text(choice, text) {
      if (text === '') return;
      read(scanOf(choice), text);
      onEvent({ type: 'text', text: runs.strip(text, '') });
    },
    thought(text) {
      read(thoughts, text);
      onEvent({ type: 'thought', text: runs.strip(text, '') });
    },
    picture(rank, value, signature) {
      deeds += 1;
      const picture = readPictureValue(value, runs);
      if (picture === undefined || found.length >= MAX_PICTURES) return;
      if ('lifted' in picture) picture.lifted.claimed = true;
      const seal = signatureOf(signature);
      const entry = { rank, ...picture, ...(seal === undefined ? {} : { signature: seal }) };
      found.push(entry);
      if (rank === 'final') parts.push(entry);
      onEvent({ type: 'image' });
    },
    nativeText(text, signature) {
      deeds += 1;
      if (runs.split(text).length > 1) isVerbatim = false;
      const seal = signatureOf(signature);
      parts.push({ text, ...(seal === undefined ? {} : { signature: seal }) });
    },
    source(url, title) {
      if (sources.size >= MAX_SOURCES || !/^https?:\/\//i.test(url)) return;
      sources.set(url, title === undefined ? { url } : { url, title });
    },
    usage(fields) {
      usage = readUsage(fields) ?? usage;
    },
    finish(reason, message) {
      finishReason = reason.toUpperCase();
      finishMessage = message ?? finishMessage;
    },
    task(id) {
      taskId = id.slice(0, 100);
    },
  };

  return {
    value(value, event) {
      deeds = 0;
      error ??= findError(value);
      harvest(value, out, event);
    },
    text: (text) => out.text(0, text),
    tail: {
      last: () => (deeds === 1 ? lengthened?.text : undefined),
      append(text) {
        if (lengthened !== undefined) read(lengthened.scan, text);
        return lengthened !== undefined;
      },
    },
    hasPictures: () => found.length > 0 || runs.all().some((run) => detectMediaType(run.head)),
    async finish() {
      const native = isVerbatim && parts.length > 0 && scans.size <= 1;
      const words = await finishTexts([...scans.values()], thoughts, runs);
      const pictures = [...found, ...rankLinks(found, words.pictures), ...strays(runs)];
      return {
        pictures: await Promise.all(pictures.slice(0, MAX_PICTURES).map(toFoundPicture)),
        text: words.text,
        parts: native ? await Promise.all(parts.map(toAnswerPart)) : [],
        sources: [...sources.values()],
        usage,
        finishReason,
        finishMessage,
        error: error === undefined ? undefined : stripRuns(error, runs),
        taskId,
      };
    },
  };
}

/** Only the first choice's words are a caption; pictures of all choices count. */
async function finishTexts(scans: Scan[], thoughts: Scan, runs: LiftedRuns) {
  const pictures: TextPicture[] = [];
  let caption = '';
  for (const [at, scan] of scans.entries()) {
    const { text, pictures: more } = await readText(scan.pieces.join('') + scan.reader.end(), runs);
    if (at === 0) caption = text;
    pictures.push(...more);
  }
  const drafts = await readText(thoughts.pieces.join('') + thoughts.reader.end(), runs);
  // A link in a thought is only something the model thought about.
  const drawn = drafts.pictures.filter((picture) => 'lifted' in picture);
  pictures.push(...drawn.map((picture): TextPicture => ({ ...picture, rank: 'draft' })));
  return { text: caption, pictures };
}

/** Pictures that lay in no place we know, whatever their key. */
function strays(runs: LiftedRuns): Found[] {
  const unclaimed = runs.all().filter((run) => !run.claimed && detectMediaType(run.head));
  return unclaimed.map((lifted) => ({ rank: 'stray', lifted }));
}

/** Bytes that are here win over links in the words, which may show the same picture (Q11). */
function rankLinks(found: Found[], inWords: TextPicture[]): Found[] {
  const hasBytes = found.some((picture) => picture.rank === 'final' && 'lifted' in picture);
  if (!hasBytes) return inWords;
  return inWords.map((picture) => ('url' in picture ? { ...picture, rank: 'stray' } : picture));
}

async function toFoundPicture(found: Found): Promise<FoundPicture> {
  if ('url' in found) return { rank: found.rank, url: found.url };
  return { rank: found.rank, payload: await found.lifted.payload, ...(await sealOf(found)) };
}

async function sealOf(found: { signature?: Lifted | string }) {
  if (found.signature === undefined) return {};
  const { signature } = found;
  return { signature: typeof signature === 'string' ? signature : await signature.payload };
}

async function toAnswerPart(
  part: { text: string; signature?: Lifted | string } | Found,
): Promise<AnswerPart> {
  const seal = await sealOf(part);
  if ('text' in part) return { type: 'text', text: part.text, ...seal };
  if ('url' in part) return { type: 'text', text: part.url };
  return { type: 'image', payload: await part.lifted.payload, ...seal };
}

function stripRuns(error: GatewayError, runs: LiftedRuns): GatewayError {
  return { ...error, message: runs.strip(error.message, '[…]'), tags: runs.strip(error.tags, '') };
}
