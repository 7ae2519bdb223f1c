import type { IncomingMessage, ServerResponse } from 'node:http';
import { DiscordFailure } from './discord-failure.ts';
import type { DiscordFiles } from './discord-files.ts';
import { type DiscordUpload, readBody, type Values } from './discord-multipart.ts';
import { type createRest, matchRoute } from './discord-rest.ts';

/** A REST call of the bot; `status` and `answer` are set once it was answered. */
export interface DiscordCall {
  method: string;
  /** Path below `/v10`, decoded, without the query. */
  route: string;
  query: Record<string, string>;
  /** JSON of the body, or of `payload_json`. */
  body: Values;
  files: DiscordUpload[];
  /** Whether the bot's token came with it. */
  isAuthorized: boolean;
  status?: number;
  answer?: unknown;
}

/** How the next call goes instead. */
export type DiscordOutcome =
  /** An error of the API by its code, with its usual status: 50013, 10008, 40005… */
  | number
  | { code: number; status: number; message: string }
  /** 429; `global` for the limit of the whole bot. */
  | { retryAfterSeconds: number; global?: boolean; scope?: 'user' | 'global' | 'shared' }
  /** A page of something in between (502 and the like), or a redirect to `location`. */
  | { status: number; html: string; location?: string }
  /** The connection breaks before the call had an effect. */
  | 'reset'
  /** The call has its effect, and the connection breaks before the answer. */
  | 'reset-after'
  /** No answer, until the bot gives up; without and with the effect. */
  | 'hang'
  | 'hang-after';

/** A download from the CDN. */
export interface DiscordDownload {
  /** Path and query. */
  path: string;
  /** What the bot sent along and must not. */
  authorization: string | undefined;
}

interface HttpSetup {
  token: string;
  find: ReturnType<typeof createRest>;
  files: DiscordFiles;
  /** Called after every arrival and every answer. */
  changed: () => void;
}

type Script = { pattern: string; outcomes: DiscordOutcome[] };

/** REST and CDN as handlers of HTTP requests, with what was asked and what is to go wrong. */
export function createHttp({ token, find, files, changed }: HttpSetup) {
  const journal: DiscordCall[] = [];
  const downloads: DiscordDownload[] = [];
  const scripts: Script[] = [];

  function next(method: string, route: string): DiscordOutcome | undefined {
    return scripts
      .find(({ pattern, outcomes }) => outcomes.length > 0 && matches(pattern, method, route))
      ?.outcomes.shift();
  }

  async function perform(call: DiscordCall): Promise<unknown> {
    const found = find(call.method, call.route);
    if (found === undefined) {
      throw new DiscordFailure(0, { status: 404, message: '404: Not Found' });
    }
    if (found.needsToken && !call.isAuthorized) throw new DiscordFailure(0);
    return found.perform(call);
  }

  /** Gives false when the connection ends or hangs instead of an answer. */
  async function settle(call: DiscordCall, response: ServerResponse): Promise<void> {
    const outcome = next(call.method, call.route);
    if (outcome === 'hang') return;
    if (outcome === 'reset') {
      response.destroy();
      return;
    }
    if (typeof outcome === 'object' && 'html' in outcome) {
      call.status = outcome.status;
      return page(response, outcome);
    }
    if (typeof outcome === 'object' && 'retryAfterSeconds' in outcome) {
      call.status = 429;
      return limit(response, outcome);
    }
    const { status, answer } = await toAnswer(() => {
      if (typeof outcome === 'number') throw new DiscordFailure(outcome);
      if (typeof outcome === 'object') throw new DiscordFailure(outcome.code, outcome);
      return perform(call);
    });
    Object.assign(call, { status, answer });
    if (outcome === 'hang-after') return;
    if (outcome === 'reset-after') response.destroy();
    else json(response, status, answer);
  }

  return {
    journal,
    downloads,
    script(pattern: string, ...outcomes: DiscordOutcome[]) {
      scripts.push({ pattern, outcomes });
    },
    async rest(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const bytes = await collect(request).catch(() => undefined);
      if (bytes === undefined) return;
      const url = new URL(request.url ?? '/', 'http://rest');
      const { authorization } = request.headers;
      const call: DiscordCall = {
        method: request.method ?? '',
        route: decodeURIComponent(url.pathname).replace(/^\/api\/v10(?=\/)/, ''),
        query: Object.fromEntries(url.searchParams),
        body: {},
        files: [],
        isAuthorized: authorization === `Bot ${token}`,
      };
      journal.push(call);
      try {
        Object.assign(call, readBody(bytes, request.headers['content-type'] ?? ''));
      } catch (error) {
        const { status, answer } = await toAnswer(() => Promise.reject(error));
        Object.assign(call, { status, answer });
        return json(response, status, answer);
      }
      changed();
      await settle(call, response);
      changed();
    },
    async cdn(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const path = request.url ?? '/';
      downloads.push({ path, authorization: request.headers.authorization });
      changed();
      const outcome = next('GET', path.replace(/\?.*/s, '').replace(/^\/media/, ''));
      const file = files.find(path);
      if (outcome === 'hang' || outcome === 'hang-after') return;
      if (outcome === 'reset') response.destroy();
      else if (outcome === 'reset-after') cutShort(response, file?.bytes);
      else if (typeof outcome === 'object' && 'html' in outcome) page(response, outcome);
      else if (file === undefined)
        response.writeHead(404).end('This content is no longer available.');
      else response.writeHead(200, { 'content-length': file.bytes.length }).end(file.bytes);
    },
    calls: (pattern: string) =>
      journal.filter(({ method, route }) => matches(pattern, method, route)),
  };
}

function matches(pattern: string, method: string, route: string): boolean {
  const [verb, path = ''] = pattern.split(' ');
  return verb === method && matchRoute(path, route) !== undefined;
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function toAnswer(
  perform: () => Promise<unknown>,
): Promise<{ status: number; answer: unknown }> {
  try {
    const answer = await perform();
    return { status: answer === undefined ? 204 : 200, answer };
  } catch (error) {
    const failure =
      error instanceof DiscordFailure
        ? error
        : new DiscordFailure(0, { status: 500, message: `the fake failed: ${error}` });
    const { status, code, message, errors } = failure;
    return { status, answer: { message, code, ...(errors && { errors }) } };
  }
}

function json(response: ServerResponse, status: number, answer: unknown): void {
  if (status === 204) return void response.writeHead(204).end();
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function page(
  response: ServerResponse,
  { status, html, location }: { status: number; html: string; location?: string },
): void {
  const headers = { 'content-type': 'text/html', ...(location && { location }) };
  response.writeHead(status, headers).end(html);
}

function limit(
  response: ServerResponse,
  {
    retryAfterSeconds,
    global = false,
    scope,
  }: { retryAfterSeconds: number; global?: boolean; scope?: string },
): void {
  const headers = {
    'content-type': 'application/json',
    // Discord rounds up to whole seconds; tests have no time for that.
    'retry-after': String(retryAfterSeconds),
    'x-ratelimit-scope': scope ?? (global ? 'global' : 'user'),
    ...(global && { 'x-ratelimit-global': 'true' }),
  };
  const body = { message: 'You are being rate limited.', retry_after: retryAfterSeconds, global };
  response.writeHead(429, headers).end(JSON.stringify(body));
}

/** Half of the bytes, and then nothing. */
function cutShort(response: ServerResponse, bytes: Buffer = Buffer.alloc(0)): void {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
