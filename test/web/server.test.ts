import { connect } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Logger } from '../../src/core/index.ts';
import { createGate } from '../../src/web/gate.ts';
import { startWebServer } from '../../src/web/server.ts';

async function start(...routes: Hono[]) {
  const lines: string[] = [];
  const noteAs = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const [debug, info, warn, error] = ['debug', 'info', 'warn', 'error'].map(noteAs);
  const logger = { debug, info, warn, error } as Logger;
  const server = await startWebServer({ host: '127.0.0.1', port: 0, routes, logger });
  onTestFinished(() => server.close());
  return { lines, port: server.port, origin: `http://127.0.0.1:${server.port}` };
}

/** What the server says to these letters; `isHungUp` leaves without waiting for it. */
async function speak(port: number, letters: string, isHungUp = false): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(letters, () => isHungUp && socket.destroy());
  await ended;
  return Buffer.concat(chunks).toString();
}

describe('the server', () => {
  it('lets go of what nobody reads', async () => {
    const cancel = vi.fn();
    const routes = new Hono();
    routes.get(
      '/',
      () => new Response(new ReadableStream({ cancel }), { headers: { 'x-a': 'b' } }),
    );
    const { origin } = await start(routes);
    const response = await fetch(origin, { method: 'HEAD' });
    expect([response.status, response.headers.get('x-a')]).toEqual([200, 'b']);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('logs a fault where secrets are scrubbed, and tells no more than that there is one', async () => {
    const shown = vi.spyOn(console, 'error');
    const routes = new Hono();
    routes.get('/broken', () => {
      throw new Error('canary');
    });
    const { origin, lines } = await start(routes);
    const response = await fetch(`${origin}/broken?key=canary`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('Something went wrong on my side.\n');
    expect(lines).toEqual(['error a request failed {"error":{},"path":"/broken"}']);
    expect(shown).not.toHaveBeenCalled();
  });

  it('makes no fault of who leaves in the middle', async () => {
    const routes = new Hono();
    routes.post('/', async ({ req, text }) => text(await req.text()));
    const { port, lines } = await start(routes);
    const head = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n';
    await speak(port, `${head}half`, true);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatch(/^debug a request failed/);
  });

  it.each([
    ['1.1', 200],
    // As nginx speaks, which says nothing else of itself.
    ['1.0', 403],
  ])('takes who speaks HTTP/%s for somebody at the machine: %i', async (version, status) => {
    const { guard } = createGate({ host: '127.0.0.1', isPublished: false });
    const { port } = await start(new Hono().get('/', guard, ({ text }) => text('in')));
    const head = `GET / HTTP/${version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
    expect(await speak(port, head)).toContain(`HTTP/1.1 ${status} `);
  });
});
