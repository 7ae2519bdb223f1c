/** What every answer of a page says to the browser: trust nothing but this server, and tell nobody of it. */
import type { MiddlewareHandler } from 'hono';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Afterwards: answers that are made as a whole would not have what was set before them. */
export const addPageHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
};

/** Only a page of this server may change anything; a request that cannot say where it comes from may not. */
export const refuseForeign: MiddlewareHandler = async (context, next) => {
  const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
  if (isRead || isOwn(context.req.raw.headers)) return next();
  return context.text('This request comes from another page.\n', 403);
};

/** Over plain HTTP to another machine browsers send no `Sec-Fetch-Site`. */
function isOwn(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin') ?? '';
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}
