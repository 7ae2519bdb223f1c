/** How Easel talks to the Bot API: grammY's calls over undici. */
import { Api, type ApiClientOptions } from 'grammy';
import { type BodyInit, fetch } from 'undici';
import type { Network } from '../core/index.ts';

export interface ClientOptions {
  token: string;
  apiRoot: string;
  network: Network;
}

/** grammY types signals as its polyfill's, and takes any. */
export type GrammySignal = Parameters<Api['getFile']>[1];

/** Seconds that Telegram may hold a `getUpdates` open; its own limit is 50 (Client.h of the Bot API server). */
export const POLL_SECONDS = 30;
/** A call without files answers at once, a poll after `POLL_SECONDS`; silence beyond that is a dead connection. */
const SMALL_CALL_TIMEOUT_MS = (POLL_SECONDS + 15) * 1000;

/** What grammY hands to `client.fetch`; its signal is a polyfill's, which undici refuses. */
interface CallInit {
  method?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal;
}

/** The calls of one bot, each tried once: every request by undici through `network`, bodies streamed, redirects refused. */
export function createApi({ token, apiRoot, network }: ClientOptions): Api {
  const viaNetwork = (url: string, { method, headers, body, signal }: CallInit) =>
    fetch(url, {
      method: method ?? 'GET',
      headers: headers ?? {},
      body: body ?? null,
      duplex: 'half',
      redirect: 'error',
      dispatcher: network.shared(new URL(url)),
      signal: toNativeSignal(signal, typeof body === 'string'),
    });
  // grammY types `fetch` as node-fetch's, whose Response and signal are other classes of the same shape.
  return new Api(token, {
    apiRoot,
    fetch: viaNetwork as unknown as NonNullable<ApiClientOptions['fetch']>,
  });
}

function toNativeSignal(signal: AbortSignal | undefined, small: boolean): AbortSignal {
  const controller = new AbortController();
  if (signal?.aborted) controller.abort();
  signal?.addEventListener('abort', () => controller.abort(), { once: true });
  if (!small) return controller.signal;
  return AbortSignal.any([controller.signal, AbortSignal.timeout(SMALL_CALL_TIMEOUT_MS)]);
}
