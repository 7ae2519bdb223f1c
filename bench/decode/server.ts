/**
 * The gateway of the measurements, a process of its own: `POST /<format>/<bytes>/...` answers with a prepared body in
 * writes of 64 KiB. Tells its port to the process that forked it, and ends with it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createBody, isFormat } from './formats.ts';

// About what a TLS gateway's socket hands on at once; 16 KiB changes nothing.
const WRITE_BYTES = 64 * 1024;

const bodies = new Map<string, Buffer>();

function bodyFor(url: string): Buffer | undefined {
  const [, format = '', bytes = ''] = url.split('/');
  if (!isFormat(format) || !/^\d+$/.test(bytes)) return undefined;
  const name = `${format}/${bytes}`;
  const body = bodies.get(name) ?? createBody(format, Number(bytes));
  bodies.set(name, body);
  return body;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  await once(request, 'end');
  const body = bodyFor(request.url ?? '');
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/event-stream' });
  await pipeline(slices(body ?? Buffer.alloc(0)), response);
}

function* slices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += WRITE_BYTES) yield body.subarray(at, at + WRITE_BYTES);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit());
