/** How Easel talks to the Bot API: grammY's calls over undici, and which failed calls are repeated. */
import { autoRetry } from '@grammyjs/auto-retry';
import { Api, type ApiClientOptions, GrammyError, HttpError, type Transformer } from 'grammy';
import { type BodyInit, fetch } from 'undici';
import { EaselError, type Network } from '../core/index.ts';

export interface ClientOptions {
  token: string;
  apiRoot: string;
  network: Network;
}

/** Seconds that Telegram may hold a `getUpdates` open; its own limit is 50 (Client.h of the Bot API server). */
export const POLL_SECONDS = 30;
/** A call without files answers at once, a poll after `POLL_SECONDS`; silence beyond that is a dead connection. */
const SMALL_CALL_TIMEOUT_MS = (POLL_SECONDS + 15) * 1000;
const REPEAT_DELAYS_MS = [250, 1000, 4000];
/** undici and system codes of a connection that never stood, so that nothing can have arrived. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What grammY hands to `client.fetch`; its signal is a polyfill's, which undici refuses. */
interface CallInit {
  method?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal;
}

/** grammY's client settings: every request by undici through `network`, bodies streamed, redirects refused. */
export function createClientOptions({ apiRoot, network }: ClientOptions): ApiClientOptions {
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
  return { apiRoot, fetch: viaNetwork as unknown as NonNullable<ApiClientOptions['fetch']> };
}

function toNativeSignal(signal: AbortSignal | undefined, small: boolean): AbortSignal {
  const controller = new AbortController();
  if (signal?.aborted) controller.abort();
  signal?.addEventListener('abort', () => controller.abort(), { once: true });
  if (!small) return controller.signal;
  return AbortSignal.any([controller.signal, AbortSignal.timeout(SMALL_CALL_TIMEOUT_MS)]);
}

/**
 * Calls are repeated at most three times, and only where that cannot show a message twice: after 429 (refused before
 * work, waits up to 60 s), after a connection that never stood, and, for calls that only read or replace, after any
 * network failure. A `send…` whose answer was lost, or that got a 5xx, may have been delivered: it is not repeated.
 */
export function withRepeats(api: Api): void {
  api.config.use(
    repeatAfterNetworkFailure,
    autoRetry({
      maxRetryAttempts: 3,
      maxDelaySeconds: 60,
      // Both loops of auto-retry know no limit on attempts or fit no send; the transformer above does it instead.
      rethrowHttpErrors: true,
      rethrowInternalServerErrors: true,
    }),
    followMigration,
  );
}

/** An API for what is worth one attempt only: a status edit that comes late is worth nothing. */
export function createImpatientApi(options: ClientOptions): Api {
  const api = new Api(options.token, createClientOptions(options));
  api.config.use(followMigration);
  return api;
}

const repeatAfterNetworkFailure: Transformer = async (prev, method, payload, signal) => {
  for (const delayMs of REPEAT_DELAYS_MS) {
    try {
      return await prev(method, payload, signal);
    } catch (error) {
      const harmless = isUnsent(error) || !method.startsWith('send');
      // The runner repeats its polls itself.
      if (signal?.aborted || !harmless || method === 'getUpdates') throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return prev(method, payload, signal);
};

/** A group that became a supergroup answers with its new id; the call follows it once. */
const followMigration: Transformer = async (prev, method, payload, signal) => {
  const answer = await prev(method, payload, signal);
  const movedTo = answer.ok ? undefined : answer.parameters?.migrate_to_chat_id;
  return movedTo === undefined ? answer : prev(method, { ...payload, chat_id: movedTo }, signal);
};

function isUnsent(error: unknown): boolean {
  const code = networkCode(error);
  return code !== undefined && UNSENT.has(code);
}

/** The code of a network failure. Only the code: messages below an `HttpError` hold the URL, and so the token. */
function networkCode(error: unknown): string | undefined {
  let inner: unknown = error instanceof HttpError ? error.error : error;
  while (inner instanceof Error) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    inner = inner.cause;
  }
  return undefined;
}

/** Fields for the log: codes alone, since texts may hold the token or what people wrote. */
export function failureFields(error: unknown): { error: string; method?: string; code?: string } {
  if (error instanceof GrammyError) {
    return { error: `HTTP ${error.error_code}`, method: error.method };
  }
  if (error instanceof EaselError) return { error: error.message };
  const code = networkCode(error);
  return { error: error instanceof Error ? error.name : 'unknown', ...(code && { code }) };
}

/** A call that failed for good. Without a cause: grammY's errors carry the token (nested) and the words of people. */
export function toDeliveryError(error: unknown): EaselError {
  if (error instanceof EaselError) return error;
  const status = error instanceof GrammyError ? { status: error.error_code } : {};
  return new EaselError('delivery-failed', status);
}
