/** Loads pictures that people sent. File addresses hold the bot's token: they never leave this file. */
import { open } from 'node:fs/promises';
import { isAbsolute, normalize, sep } from 'node:path';
import { type Api, GrammyError } from 'grammy';
import { request } from 'undici';
import { type Attachment, EaselError } from '../core/index.ts';
import type { ClientOptions, GrammySignal } from './client.ts';

export interface LoadOptions {
  maxBytes: number;
  signal: AbortSignal;
}

/** Silence on a download for longer than this is a dead connection. */
const IDLE_TIMEOUT_MS = 30_000;
const MAX_PATH_LENGTH = 255;

/**
 * Fetches an attachment by its `file_id`, at most `maxBytes`, from the Bot API server that `apiRoot` names, or, when
 * a server in local mode gives a path in this bot's own directory, from disk.
 * @throws EaselError `attachment-gone`, `attachment-too-large`, `cancelled`
 */
export async function loadFile(
  api: Api,
  attachment: Attachment,
  { maxBytes, signal, ...client }: LoadOptions & ClientOptions,
): Promise<Uint8Array> {
  if ((attachment.bytes ?? 0) > maxBytes) throw new EaselError('attachment-too-large');
  try {
    const { file_path: path = '' } = await api.getFile(attachment.id, signal as GrammySignal);
    if (isOwnLocalPath(path, client.token)) return await readLocal(path, { maxBytes, signal });
    if (!isSafePath(path)) throw new EaselError('attachment-gone');
    return await download(path, { maxBytes, signal, ...client });
  } catch (error) {
    if (signal.aborted) throw new EaselError('cancelled');
    throw toLoadError(error);
  }
}

/** Without a cause, which could name the address. */
function toLoadError(error: unknown): EaselError {
  if (error instanceof EaselError) return error;
  if (!(error instanceof GrammyError)) return new EaselError('attachment-gone');
  const isTooBig = error.description.includes('file is too big');
  const code = isTooBig ? 'attachment-too-large' : 'attachment-gone';
  return new EaselError(code, { status: error.error_code });
}

/** Names in folders, in letters that mean the same in every encoding: nothing leads out of the bot's own folder. */
function isSafePath(path: string): boolean {
  const names = path.split('/');
  const isPlain = names.every((name) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name));
  return isPlain && path.length <= MAX_PATH_LENGTH;
}

function isOwnLocalPath(path: string, token: string): boolean {
  return isAbsolute(path) && normalize(path) === path && path.includes(`${sep}${token}${sep}`);
}

async function readLocal(path: string, options: LoadOptions): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > options.maxBytes) throw new EaselError('attachment-too-large');
    return await collect(file.createReadStream({ autoClose: false }), options.maxBytes);
  } finally {
    await file.close();
  }
}

async function download(
  path: string,
  { apiRoot, token, network, maxBytes, signal }: LoadOptions & ClientOptions,
): Promise<Uint8Array> {
  const url = new URL(`${apiRoot}/file/bot${token}/${path}`);
  // `request` follows no redirect.
  const { statusCode, headers, body } = await request(url, {
    dispatcher: network.shared(url),
    headersTimeout: IDLE_TIMEOUT_MS,
    bodyTimeout: IDLE_TIMEOUT_MS,
    signal,
  });
  try {
    if (statusCode !== 200) throw new EaselError('attachment-gone', { status: statusCode });
    if (Number(headers['content-length']) > maxBytes) throw new EaselError('attachment-too-large');
    return await collect(body, maxBytes);
  } finally {
    // undici reports a body that was cut short as an error, which nobody else would hear.
    body.on('error', () => {}).destroy();
  }
}

async function collect(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new EaselError('attachment-too-large');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
