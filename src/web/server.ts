/** The HTTP side: whether the process lives, the webhook, and whatever else is served. */
import { type ServerType, serve } from '@hono/node-server';
import { type ErrorHandler, Hono, type MiddlewareHandler } from 'hono';
import { EaselError, type Logger } from '../core/index.ts';
import { onlyRead } from './only-read.ts';

export interface WebServerOptions {
  host: string;
  /** 0 picks one. */
  port: number;
  /** Answers at the path of `TELEGRAM_WEBHOOK_URL`. */
  webhook?: { path: string; handle: (request: Request) => Promise<Response> };
  /** Pages, each with a guard of its own where it needs one. */
  routes?: readonly Hono[];
  logger: Logger;
}

export interface WebServer {
  port: number;
  close(): Promise<void>;
}

/** @throws EaselError `bad-config` when the address cannot be had */
export function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host, port, webhook, routes = [], logger } = options;
  const app = new Hono();
  app.use(dropUnread);
  app.onError(answerFailure(logger));
  onlyRead(app, '/healthz', (context) => context.text('ok'));
  if (webhook !== undefined) app.all(webhook.path, (context) => webhook.handle(context.req.raw));
  for (const pages of routes) app.route('/', pages);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) =>
      resolve({
        port: info.port,
        close: () => closeServer(server),
      }),
    );
    server.on('error', (cause) =>
      reject(new EaselError('bad-config', { subject: 'HTTP_HOST or HTTP_PORT', cause })),
    );
  });
}

/** Nobody reads the body of an answer to HEAD: what it holds open would stay open. */
const dropUnread: MiddlewareHandler = async (context, next) => {
  await next();
  if (context.req.method === 'HEAD') await context.res.body?.cancel();
};

function answerFailure(logger: Logger): ErrorHandler {
  return (error, context) => {
    const { raw, path } = context.req;
    // Whoever leaves in the middle of an upload is no fault of ours.
    logger[raw.signal.aborted ? 'debug' : 'error']({ error, path }, 'a request failed');
    return context.text('Something went wrong on my side.\n', 500);
  };
}

/** Updates are answered at once: who is not done by now must not hold up the jobs that wait to be ended. */
const CLOSE_MS = 1_000;

async function closeServer(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const timer = setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
  }, CLOSE_MS);
  await closed;
  clearTimeout(timer);
}
