import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the gateway does with one request. */
export interface Script {
  /** Answers as soon as the head is there, the body unread. @default false */
  early?: boolean;
  /** @default 200 */
  status?: number;
  headers?: OutgoingHttpHeaders;
  /** Written in order; a number is a pause in ms. */
  pieces?: Iterable<string | Uint8Array | number>;
  /** The pieces are all that is written, head included. @default false */
  raw?: boolean;
  /**
   * After the pieces: an end by the rules of HTTP, a closed connection, a reset one, or nothing ever again.
   * @default 'finish'
   */
  end?: 'finish' | 'close' | 'reset' | 'hang';
}

/** One request as it arrived. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** What came of the body. */
  body: Buffer;
  /** All of it came: from here on a gateway may charge. */
  isWhole: boolean;
}

export interface FakeGateway {
  origin: string;
  /** Every request, in order. */
  journal: Received[];
  /** POSTs whose body came. */
  paidPosts(): number;
  /** Appends scripts; the last one is played again and again. */
  play(...scripts: Script[]): void;
  /** Connections that are open. */
  connections(): number;
  /** Resolves when every connection is closed. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A gateway on loopback that does as it is told, and writes down what it got. */
export async function startFakeGateway(...first: Script[]): Promise<FakeGateway> {
  const scripts = [...first];
  const journal: Received[] = [];
  const sockets = new Set<Socket>();
  const requests = new Set<IncomingMessage>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const script = (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? { status: 500 };
    const received = note(request);
    journal.push(received);
    requests.add(request);
    perform(script, request, response, received).catch(() => {}); // the other side has left
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journal,
    paidPosts: () => journal.filter(({ method, isWhole }) => method === 'POST' && isWhole).length,
    play: (...more) => void scripts.push(...more),
    connections: () => sockets.size,
    async idle() {
      // Who does not read does not see that the other side has left.
      for (const request of requests) request.resume();
      while (sockets.size > 0) await sleep(2);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function note({ method = '', url = '', headers }: IncomingMessage): Received {
  return { method, path: url, headers, body: Buffer.alloc(0), isWhole: false };
}

async function perform(
  script: Script,
  request: IncomingMessage,
  response: ServerResponse,
  received: Received,
): Promise<void> {
  const { early = false, end = 'finish' } = script;
  if (!early) await readBody(request, received);
  await writePieces(script, response);
  if (end === 'finish') {
    if (script.raw) response.socket?.end();
    else response.end();
  } else if (end === 'close') response.socket?.destroy();
  else if (end === 'reset') response.socket?.resetAndDestroy();
}

async function readBody(request: IncomingMessage, received: Received): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  received.body = Buffer.concat(chunks);
  received.isWhole = true;
}

async function writePieces(
  { status = 200, headers = {}, pieces, raw = false }: Script,
  response: ServerResponse,
): Promise<void> {
  const { socket } = response;
  if (pieces === undefined && !raw) response.writeHead(status, headers);
  if (pieces === undefined || socket === null) return;
  if (!raw) response.writeHead(status, headers).flushHeaders();
  const sink = raw ? socket : response;
  for (const piece of pieces) {
    if (typeof piece === 'number') await sleep(piece);
    else await new Promise((written) => sink.write(piece, written));
    if (socket.destroyed) return;
  }
}
