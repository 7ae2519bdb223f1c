import type { Reply } from './types.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const STREAM_TYPE = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

/** A JSON answer from text that is printed already. */
export function jsonReply(text: string, status = 200): Reply {
  return { status, headers: JSON_TYPE, chunks: [text] };
}

/** A stream; each chunk is one or more whole events. */
export function streamReply(chunks: string[]): Reply {
  return { status: 200, headers: STREAM_TYPE, chunks };
}

/** Prints like the seeds' pages: four spaces. */
export function printPretty(value: unknown): string {
  return JSON.stringify(value, null, 4);
}

/** Prints like the pages that lost their indentation: one member to a line, flush left. */
export function printFlush(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/^ +/gm, '');
}
