/** `GET /v1/models`: what a gateway offers, for people who choose. */
import { request } from 'undici';
import { EaselError, type ErrorCode } from '../errors.ts';
import type { Network } from '../net/network.ts';
import { isFields, listOf, own, readJson, stringOf } from '../wire/json.ts';
import { decompress } from './decompress.ts';
import { joinEndpoint, type ProviderSettings } from './presets.ts';

const CACHE_MS = 600_000;
const TIMEOUT_MS = 15_000;
/** Relays list hundreds of models, some with long descriptions. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Free of charge, so a failure is only told, and asked again at the next call. `now` in ms, for tests. */
export function createModelList(
  settings: ProviderSettings,
  network: Network,
  headers: () => Record<string, string>,
  now: () => number = Date.now,
): (signal: AbortSignal) => Promise<string[]> {
  let known: { models: string[]; until: number } | undefined;
  return async (signal) => {
    if (known !== undefined && now() < known.until) return known.models;
    try {
      const models = await load(settings, network, headers(), signal);
      known = { models, until: now() + CACHE_MS };
      return models;
    } catch (thrown) {
      const error = toModelsError(thrown, signal);
      error.provider = settings.name;
      throw error;
    }
  };
}

async function load(
  { baseUrl, dialect }: ProviderSettings,
  network: Network,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string[]> {
  // Google gives 50 a page unless asked; 1000 is its limit (Gemini API reference, `models.list`).
  const path = dialect === 'gemini' ? '/v1beta/models?pageSize=1000' : '/v1/models';
  const url = new URL(joinEndpoint(baseUrl, path));
  const response = await request(url, {
    dispatcher: network.shared(url),
    headers,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (response.statusCode !== 200) {
    await response.body.dump();
    const { statusCode: status } = response;
    throw new EaselError(codeOf(status), { status, subject: 'models' });
  }
  const body = decompress(response.body, response.headers['content-encoding']);
  const models = readModels(await readText(body));
  if (models.length === 0) throw new EaselError('malformed-answer', { subject: 'models' });
  return models;
}

function codeOf(status: number): ErrorCode {
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 401 || status === 403) return 'auth';
  return status < 500 ? 'bad-config' : 'server-error';
}

function toModelsError(thrown: unknown, signal: AbortSignal): EaselError {
  if (signal.aborted) return new EaselError('cancelled');
  if (thrown instanceof EaselError) return thrown;
  return new EaselError('unreachable', { subject: 'models', cause: thrown });
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new EaselError('answer-too-large', { subject: 'models' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** OpenAI's `{data: [{id}]}` or Google's `{models: [{name: "models/…"}]}`; nothing for anything else. */
function readModels(text: string): string[] {
  const [body] = readJson(text).values;
  if (!isFields(body)) return [];
  const entries = [...listOf(own(body, 'data')), ...listOf(own(body, 'models'))];
  return [...new Set(entries.map(idOf))].filter((id) => id !== '');
}

function idOf(entry: unknown): string {
  const id = isFields(entry) ? own(entry, 'id', 'name') : entry;
  return (stringOf(id) ?? '').replace(/^models\//, '');
}
