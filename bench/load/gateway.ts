/**
 * The gateway of the load, a process of its own. It paints nothing: thoughts and keep-alives, then one prepared picture,
 * in the time that the prompt says. Tells its port and its stamps to the process that forked it, and ends with it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from './clock.ts';
import { createAnswer } from './picture.ts';
import { readPrompt, stamp } from './stamps.ts';

const KEEP_ALIVE_MS = 1_000;
/** Every so many keep-alives there is a thought, which moves the status message. */
const THOUGHT_EVERY = 3;
const IMAGE_END = '"}}]},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

const picture = await createAnswer();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { id, thinkMs, sendMs } = readPrompt(await text(request));
  stamp(id, 'asked');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await think(response, thinkMs);
  response.write(
    `data: {"choices":[{"index":0,"delta":{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,${picture.head(id)}`,
  );
  await send(response, sendMs);
  await new Promise<void>((resolve) => response.end(IMAGE_END, resolve));
  stamp(id, 'answered');
}

async function think(response: ServerResponse, thinkMs: number): Promise<void> {
  const endsAt = now() + thinkMs;
  for (let count = 1; now() < endsAt; count += 1) {
    response.write(count % THOUGHT_EVERY === 0 ? thought(count) : ': keep-alive\n\n');
    await sleep(Math.min(KEEP_ALIVE_MS, Math.max(0, endsAt - now())));
  }
}

function thought(count: number): string {
  const delta = { reasoning_content: `**Painting layer ${count}**\n\nA little more light.\n\n` };
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
}

async function send(response: ServerResponse, sendMs: number): Promise<void> {
  const begunAt = now();
  for (const [index, piece] of picture.pieces.entries()) {
    const dueAt = begunAt + (sendMs * (index + 1)) / picture.pieces.length;
    if (dueAt > now()) await sleep(dueAt - now());
    if (!response.write(piece)) await once(response, 'drain');
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit());
