import type { IncomingMessage } from 'node:http';
import { answerAsk } from './answer.ts';
import { parseContent, readBody } from './body.ts';
import type { Files } from './files.ts';
import { renderModels } from './models.ts';
import { jsonReply } from './reply.ts';
import { findRoute, type Route } from './routes.ts';
import { BadAsk, type ProblemKind, type Reply } from './types.ts';

/** One request as the gateway received it. Headers hold the caller's key: keep an entry in memory only. */
export interface JournalEntry {
  /** Milliseconds since 1970. */
  time: number;
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON; for multipart `{fields, files: [{field, name, type, bytes}]}`; null when empty or not readable. */
  body: unknown;
  /** Bytes of the body; 0 for one over the limit, which is not kept. */
  bytes: number;
}

export interface HandleOptions {
  files: Files;
  journal: (entry: JournalEntry) => void;
  origin: string;
}

/** A body as far as it could be taken in. */
type Body = { value: unknown } | { problem: ProblemKind; detail?: string };

/** Takes one request in, writes it into the journal, and finds the answer. */
export async function handleRequest(
  request: IncomingMessage,
  options: HandleOptions,
): Promise<Reply> {
  const { method = 'GET', headers } = request;
  const url = new URL(request.url ?? '/', options.origin);
  const bytes = await readBody(request);
  const body = await takeBody(bytes, headers['content-type'] ?? '');
  options.journal({
    time: Date.now(),
    method,
    path: url.pathname + url.search,
    headers,
    body: 'value' in body ? body.value : null,
    bytes: bytes?.length ?? 0,
  });
  const file = method === 'GET' ? options.files.find(url.pathname) : undefined;
  if (file !== undefined) return file;
  const route = findRoute(method, url.pathname);
  if (!hasKey(request)) return refuse(route, 'no-key');
  return answerRoute(route, { body, url, options });
}

async function takeBody(bytes: Buffer | undefined, contentType: string): Promise<Body> {
  if (bytes === undefined) return { problem: 'too-large' };
  try {
    return { value: await parseContent(bytes, contentType) };
  } catch (error) {
    if (!(error instanceof BadAsk)) throw error;
    return { problem: 'bad-request', detail: error.message };
  }
}

/** Any key will do, but there has to be one. */
function hasKey({ headers }: IncomingMessage): boolean {
  const google = headers['x-goog-api-key'];
  return (
    /^Bearer +\S/i.test(headers.authorization ?? '') ||
    (typeof google === 'string' && google !== '')
  );
}

async function answerRoute(
  route: Route,
  { body, url, options }: { body: Body; url: URL; options: HandleOptions },
): Promise<Reply> {
  if (route.type === 'models') return renderModels(route.gateway, route.native);
  if (route.type === 'none') return refuse(route, 'not-found');
  if ('problem' in body) return refuse(route, body.problem, body.detail);
  const { endpoint, stream, model } = route;
  const input = {
    body: body.value,
    stream,
    query: url.searchParams,
    ...(model === undefined ? {} : { model }),
  };
  const publish = (picture: Parameters<Files['add']>[0]): string =>
    options.origin + options.files.add(picture);
  try {
    return await answerAsk(endpoint, input, { publish });
  } catch (error) {
    if (!(error instanceof BadAsk)) throw error;
    return refuse(route, 'bad-request', error.message);
  }
}

/** In the words of the endpoint's family, or of its gateway where there is no endpoint. */
function refuse(route: Route, kind: ProblemKind, detail?: string): Reply {
  const problem = route.type === 'endpoint' ? route.endpoint.problem : route.gateway.problem;
  return problem(kind, detail) ?? jsonReply('{}', 500);
}
