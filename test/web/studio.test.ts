import { existsSync, readdirSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ChatMessage } from '../../src/web/chat-message.ts';
import {
  MAX_UPLOAD_BYTES,
  makePicture,
  openEvents,
  type StudioParts,
  startStudio,
  visit,
} from './setup.ts';

const DAY_MS = 86_400_000;

const PNG = new Uint8Array(Buffer.from('\x89PNG\r\n\x1a\n and then some', 'latin1'));
const AGAIN = { label: 'Again', id: 'a:abcdefghijkl' };

function asMessages(data: unknown): ChatMessage[] {
  return data as ChatMessage[];
}

async function idOf(response: Response): Promise<string> {
  const { id } = (await response.json()) as { id: string };
  return id;
}

describe('every answer', () => {
  it.each(['/', '/page/studio.js', '/api/state', '/api/events', '/pictures/x', '/uploads/x'])(
    'of %s tells the browser to trust nobody else',
    async (path) => {
      const { origin } = await startStudio();
      const { headers, body } = await fetch(origin + path);
      await body?.cancel();
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );

  it('needs the gate, and a request that changes something needs its own page', async () => {
    const { origin, heard } = await startStudio();
    const { post, cookie } = await visit(origin);
    const foreign = await post('/api/messages', {}, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
    // Node's fetch sets Host by itself; a proxy's header is refused likewise.
    const proxied = await fetch(`${origin}/api/state`, {
      headers: { cookie, 'x-forwarded-for': '203.0.113.1' },
    });
    expect(proxied.status).toBe(403);
    expect(heard).toEqual([]);
  });

  it('leaves /healthz open', async () => {
    const { origin } = await startStudio();
    const response = await fetch(`${origin}/healthz`, { headers: { via: 'proxy' } });
    expect(await response.text()).toBe('ok');
  });
});

describe('the state', () => {
  it('gives a visitor a name, the words of their language, and what can be chosen', async () => {
    const { origin } = await startStudio({ envHint: ['PROVIDERS=x'] });
    const response = await fetch(`${origin}/api/state`, {
      headers: { 'accept-language': 'zh-CN' },
    });
    const [cookie = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^easel_session=[\w-]{24};.*HttpOnly; SameSite=Strict$/);
    expect(await response.json()).toMatchObject({
      language: 'zh',
      words: { send: '发送' },
      styles: [{ name: 'night', label: 'Night' }],
      limits: { uploads: 10, uploadBytes: MAX_UPLOAD_BYTES },
      envHint: ['PROVIDERS=x'],
    });
  });

  it('names the settings, and keeps the visitor’s name', async () => {
    const { origin } = await startStudio();
    const first = await visit(origin);
    const state = await first.get('/api/state', { 'accept-language': 'en' });
    expect(state.headers.getSetCookie()[0]).toContain(first.cookie);
    const response = await first.get('/api/settings', { 'accept-language': 'en' });
    const settings = (await response.json()) as { name: string }[];
    expect(settings.map(({ name }) => name)).toEqual(['aspect-ratio', 'language']);
    expect((await fetch(`${origin}/api/settings`)).status).toBe(401);
  });

  it('does not wait for settings, which a slow gateway may hold up', async () => {
    const { origin, desk } = await startStudio();
    desk.settings = () => new Promise(() => {});
    const asked = fetch(`${origin}/api/state`, { signal: AbortSignal.timeout(300) });
    expect(await (await asked).json()).toMatchObject({ words: { send: 'Send' } });
  });
});

describe('a message', () => {
  it('stands in the chat, and reaches the desk', async () => {
    const { visit: open, heard } = await startStudio();
    const visitor = await open();
    expect((await visitor.say('a fox')).status).toBe(200);
    const person = { id: `web:${visitor.session}`, language: 'ja' };
    expect(heard).toMatchObject([{ words: 'a fox', person, chat: person.id, command: 'imagine' }]);
    const events = await visitor.events();
    const { type, data } = await events.next();
    expect(type).toBe('all');
    expect(data).toMatchObject([{ from: 'person', text: 'a fox', description: 'a fox' }]);
  });

  it('brings pictures, which the core can load and the visitor alone can see', async () => {
    const { visit: open, heard, studio } = await startStudio();
    const [visitor, stranger] = [await open(), await open()];
    const id = await idOf(await visitor.upload(PNG));
    expect((await visitor.get(`/uploads/${id}`)).status).toBe(404);
    await visitor.say('night', { uploads: [id] });
    const shown = await visitor.get(`/uploads/${id}`);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(PNG);
    expect((await stranger.get(`/uploads/${id}`)).status).toBe(404);
    const [attachment = { platform: '', id: '' }] = heard[0]?.attachments ?? [];
    const { signal } = new AbortController();
    const loaded = await studio.platform.load(attachment, { maxBytes: 1000, signal });
    expect(new Uint8Array(loaded)).toEqual(PNG);
  });

  it.each([
    ['without a name', { cookie: '' }, { words: 'x', uploads: [] }, 401],
    ['with a forged name', { cookie: 'easel_session=../x' }, { words: 'x', uploads: [] }, 401],
    ['that is no message', {}, { words: 1 }, 400],
    ['as a form', { 'content-type': 'text/plain' }, { words: 'x', uploads: [] }, 400],
    ['that is endless', {}, { words: 'x'.repeat(200_000), uploads: [] }, 413],
  ])('%s is refused', async (_, headers: Record<string, string>, body, status) => {
    const { visit: open, heard } = await startStudio();
    const { post } = await open();
    expect((await post('/api/messages', body, headers)).status).toBe(status);
    expect(heard).toEqual([]);
  });

  it('/forget empties the chat, with the pictures that were sent', async () => {
    const { visit: open, dataDir, heard } = await startStudio();
    const visitor = await open();
    const id = await idOf(await visitor.upload(PNG));
    await visitor.say('night', { uploads: [id] });
    await visitor.say('/forget');
    expect(heard.at(-1)).toMatchObject({ command: 'forget' });
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
    const { data } = await (await visitor.events()).next();
    expect(asMessages(data).map(({ text }) => text)).toEqual(['/forget']);
  });
});

describe('an upload', () => {
  it.each([
    ['too large', new Uint8Array(MAX_UPLOAD_BYTES + 1).fill(1), 415],
    ['too large a picture', new Uint8Array(Buffer.concat([PNG, Buffer.alloc(60_000)])), 413],
    ['no picture', new Uint8Array(Buffer.from('<html>')), 415],
  ])('that is %s is refused', async (_, bytes, status) => {
    const { visit: open, dataDir } = await startStudio();
    const { upload } = await open();
    expect((await upload(bytes)).status).toBe(status);
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });

  it('without a name is refused before it is read', async () => {
    const { origin, dataDir } = await startStudio();
    const headers = { 'sec-fetch-site': 'same-origin' };
    const response = await fetch(`${origin}/api/uploads`, { method: 'POST', headers, body: PNG });
    expect(response.status).toBe(401);
    expect(existsSync(join(dataDir, 'uploads'))).toBe(false);
  });
});

describe('a press', () => {
  async function withResult() {
    const started = await startStudio();
    const visitor = await started.visit();
    await visitor.say('a fox');
    const target = started.heard[0]?.target ?? { platform: '' };
    const reply = { text: 'menu', buttons: [[AGAIN]] };
    const { message } = await started.studio.platform.close(target, reply);
    return { ...started, visitor, message: Number(message.split(':')[2]) };
  }

  it('reaches the desk with where to answer, and its answer comes back', async () => {
    const { visitor, presses, message } = await withResult();
    const response = await visitor.post('/api/press', { button: AGAIN.id, message });
    expect(await response.json()).toEqual({ type: 'note', text: 'done' });
    expect(presses).toMatchObject([
      { button: AGAIN.id, chat: `web:${visitor.session}`, takeOver: { statusId: message } },
    ]);
    expect(await presses[0]?.speaksForChat()).toBe(false);
  });

  it('has an id of its own each time', async () => {
    const { visitor, presses, message } = await withResult();
    await visitor.post('/api/press', { button: AGAIN.id, message });
    await visitor.post('/api/press', { button: AGAIN.id, message });
    expect(new Set(presses.map(({ id }) => id)).size).toBe(2);
  });

  it('may put something else in the message’s place', async () => {
    const { visitor, answers, message } = await withResult();
    answers.push({ type: 'replace', reply: { text: 'chosen', buttons: [] } });
    const response = await visitor.post('/api/press', { button: AGAIN.id, message });
    expect(await response.json()).toEqual({ type: 'note', text: '' });
    const { data } = await (await visitor.events()).next();
    expect(asMessages(data).at(-1)).toMatchObject({ text: 'chosen', buttons: [] });
  });

  it.each(['', 'x'.repeat(65), 'a b', 'ü'])('of the button %j is refused', async (button) => {
    const { visitor, presses } = await withResult();
    expect((await visitor.post('/api/press', { button })).status).toBe(400);
    expect(presses).toEqual([]);
  });
});

describe('the events', () => {
  it('tell of each change, and of nothing twice to who comes back', async () => {
    const { visit: open } = await startStudio();
    const visitor = await open();
    const events = await visitor.events();
    expect(await events.next()).toMatchObject({ type: 'all', data: [] });
    await visitor.say('one');
    const change = await events.next();
    expect(change).toMatchObject({ type: 'change', data: { put: { text: 'one' } } });
    events.close();
    const again = await visitor.events(change.id);
    await visitor.say('two');
    expect(await again.next()).toMatchObject({ type: 'change', data: { put: { text: 'two' } } });
    again.close();
    const late = await visitor.events(change.id);
    expect(asMessages((await late.next()).data)).toHaveLength(2);
  });

  it('are one’s own', async () => {
    const { visit: open } = await startStudio();
    const [one, other] = [await open(), await open()];
    await one.say('mine');
    expect((await (await other.events()).next()).data).toEqual([]);
    const { response } = await (await open()).events();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
  });

  it('need a name', async () => {
    const { origin } = await startStudio();
    expect((await fetch(`${origin}/api/events`)).status).toBe(401);
  });

  it('hold nothing up when the server ends', async () => {
    const { visit: open } = await startStudio();
    const events = await (await open()).events();
    await events.next();
    // The server ends with the test, within its second.
    expect(await Promise.race([events.next(), pause(50, 'silent')])).toBe('silent');
  });
});

describe('a picture', () => {
  it('is there for who has it in their chat, for good, until it is deleted', async () => {
    const { visit: open, studio, dataDir, heard } = await startStudio();
    const [visitor, stranger] = [await open(), await open()];
    await visitor.say('a fox');
    const picture = await makePicture(dataDir);
    const words = { text: '', description: 'a fox', sources: [], buttons: [] };
    const target = heard[0]?.target ?? { platform: '' };
    await studio.platform.deliver(target, { pictures: [picture], ...words, asFiles: false });
    const response = await visitor.get(`/pictures/${picture.hash}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-length')).toBe(String(picture.bytes));
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect((await response.arrayBuffer()).byteLength).toBe(picture.bytes);
    expect((await stranger.get(`/pictures/${picture.hash}`)).status).toBe(404);
    expect((await fetch(response.url)).status).toBe(404);
  });

  it('that is stored, but in nobody’s chat, is not there', async () => {
    const { visit: open, dataDir } = await startStudio();
    const { hash } = await makePicture(dataDir);
    expect((await (await open()).get(`/pictures/${hash}`)).status).toBe(404);
  });
});

describe('after a restart', () => {
  it('the chat is the same, a job can still be answered, and what nobody shows is swept', async () => {
    const { visit: open, store, dataDir, heard } = await startStudio();
    const visitor = await open();
    const id = await idOf(await visitor.upload(PNG));
    await visitor.say('night', { uploads: [id] });
    const target = heard[0]?.target ?? { platform: '' };
    const next = await startStudio({ store, dataDir });
    expect(await next.studio.sweep()).toBe(0);
    await next.studio.platform.close(target, { text: 'interrupted', buttons: [] });
    const events = await openEvents(next.origin, visitor.cookie);
    const seen = JSON.stringify(await events.next());
    expect(seen).toContain(id);
    expect(seen).toContain('interrupted');
  });
});

describe('the sweep', () => {
  /** An upload of two days ago, which a message shows. */
  async function withOldUpload(parts: StudioParts = {}) {
    const started = await startStudio(parts);
    const visitor = await started.visit();
    const id = await idOf(await visitor.upload(PNG));
    await visitor.say('night', { uploads: [id] });
    const before = new Date(Date.now() - 2 * DAY_MS);
    await utimes(join(started.dataDir, 'uploads', id), before, before);
    return { ...started, visitor, id };
  }

  it('keeps what a chat shows, also where the chats cannot be read', async () => {
    const { store, dataDir, id } = await withOldUpload();
    // No row that can be read.
    await store.table('web-messages').set('broken', undefined);
    const { studio, lines } = await startStudio({ dataDir, store });
    expect(await studio.sweep()).toBe(0);
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([id]);
    expect(lines.join()).toContain('the chats cannot be read');
  });

  it('ends what is past its time in a process that goes on, for those who watch, too', async () => {
    const { studio, visitor, dataDir } = await withOldUpload({ retentionMs: 3 * DAY_MS });
    expect(await studio.sweep()).toBe(0);
    const events = await visitor.events();
    await events.next();
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.setSystemTime(Date.now() + 3 * DAY_MS + 1_000);
    expect(await studio.sweep()).toBe(1);
    expect(await events.next()).toMatchObject({
      type: 'change',
      data: { removed: expect.any(Number) },
    });
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });
});
