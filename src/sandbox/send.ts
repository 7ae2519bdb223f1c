import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reply } from './types.ts';

/** Sends a reply, pausing `delayMs` before each chunk. A client that leaves ends it quietly. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  { delayMs }: { delayMs: number },
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  response.writeHead(reply.status, reply.headers);
  response.flushHeaders();
  try {
    const chunks = Readable.from(pace(reply.chunks, delayMs, left.signal));
    await pipeline(chunks, response, { end: reply.ending === undefined, signal: left.signal });
    if (reply.ending === 'cut') await breakOff(response);
  } catch (error) {
    if (!left.signal.aborted) throw error;
  }
}

async function* pace(
  chunks: Reply['chunks'],
  delayMs: number,
  signal: AbortSignal,
): AsyncGenerator<string | Uint8Array> {
  for (const chunk of chunks) {
    if (delayMs > 0) await delay(delayMs, undefined, { signal });
    if (chunk.length > 0) yield chunk;
  }
}

/** Lets what was written leave first, so that the client gets half a picture and not half of nothing. */
async function breakOff(response: ServerResponse): Promise<void> {
  await new Promise((resolve) => response.write('', resolve));
  response.socket?.destroySoon();
}
