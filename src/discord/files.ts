/** Loads pictures that people sent, from Discord's own servers only. */
import type { APIMessage } from 'discord.js';
import { request } from 'undici';
import { type Attachment, EaselError, type Network } from '../core/index.ts';
import { findUrl, readHandle } from './pictures.ts';
import type { Rest } from './rest.ts';

export interface FilesOptions {
  rest: Rest;
  network: Network;
  apiRoot: string;
}

export interface LoadOptions {
  maxBytes: number;
  signal: AbortSignal;
}

/** The CDN, its resizer, and the proxy for pictures of links. */
const HOSTS = /^(?:cdn\.discordapp\.com|media\.discordapp\.net|images-ext-\d\.discordapp\.net)$/;
const DISCORD_HOST = /(?:^|\.)discord\.com$/;
/** Silence on a download for longer than this is a dead connection. */
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Fetches an attachment; when its address has expired, finds the new one in its message.
 * @throws EaselError `attachment-gone`, `attachment-too-large`, `cancelled`
 */
export async function loadFile(
  { id, bytes = 0 }: Attachment,
  limits: LoadOptions,
  options: FilesOptions,
): Promise<Uint8Array> {
  if (bytes > limits.maxBytes) throw new EaselError('attachment-too-large');
  try {
    const handle = readHandle(id);
    if (handle === undefined) throw new EaselError('attachment-gone');
    const found = hasExpired(handle.url) ? undefined : await download(handle.url, limits, options);
    if (found !== undefined) return found;
    const { channelId, messageId } = handle.message ?? gone();
    const message = await options.rest.get<APIMessage>(
      `/channels/${channelId}/messages/${messageId}`,
    );
    const url = findUrl(message, handle.key) ?? gone();
    return (await download(url, limits, options)) ?? gone();
  } catch (error) {
    if (limits.signal.aborted) throw new EaselError('cancelled');
    throw error instanceof EaselError ? error : new EaselError('attachment-gone');
  }
}

function gone(): never {
  throw new EaselError('attachment-gone');
}

/** `ex` holds the end of an address's life: Unix seconds, hexadecimal. */
function hasExpired(url: string): boolean {
  const end = new URL(url).searchParams.get('ex');
  return end !== null && Number.parseInt(end, 16) * 1000 <= Date.now();
}

/** Undefined when it is not there, or not any more. */
async function download(
  address: string,
  { maxBytes, signal }: LoadOptions,
  { network, apiRoot }: FilesOptions,
): Promise<Uint8Array | undefined> {
  const url = new URL(address);
  if (!isDiscords(url, new URL(apiRoot))) return undefined;
  // `request` follows no redirect.
  const { statusCode, headers, body } = await request(url, {
    dispatcher: network.shared(url),
    headersTimeout: IDLE_TIMEOUT_MS,
    bodyTimeout: IDLE_TIMEOUT_MS,
    signal,
  });
  const isTooLarge = Number(headers['content-length'] ?? 0) > maxBytes;
  if (statusCode !== 200 || isTooLarge) {
    body.on('error', () => {}).destroy();
    if (statusCode !== 200) return undefined;
    throw new EaselError('attachment-too-large');
  }
  return collect(body, maxBytes);
}

/** With an API of the operator's own, its machine serves the files too. */
function isDiscords(url: URL, apiRoot: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' && url.port === '' && HOSTS.test(url.hostname)) return true;
  return url.hostname === apiRoot.hostname && !DISCORD_HOST.test(apiRoot.hostname);
}

async function collect(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    if (total > maxBytes) throw new EaselError('attachment-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}
