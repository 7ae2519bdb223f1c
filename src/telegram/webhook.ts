/** Takes updates that Telegram posts: fetch-style, so that any HTTP server can mount it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Update } from 'grammy/types';
import { within } from './pause.ts';
import type { Updates } from './updates.ts';

export interface WebhookOptions {
  secret: string;
  /** Undefined until the bot has signed in. */
  updates: () => Updates | undefined;
}

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
/** An update holds words and ids, no files: some ten kilobytes at most. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Telegram sends a chat's next update after this answer: what hangs may hold it up for so long, and no longer. */
const HEARING_MS = 5000;

/**
 * Answers 200 when the update was heard, and so is sure to outlive a crash, or after 5 s; 405, 401, 413 or 400 for
 * what Telegram did not send, and 503 before the start, whereupon Telegram tries again.
 */
export function createWebhook({ secret, updates }: WebhookOptions) {
  return async function handleWebhook(request: Request): Promise<Response> {
    if (request.method !== 'POST') return reply(405);
    if (!isSame(request.headers.get(SECRET_HEADER) ?? '', secret)) return reply(401);
    const body = await readBody(request);
    if (body === undefined) return reply(413);
    const update = parseUpdate(body);
    if (update === undefined) return reply(400);
    const hearing = updates()?.take(update);
    if (hearing === undefined) return reply(503);
    if (!isAlbumPart(update)) await within(hearing, HEARING_MS);
    return reply(200);
  };
}

/** Its album is not heard before the next part is here, which Telegram sends after the answer to this one. */
function isAlbumPart({ message, channel_post: post }: Update): boolean {
  return (message ?? post)?.media_group_id !== undefined;
}

function reply(status: number): Response {
  return new Response(null, { status });
}

/** Takes the same time whatever the difference; the hashes make both sides equally long. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [given, secret].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

async function readBody(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseUpdate(body: string): Update | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isUpdate(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The sender proved itself by the secret, so the rest is as Telegram documents it. */
function isUpdate(value: unknown): value is Update {
  return typeof value === 'object' && value !== null && 'update_id' in value;
}
