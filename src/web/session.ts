/** Who sits before the studio: a random name in a cookie. */
import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Person } from '../core/index.ts';
import { idOf } from './target.ts';

const COOKIE = 'easel_session';
const SESSION = /^[\w-]{24}$/;
/** The most that browsers keep a cookie. */
const MAX_AGE_S = 400 * 86_400;

/** Undefined for who has none, or a name that is none of ours. */
export function readSession(context: Context): string | undefined {
  const session = getCookie(context, COOKIE);
  return session !== undefined && SESSION.test(session) ? session : undefined;
}

/** Gives the visitor a name, or lets them keep theirs for longer. */
export function renewSession(context: Context): string {
  const session = readSession(context) ?? randomBytes(18).toString('base64url');
  setCookie(context, COOKIE, session, { httpOnly: true, sameSite: 'Strict', maxAge: MAX_AGE_S });
  return session;
}

/** With the first language that their browser asks for. */
export function personOf(session: string, context: Context): Person {
  const [language] =
    /^[a-z]{2,3}(?:-[a-z0-9]+)*/i.exec(context.req.header('accept-language') ?? '') ?? [];
  return { id: idOf(session), ...(language !== undefined && { language }) };
}
