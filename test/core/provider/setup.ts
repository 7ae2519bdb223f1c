/** What the provider tests share: answers as gateways give them, and everything that `send` needs. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayloadStore } from '../../../src/core/image/payload-store.ts';
import { createNetwork } from '../../../src/core/net/network.ts';
import type { Logger } from '../../../src/core/ports.ts';
import type { ProviderSettings } from '../../../src/core/provider/presets.ts';
import type { SendOptions } from '../../../src/core/provider/send.ts';
import type { PayloadStore, WireInput } from '../../../src/core/wire/types.ts';

export const KEY = 'sk-canary-4711';
export const WORDS = 'a fox in the canary snow';

/** Bytes that begin as a PNG; nobody here looks further. */
export const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(4_000)]);

/** Bytes that do not compress, the same every time. */
export function noise(bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let state = 1;
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    buffer[at] = state >>> 24;
  }
  return buffer;
}

export const pictureEvent = (picture: Uint8Array = PNG) =>
  `data: {"choices":[{"delta":{"images":[{"image_url":{"url":"data:image/png;base64,${Buffer.from(picture).toString('base64')}"}}]}}]}\n\n`;
const DONE = 'data: [DONE]\n\n';
export const PICTURE_ANSWER = pictureEvent() + DONE;

/** An OpenAI-like refusal. */
export const refusalBody = (message: string, code = '') =>
  JSON.stringify({ error: { message, code } });

export const INPUT: Omit<WireInput, 'model' | 'stream'> = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: WORDS }] }],
};

export const quietLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A store that keeps every payload in a file, and what is left there. */
export interface FileStore extends PayloadStore {
  left(): string[];
  remove(): void;
}

export function createFileStore(): FileStore {
  const directory = mkdtempSync(join(tmpdir(), 'easel-provider-'));
  return {
    ...createPayloadStore({ directory, memoryBytes: 0 }),
    left: () => readdirSync(directory),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

export function sendOptions(options: Partial<SendOptions> & Pick<SendOptions, 'payloads'>) {
  return {
    network: createNetwork({}),
    deadlines: { connectMs: 2_000, firstByteMs: 5_000, silenceMs: 5_000, totalMs: 10_000 },
    signal: new AbortController().signal,
    ...options,
  };
}

export function settingsFor(baseUrl: string, settings: Partial<ProviderSettings> = {}) {
  return {
    name: 'relay',
    baseUrl,
    keys: [KEY],
    model: 'painter-1',
    dialect: 'openai-chat',
    headers: {},
    style: { imagePart: 'image_url', sizing: [], modalities: false, streamUsage: false },
    stream: true,
    ...settings,
  } satisfies ProviderSettings;
}

/** All that an error could tell: itself, its facts and its causes. */
export function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error)} ${everythingOf(error.cause ?? '')}`;
}
