import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createGate, type GateOptions } from '../../src/web/gate.ts';
import { refuseForeign } from '../../src/web/page-headers.ts';

function setUp(options: GateOptions) {
  const gate = createGate(options);
  const app = new Hono();
  app.route('/', gate.routes);
  app.get('/', gate.guard, (context) => context.text('in'));
  const get = (path: string, headers: Record<string, string>, method = 'GET') =>
    app.request(path, { method, headers });
  return { gate, get };
}

const LOCAL: GateOptions = { host: '127.0.0.1', isPublished: false };

describe('the gate on loopback', () => {
  it.each([
    ['127.0.0.1:8787', {}, 200],
    ['localhost:8787', {}, 200],
    ['LOCALHOST', {}, 200],
    ['[::1]:8787', {}, 200],
    ['127.8.9.10', {}, 200],
    ['studio.example', {}, 403],
    ['localhost.example:8787', {}, 403],
    ['127.0.0.1.example', {}, 403],
    ['', {}, 403],
    ['127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, 403],
    ['127.0.0.1', { forwarded: 'for=203.0.113.9' }, 403],
    ['127.0.0.1', { via: '1.1 proxy' }, 403],
    ['127.0.0.1', { 'x-real-ip': '203.0.113.9' }, 403],
    ['127.0.0.1:8787', { origin: 'http://127.0.0.1:8787' }, 200],
    ['[::1]:8787', { origin: 'http://[::1]:8787' }, 200],
    ['127.0.0.1:8787', { origin: 'https://studio.example' }, 403],
    ['127.0.0.1:8787', { origin: 'null' }, 403],
  ])('host %j with %j: %i', async (host, headers, status) => {
    const { get } = setUp(LOCAL);
    expect((await get('/', { host, ...headers })).status).toBe(status);
  });

  it('is entered at the root', () => {
    expect(setUp(LOCAL).gate.entrance).toBe('/');
  });
});

describe('the gate elsewhere', () => {
  it.each([
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.5', false],
    ['127.0.0.1', true],
  ])('on %s, published %s, opens by its link alone, and once', async (host, isPublished) => {
    const { gate, get } = setUp({ host, isPublished });
    const name = { host: '127.0.0.1:8787' };
    expect((await get('/', name)).status).toBe(403);
    expect((await get('/enter?key=wrong', name)).status).toBe(403);
    expect((await get('/enter', name)).status).toBe(403);
    expect(gate.entrance).toMatch(/^\/enter\?key=[\w-]{32}$/);
    expect((await get(gate.entrance, name, 'HEAD')).status).toBe(403);
    const entered = await get(gate.entrance, name);
    const cookie = entered.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^easel_gate=[\w-]{32};.*HttpOnly; SameSite=Strict$/);
    expect(await entered.text()).toContain('0;url=/');
    expect(cookie).not.toContain(gate.entrance.slice(-32));
    const pass = cookie.split(';', 1)[0] ?? '';
    expect((await get('/', { host: 'studio.example', cookie: pass })).status).toBe(200);
    expect((await get('/', { ...name, cookie: `${pass}x` })).status).toBe(403);
    expect((await get(gate.entrance, name)).status).toBe(403);
  });

  it('lets no other gate’s visitors in', async () => {
    const options = { host: '0.0.0.0', isPublished: false };
    const [one, two] = [setUp(options), setUp(options)];
    const entered = await one.get(one.gate.entrance, {});
    const cookie = entered.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    expect((await two.get('/', { cookie })).status).toBe(403);
    expect((await two.get(one.gate.entrance, {})).status).toBe(403);
  });
});

describe('what changes something', () => {
  const app = new Hono();
  app.all('/', refuseForeign, (context) => context.text('in'));

  it.each([
    ['POST', { 'sec-fetch-site': 'same-origin' }, 200],
    ['POST', { 'sec-fetch-site': 'same-site' }, 403],
    ['POST', { 'sec-fetch-site': 'cross-site', origin: 'http://a.test' }, 403],
    ['POST', { 'sec-fetch-site': 'none' }, 403],
    ['POST', { origin: 'http://a.test' }, 200],
    ['POST', { origin: 'https://a.test' }, 200],
    ['POST', { origin: 'http://b.test' }, 403],
    ['POST', { origin: 'http://a.test:81' }, 403],
    ['POST', { origin: 'null' }, 403],
    ['POST', {}, 403],
    ['DELETE', {}, 403],
    ['GET', { 'sec-fetch-site': 'cross-site' }, 200],
  ])('%s with %j: %i', async (method, headers: Record<string, string>, status) => {
    const response = await app.request('/', { method, headers: { host: 'a.test', ...headers } });
    expect(response.status).toBe(status);
  });
});
