/** The HTTP side: Telegram's webhook, and whether the process lives. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { EaselError } from '../core/index.ts';

export interface WebServerOptions {
  host: string;
  /** 0 picks one. */
  port: number;
  /** Answers at the path of `TELEGRAM_WEBHOOK_URL`. */
  webhook: { path: string; handle: (request: Request) => Promise<Response> };
}

export interface WebServer {
  port: number;
  close(): Promise<void>;
}

/** @throws EaselError `bad-config` when the address cannot be had */
export function startWebServer({ host, port, webhook }: WebServerOptions): Promise<WebServer> {
  const app = new Hono();
  app.get('/healthz', (context) => context.text('ok'));
  app.all(webhook.path, (context) => webhook.handle(context.req.raw));
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) =>
      resolve({
        port: info.port,
        close: () => new Promise((closed) => server.close(() => closed())),
      }),
    );
    server.on('error', (cause) =>
      reject(new EaselError('bad-config', { subject: 'HTTP_HOST or HTTP_PORT', cause })),
    );
  });
}
