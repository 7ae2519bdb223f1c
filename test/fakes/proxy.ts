import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';

/** One tunnel that somebody asked for. */
export interface Tunnel {
  protocol: 'connect' | 'socks5';
  /** As asked: a name or an address. */
  host: string;
  port: number;
  /** `user:password`, where some were sent. */
  credentials: string | undefined;
}

export interface FakeProxy {
  /** `http://127.0.0.1:port`; put credentials in as needed. */
  httpUrl: string;
  socksUrl: string;
  /** Every tunnel asked for, in order, refused ones included. */
  journal: Tunnel[];
  close(): Promise<void>;
}

export interface FakeProxyOptions {
  /** Where a tunnel really leads, on loopback; `undefined` refuses it. @default port of the same number on 127.0.0.1 */
  route?: (tunnel: Tunnel) => number | undefined;
  /** Takes the question and never answers. @default false */
  silent?: boolean;
}

/** A CONNECT proxy and a SOCKS5 proxy; whatever is asked for, they reach 127.0.0.1 only. */
export async function startFakeProxy(options: FakeProxyOptions = {}): Promise<FakeProxy> {
  const { route = (tunnel: Tunnel) => tunnel.port, silent = false } = options;
  const journal: Tunnel[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };

  const open = async (tunnel: Tunnel): Promise<Socket | undefined> => {
    journal.push(tunnel);
    if (silent) await new Promise(() => {});
    const port = route(tunnel);
    if (port === undefined) return undefined;
    const upstream = connect(port, '127.0.0.1');
    track(upstream);
    try {
      await once(upstream, 'connect');
      return upstream;
    } catch {
      return undefined;
    }
  };

  const http = createServer((_request, response) => response.writeHead(405).end());
  http.on('connection', track).on('connect', (request: IncomingMessage, client: Socket) => {
    void serveConnect(request, client, open);
  });
  const socks = createTcpServer((client) => {
    track(client);
    void serveSocks(client, open);
  });
  const httpUrl = `http://127.0.0.1:${await listen(http)}`;
  const socksUrl = `socks5://127.0.0.1:${await listen(socks)}`;
  return {
    httpUrl,
    socksUrl,
    journal,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([http, socks].map((server) => new Promise((done) => server.close(done))));
    },
  };
}

type Open = (tunnel: Tunnel) => Promise<Socket | undefined>;

async function listen(
  server: { listen(port: number, host: string): unknown; address(): unknown } & NodeJS.EventEmitter,
): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function serveConnect(request: IncomingMessage, client: Socket, open: Open): Promise<void> {
  const target = new URL(`http://${request.url}`);
  const basic = request.headers['proxy-authorization']?.split(' ')[1];
  const upstream = await open({
    protocol: 'connect',
    host: target.hostname,
    port: Number(target.port || 80),
    credentials: basic === undefined ? undefined : Buffer.from(basic, 'base64').toString(),
  });
  if (upstream === undefined) {
    client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    return;
  }
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  client.pipe(upstream).pipe(client);
}

/** RFC 1928 with the passwords of RFC 1929. */
async function serveSocks(client: Socket, open: Open): Promise<void> {
  const take = createTaker(client);
  const [, methodCount = 0] = await take(2);
  const wantsPassword = (await take(methodCount)).includes(2);
  client.write(Buffer.of(5, wantsPassword ? 2 : 0));
  const credentials = wantsPassword ? await readCredentials(client, take) : undefined;
  const [, , , kind] = await take(4);
  const host = await readHost(kind, take);
  const port = (await take(2)).readUInt16BE(0);
  const upstream = await open({ protocol: 'socks5', host, port, credentials });
  client.write(Buffer.of(5, upstream === undefined ? 5 : 0, 0, 1, 127, 0, 0, 1, 0, 0));
  if (upstream === undefined) client.end();
  else client.pipe(upstream).pipe(client);
}

type Take = (bytes: number) => Promise<Buffer>;

function createTaker(socket: Socket): Take {
  return async (bytes) => {
    for (;;) {
      const chunk: Buffer | null = bytes === 0 ? Buffer.alloc(0) : socket.read(bytes);
      if (chunk !== null) return chunk;
      await once(socket, 'readable');
    }
  };
}

async function readCredentials(client: Socket, take: Take): Promise<string> {
  const user = await take((await take(2))[1] ?? 0);
  const password = await take((await take(1))[0] ?? 0);
  client.write(Buffer.of(1, 0));
  return `${user}:${password}`;
}

async function readHost(kind: number | undefined, take: Take): Promise<string> {
  if (kind === 1) return [...(await take(4))].join('.');
  if (kind === 3) return String(await take((await take(1))[0] ?? 0));
  const groups = (await take(16)).toString('hex').match(/.{4}/g) ?? [];
  return groups.join(':');
}
