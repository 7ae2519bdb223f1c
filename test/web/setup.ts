import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import {
  type Desk,
  type IncomingMessage,
  type Logger,
  type Picture,
  type Press,
  type PressAnswer,
  resolveLanguage,
} from '../../src/core/index.ts';
import type { ChatMessage } from '../../src/web/chat-message.ts';
import { createGate } from '../../src/web/gate.ts';
import { startWebServer } from '../../src/web/server.ts';
import { createStudio } from '../../src/web/studio.ts';
import { createFakeStore } from '../fakes/store.ts';

export const MAX_UPLOAD_BYTES = 50_000;

/** A desk that only notes what it gets; `answer` is what the next presses get. */
function createRecordingDesk() {
  const heard: IncomingMessage[] = [];
  const presses: Press[] = [];
  const answers: PressAnswer[] = [];
  const desk: Pick<Desk, 'hear' | 'press' | 'settings' | 'styles' | 'language'> = {
    hear: async (message) => void heard.push(message),
    async press(press) {
      presses.push(press);
      return answers.shift() ?? { type: 'note', text: 'done' };
    },
    settings: async () => [
      { label: 'Ratio', choices: [{ label: 'Auto', id: 's:r:-', isChosen: true }] },
      { label: 'Language', choices: [{ label: 'Auto', id: 's:l:-', isChosen: true }] },
    ],
    styles: async () => [{ name: 'night', label: 'Night', prompt: 'make it night' }],
    language: async ({ language }) => resolveLanguage(language, 'en'),
  };
  return { desk, heard, presses, answers };
}

export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'easel-web-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A small picture of its own colour on disk. */
export async function makePicture(directory: string, shade = 0): Promise<Picture> {
  const background = { r: shade, g: 80, b: 120 };
  const image = sharp({ create: { width: 32, height: 24, channels: 3, background } });
  const bytes = await image.png().toBuffer();
  const hash = createHash('sha256').update(bytes).digest('hex');
  const path = join(directory, `${hash}.png`);
  await writeFile(path, bytes);
  return { hash, path, mediaType: 'image/png', width: 32, height: 24, bytes: bytes.length };
}

export interface StudioParts {
  dataDir?: string;
  store?: ReturnType<typeof createFakeStore>;
  envHint?: string[];
  retentionMs?: number;
}

/** The studio on a real server, with a desk that notes what it gets. */
export async function startStudio(parts: StudioParts = {}) {
  const dataDir = parts.dataDir ?? (await makeDirectory());
  const store = parts.store ?? createFakeStore();
  const recorded = createRecordingDesk();
  const lines: string[] = [];
  const note = (fields: object, message: string) =>
    void lines.push(JSON.stringify({ ...fields, message }));
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const gate = createGate({ host: '127.0.0.1', isPublished: false });
  const studio = createStudio({
    desk: recorded.desk,
    table: store.table<ChatMessage>('web-messages'),
    retentionMs: parts.retentionMs,
    dataDir,
    pictures: { locate: (picture) => ({ ...picture, path: join(dataDir, `${picture.hash}.png`) }) },
    gate,
    maxUploadBytes: MAX_UPLOAD_BYTES,
    envHint: parts.envHint ?? [],
    logger,
  });
  const routes = [gate.routes, studio.routes];
  const server = await startWebServer({ host: '127.0.0.1', port: 0, routes, logger });
  onTestFinished(() => server.close());
  const origin = `http://127.0.0.1:${server.port}`;
  return { ...recorded, studio, store, dataDir, origin, lines, visit: () => visit(origin) };
}

/** A browser that has opened the page: it keeps its cookie, and says where its requests come from. */
export async function visit(origin: string) {
  const state = await fetch(`${origin}/api/state`, { headers: { 'accept-language': 'ja,en' } });
  const cookie = state.headers.getSetCookie().join('; ').split(';', 1)[0] ?? '';
  const session = cookie.split('=')[1] ?? '';
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'accept-language': 'ja,en' };
  const get = (path: string, more: Record<string, string> = {}) =>
    fetch(origin + path, { headers: { ...headers, ...more } });
  const post = (path: string, body: object, more: Record<string, string> = {}) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    });
  return {
    session,
    cookie,
    state: (await state.json()) as Record<string, unknown>,
    get,
    post,
    say: (words: string, more: object = {}) =>
      post('/api/messages', { words, uploads: [], ...more }),
    upload: (bytes: Uint8Array<ArrayBuffer>) =>
      fetch(`${origin}/api/uploads`, { method: 'POST', headers, body: bytes }),
    events: (lastId?: string) => openEvents(origin, cookie, lastId),
  };
}

export interface SeenEvent {
  id: string;
  type: string;
  data: unknown;
}

/** Reads server-sent events one by one. */
export async function openEvents(origin: string, cookie: string, lastId?: string) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(`${origin}/api/events`, {
    headers: { cookie, ...(lastId !== undefined && { 'last-event-id': lastId }) },
    signal: controller.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function next(): Promise<SeenEvent> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        const [, id] = /^id: (.*)$/m.exec(event) ?? [];
        const [, type] = /^event: (.*)$/m.exec(event) ?? [];
        const [, data] = /^data: (.*)$/m.exec(event) ?? [];
        if (id && type && data) return { id, type, data: JSON.parse(data) };
      } else {
        const chunk = await reader?.read();
        if (chunk?.value === undefined) throw new Error('the stream has ended');
        text += chunk.value;
      }
    }
  }
  return { response, next, close: () => controller.abort() };
}
