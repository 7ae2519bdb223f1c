/**
 * An answer's bytes → what it holds. The body is sniffed, never believed: it may be events, JSON, several JSON values,
 * a web page or plain words, whatever the request's dialect, the status and the Content-Type claim.
 */
import { EaselError } from '../errors.ts';
import { type Collector, createCollector } from './collect.ts';
import { readJson } from './json.ts';
import { createLiftedRuns } from './lifted.ts';
import { createLifter } from './lifter.ts';
import { createRepeats } from './repeats.ts';
import { createSseReader, type SseEvent } from './sse.ts';
import type { Answer, AnswerEvent, BodyKind, PayloadStore } from './types.ts';

/** One answer; a 4K picture with its signature is 20 MiB of base64 (Q24). */
const MAX_ANSWER_BYTES = 96 * 1024 * 1024;
/** What is left of a body when its pictures are out. */
const MAX_SKELETON = 16 * 1024 * 1024;
/** A page is only kept for its title. */
const MAX_PAGE = 64 * 1024;
const TITLE = /<title[^>]{0,200}>([^<]{0,300})/i;
const DONE = /^"?\s*\[?\s*DONE\s*\]?\s*"?$/;

export interface DecodeOptions {
  payloads: PayloadStore;
  /** @default 96 MiB */
  maxBytes?: number;
  /** Called while the answer arrives. */
  onEvent?: (event: AnswerEvent) => void;
}

/**
 * Reads `body` to its end or to `[DONE]`, and gives up the body then. When the body breaks off behind a picture, the
 * answer counts and is `truncated`; otherwise the body's own error is thrown.
 * @throws EaselError `answer-too-large`
 */
export async function decodeAnswer(
  body: AsyncIterable<Uint8Array>,
  { payloads, maxBytes = MAX_ANSWER_BYTES, onEvent = () => {} }: DecodeOptions,
): Promise<Answer> {
  const runs = createLiftedRuns(payloads);
  const collector = createCollector(runs, onEvent);
  const skeleton = createSkeletonReader(collector);
  const lifter = createLifter(runs, skeleton.feed, createRepeats(collector.tail));
  let bytes = 0;
  let broken = false;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new EaselError('answer-too-large', { billed: 'maybe' });
      lifter.feed(chunk);
      await runs.drain();
      if (skeleton.done()) break;
    }
  } catch (error) {
    if (error instanceof EaselError || !collector.hasPictures()) throw error;
    broken = true;
  }
  lifter.end();
  const { kind, truncated, htmlTitle } = skeleton.end();
  const collected = await collector.finish();
  return { kind, bytes, htmlTitle, truncated: truncated || broken, ...collected };
}

interface SkeletonReader {
  feed(text: string): void;
  /** The sender said that this is all. */
  done(): boolean;
  end(): { kind: BodyKind; truncated: boolean; htmlTitle: string | undefined };
}

/** The body without its pictures: events are read as they come, everything else at the end. */
function createSkeletonReader(collector: Collector): SkeletonReader {
  let kind: BodyKind | undefined;
  let pieces: string[] = [];
  let characters = 0;
  let finished = false;
  let truncated = false;

  function readEvent({ event, data }: SseEvent): void {
    if (finished || data.trim() === '') return;
    truncated = false;
    if (DONE.test(data)) {
      finished = true;
      return;
    }
    const json = readJson(data);
    // A broken event that others follow was the sender's slip, not the end.
    truncated = json.truncated;
    for (const value of json.values) collector.value(value, event);
  }

  const events = createSseReader(readEvent, (line) => readStray(line));

  function readStray(line: string): void {
    if (DONE.test(line)) finished = true;
    else strays.push(line.slice(0, 1_000));
  }
  const strays: string[] = [];

  function keep(text: string): void {
    if (kind === 'html' && characters > MAX_PAGE) return;
    characters += text.length;
    if (characters > MAX_SKELETON) throw new EaselError('answer-too-large', { billed: 'maybe' });
    pieces.push(text);
  }

  function sniff(last: boolean): void {
    const start = pieces.join('').replace(/^\uFEFF/, '');
    kind = kindOf(start, last);
    pieces = [start];
    if (kind !== 'sse') return;
    pieces = [];
    events.feed(start);
  }

  function endJson(): void {
    const json = readJson(pieces.join(''));
    truncated ||= json.truncated;
    for (const value of json.values) collector.value(value);
  }

  return {
    feed(text) {
      if (kind === 'sse') return events.feed(text);
      keep(text);
      if (kind === undefined) sniff(false);
    },
    done: () => finished,
    end() {
      if (kind === undefined) sniff(true);
      const text = pieces.join('');
      if (kind === 'sse') {
        events.end();
        if (!collector.hasPictures()) for (const line of strays) collector.text(`${line}\n`);
      } else if (kind === 'json') endJson();
      else if (kind === 'text') collector.text(text);
      const htmlTitle = kind === 'html' ? (TITLE.exec(text)?.[1]?.trim() ?? '') : undefined;
      return { kind: kind ?? 'empty', truncated, htmlTitle };
    },
  };
}

/** Undefined while the first line does not tell yet. */
function kindOf(start: string, last: boolean): BodyKind | undefined {
  const text = start.trimStart();
  if (text === '') return last ? 'empty' : undefined;
  if (text.startsWith('<')) return text.length < 7 && !last ? undefined : tagKind(text);
  // A lone data URI begins like an event.
  if (/^data\s*:\s*image\//i.test(text)) return 'text';
  if (text.length < 12 && !last && /^data\s*:\s*[a-z]*$/i.test(text)) return undefined;
  if (/^(?:data|event|id|retry)?\s*:|^\[\s*DONE/.test(text)) return 'sse';
  if (/^[{["]/.test(text))
    return text.length < 6 && !last && text.startsWith('[') ? undefined : 'json';
  const undecided = text.length < 8 && !last && /^[a-z]+$/.test(text);
  return undecided ? undefined : 'text';
}

function tagKind(text: string): BodyKind {
  return text.startsWith('<think>') ? 'text' : 'html';
}
