/** How Easel talks to Discord's REST: discord.js's queues and rate limits over undici. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RESTOptions } from 'discord.js';
import { type FormData, fetch } from 'undici';
import { EaselError, isUnsent, type Logger, type Network, networkCode } from '../core/index.ts';
import { loadLibrary } from './library.ts';

export type Route = `/${string}`;

export interface Call {
  /** JSON, or a form with files. */
  body?: object | FormData;
  query?: Record<string, string>;
  /** Sends no token of the bot's: the route holds an interaction's. */
  anonymous?: boolean;
}

/** What Discord answers, as JSON; rejects with what `failureOf` reads. */
export interface Rest {
  get<T>(route: Route, call?: Call): Promise<T>;
  post<T>(route: Route, call?: Call): Promise<T>;
  put<T>(route: Route, call?: Call): Promise<T>;
  patch<T>(route: Route, call?: Call): Promise<T>;
  delete(route: Route, call?: Call): Promise<void>;
}

export interface RestOptions {
  token: string;
  /** Without the version. */
  apiRoot: string;
  network: Network;
  logger: Logger;
}

/** JSON is answered at once; silence beyond that is a dead connection. */
const SMALL_CALL_TIMEOUT_MS = 15_000;
/** A hundred megabytes, the most that a server allows, over a slow line. */
const UPLOAD_TIMEOUT_MS = 300_000;
const REPEAT_DELAYS_MS = [250, 1000, 3000];
/** Discord bans an address after 10,000 invalid requests in ten minutes; the log tells long before. */
const WARN_EVERY_INVALID = 500;

/** Loads discord.js with the first call. */
export function createRest(options: RestOptions): Rest {
  const open = () => {
    const rest = new (loadLibrary().REST)(restSettings(options)).setToken(options.token);
    return rest.on('invalidRequestWarning', (facts) =>
      options.logger.warn(facts, 'discord: many refused requests'),
    );
  };
  let opened: ReturnType<typeof open> | undefined;

  async function send<T>(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    route: Route,
    { body, query, anonymous = false }: Call = {},
  ): Promise<T> {
    opened ??= open();
    const search = query && { query: new URLSearchParams(query) };
    const isForm = body !== undefined && 'append' in body;
    const call = { body, passThroughBody: isForm, auth: !anonymous, ...search };
    // The shape of an answer is Discord's word; what is read of it is checked where it matters.
    return (await opened[method](route, call)) as T;
  }

  return {
    get: (route, call) => send('get', route, call),
    post: (route, call) => send('post', route, call),
    put: (route, call) => send('put', route, call),
    patch: (route, call) => send('patch', route, call),
    delete: (route, call) => send('delete', route, call),
  };
}

/** For every REST client of discord.js, the gateway's as well. */
export function restSettings({ apiRoot, network }: RestOptions): Partial<RESTOptions> {
  const makeRequest = (url: string, init: Init) => sendPatiently(url, init, network);
  return {
    api: apiRoot,
    version: '10',
    timeout: UPLOAD_TIMEOUT_MS,
    invalidRequestWarningInterval: WARN_EVERY_INVALID,
    // discord.js types it by its own, older undici, whose classes are others of the same shape.
    makeRequest: makeRequest as unknown as RESTOptions['makeRequest'],
  };
}

interface Init {
  method: string;
  headers: Record<string, string>;
  body?: string | FormData | null;
  signal: AbortSignal;
}

/** Repeats, after a network failure, what had no effect or has the same effect twice. */
async function sendPatiently(url: string, init: Init, network: Network): Promise<Response> {
  for (const delayMs of REPEAT_DELAYS_MS) {
    try {
      return await sendOnce(url, init, network);
    } catch (error) {
      const isHarmless = isUnsent(networkCode(error)) || isRepeatable(url, init);
      if (init.signal.aborted || !isHarmless || isTimeout(error)) throw error;
      await sleep(delayMs);
    }
  }
  return sendOnce(url, init, network);
}

async function sendOnce(url: string, init: Init, network: Network): Promise<Response> {
  const { method, headers, body = null, signal } = init;
  const isSmall = body === null || typeof body === 'string';
  const limit = AbortSignal.timeout(isSmall ? SMALL_CALL_TIMEOUT_MS : UPLOAD_TIMEOUT_MS);
  const answer = await fetch(url, {
    method,
    headers,
    body,
    redirect: 'error',
    dispatcher: network.shared(new URL(url)),
    signal: AbortSignal.any([signal, limit]),
  });
  return answer as unknown as Response;
}

/** All but follow-ups: new messages in channels carry a nonce, which Discord takes once. */
function isRepeatable(url: string, { method }: Init): boolean {
  return method !== 'POST' || !new URL(url).pathname.includes('/webhooks/');
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** How Discord refused: HTTP status, and its own code where it gave one; both missing for a network failure. */
export interface Failure {
  status?: number;
  code?: number;
}

/** Numbers alone: errors of discord.js hold addresses with tokens, and what people wrote. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return {};
  const status = 'status' in error ? error.status : undefined;
  const code = 'code' in error ? error.code : undefined;
  return {
    ...(typeof status === 'number' && { status }),
    ...(typeof code === 'number' && { code }),
  };
}

/** Fields for the log. */
export function failureFields(error: unknown): object {
  if (error instanceof EaselError) return { error: error.message };
  const name = error instanceof Error ? error.name : 'unknown';
  const network = networkCode(error);
  return { error: name, ...failureOf(error), ...(network && { network }) };
}

/** Whether trying the same again can never help: no such place or no right to write there. */
export function isForGood({ status = 0, code }: Failure): boolean {
  const isPassing = status === 408 || status === 429 || (status === 401 && !code);
  return status >= 400 && status < 500 && !isPassing;
}
