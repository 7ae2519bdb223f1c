/** Who may use pages that spend the operator's money or show their secrets: whoever sits at the machine, or holds the link. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { addPageHeaders } from './page-headers.ts';

export interface GateOptions {
  /** Where the server listens. */
  host: string;
  /** A proxy hands requests from outside to the server: its address alone then proves nothing. */
  isPublished: boolean;
}

export interface Gate {
  /** `/`, or the one-time link where that is needed; with a leading slash. */
  entrance: string;
  /** Answers 403 to everybody else. */
  guard: MiddlewareHandler;
  /** `/enter` */
  routes: Hono;
}

const COOKIE = 'easel_gate';
/** Any of them says that the request came through a proxy, from nobody knows where. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];
const CLOSED = 'Please open the link that Easel printed when it started; it works once.\n';

export function createGate({ host, isPublished }: GateOptions): Gate {
  const trustsLoopback = isLoopback(host) && !isPublished;
  const key = randomBytes(24).toString('base64url');
  const pass = randomBytes(24).toString('base64url');
  let isKeyUsed = false;

  const isLocal = ({ req, env }: Context) =>
    trustsLoopback &&
    isLoopback(hostNameOf(req.header('host') ?? '')) &&
    isLocalOrigin(req.header('origin')) &&
    // No browser speaks it, but nginx does where nobody has told it otherwise, and says nothing else of itself.
    env?.incoming?.httpVersion !== '1.0' &&
    PROXY_HEADERS.every((name) => req.header(name) === undefined);

  const routes = new Hono();
  routes.get('/enter', addPageHeaders, (context) => {
    // Whoever only looks at a link (HEAD) must not use it up.
    const isEntering = context.req.method === 'GET' && !isKeyUsed;
    if (!isEntering || !isSame(context.req.query('key') ?? '', key)) {
      return context.text(CLOSED, 403);
    }
    isKeyUsed = true;
    setCookie(context, COOKIE, pass, { httpOnly: true, sameSite: 'Strict', maxAge: YEAR_S });
    // A redirect would be the link's doing, and a strict cookie does not follow links from elsewhere; this is the page's.
    return context.html(ENTERED);
  });

  return {
    entrance: trustsLoopback ? '/' : `/enter?key=${key}`,
    routes,
    async guard(context, next) {
      const shown = getCookie(context, COOKIE) ?? '';
      if (isLocal(context) || isSame(shown, pass)) return next();
      return context.text(CLOSED, 403);
    },
  };
}

/** The pass itself ends with the process. */
const YEAR_S = 365 * 86_400;
const ENTERED =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Easel</title>';

/** In a time that tells nothing. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** The name in a Host header. */
function hostNameOf(host: string): string {
  return host.replace(/:\d+$/, '');
}

/** The page that asks, where its browser names it; a silent proxy hands that on as well. */
function isLocalOrigin(origin: string | undefined): boolean {
  return origin === undefined || (URL.canParse(origin) && isLoopback(new URL(origin).hostname));
}

/** An address or name that only ever means this machine; other names may be made to mean it (DNS rebinding). */
function isLoopback(name: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(name);
}
