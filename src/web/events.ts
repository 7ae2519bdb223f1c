/** The chat as server-sent events: all of it at first, then what changes. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { Chat, Chats } from './chats.ts';
import { readSession } from './session.ts';

/** Proxies and browsers take a silent connection for a dead one after 30 s or more. */
const HEARTBEAT_MS = 15_000;
/** Events that a browser may be behind; then it has to begin anew, which costs less. */
const MAX_BEHIND = 200;

/** `/api/events`: `all` with every message, then `change`s. A browser that has missed nothing gets no `all`. */
export function eventRoutes({ chats }: { chats: Pick<Chats, 'open'> }): Hono {
  const routes = new Hono();
  // Versions count within one process.
  const start = randomBytes(6).toString('base64url');

  routes.get('/api/events', async (context) => {
    const session = readSession(context);
    if (session === undefined) return context.text('No session.\n', 401);
    const chat = await chats.open(session);
    const lastId = context.req.header('last-event-id');
    return new Response(streamOf(chat, { start, lastId }), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    });
  });

  return routes;
}

function streamOf(
  chat: Chat,
  { start, lastId }: { start: string; lastId: string | undefined },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const idNow = () => `${start}-${chat.version()}`;
  let stop = () => {};
  return new ReadableStream({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const send = (type: string, data: object) =>
        write(`id: ${idNow()}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      write('retry: 1000\n\n');
      if (lastId !== idNow()) send('all', chat.messages());
      const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS);
      const unwatch = chat.watch((change) => {
        send('change', change);
        if ((controller.desiredSize ?? 0) > -MAX_BEHIND) return;
        stop();
        controller.close();
      });
      stop = () => {
        clearInterval(heartbeat);
        unwatch();
      };
    },
    cancel: () => stop(),
  });
}
