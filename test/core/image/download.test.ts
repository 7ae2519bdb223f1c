import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDownloader } from '../../../src/core/image/download.ts';
import { createPayloadStore } from '../../../src/core/image/payload-store.ts';
import { redirectTarget } from '../../../src/core/image/redirect.ts';
import { createNetwork, type NetworkOptions } from '../../../src/core/net/network.ts';
import { readPayload } from '../../fakes/payloads.ts';
import { startFakeProxy } from '../../fakes/proxy.ts';

// Never a packet off this machine: public addresses are only ever handed to a fake proxy, which leads to loopback.
const PUBLIC = '93.184.216.34';

const OWN_PUBLIC = vi.hoisted(() => '93.184.216.35');
vi.mock('node:os', async (load) => ({
  ...(await load<typeof import('node:os')>()),
  networkInterfaces: () => ({ eth0: [{ address: OWN_PUBLIC }] }),
}));

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let port: number;
let handler: Handler;
let hits: IncomingMessage[];

beforeEach(async () => {
  hits = [];
  handler = (_request, response) => response.end('picture');
  server = createServer((request, response) => {
    hits.push(request);
    handler(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  vi.useRealTimers();
  server.close();
});

interface Options {
  network?: NetworkOptions;
  trustedHosts?: string[];
  addresses?: string[] | (() => Promise<string[]>);
  maxBytes?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
}

async function download(url: string, options: Options = {}) {
  const { addresses = ['127.0.0.1'], maxBytes = 1_000, timeoutMs = 5_000 } = options;
  const network = createNetwork(options.network ?? {});
  const downloader = createDownloader({
    network,
    trustedHosts: options.trustedHosts ?? [`pictures.lan:${port}`],
    payloads: createPayloadStore({ directory: '', memoryBytes: Infinity }),
    resolve: typeof addresses === 'function' ? addresses : async () => addresses,
  });
  const signal = options.signal ?? new AbortController().signal;
  try {
    return await downloader.download(url, { maxBytes, timeoutMs, signal });
  } finally {
    await network.close();
  }
}

const here = (path = '/a.png') => `http://pictures.lan:${port}${path}`;

describe('a download', () => {
  it('gives the bytes and tells the server nothing but its name', async () => {
    const payload = await download(here('/a.png?key=1'));
    expect(String(await readPayload(payload))).toBe('picture');
    expect(hits[0]?.url).toBe('/a.png?key=1');
    expect(hits[0]?.headers).toEqual({
      host: `pictures.lan:${port}`,
      accept: 'image/*',
      'accept-encoding': 'identity',
      connection: 'close',
    });
  });

  it('tries the next address when one cannot be reached', async () => {
    const payload = await download(here(), { addresses: ['127.0.0.2', '127.0.0.1'] });
    expect(payload.size).toBe(7);
  });

  it.each(['directly', 'connect', 'socks5'])('asks TLS for the name (%s)', async (way) => {
    let hello = Buffer.alloc(0);
    const listener = createTcpServer((socket) => {
      socket
        .on('error', () => {})
        .on('data', (chunk) => {
          hello = Buffer.concat([hello, chunk]);
          socket.destroy();
        });
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port: tlsPort } = listener.address() as AddressInfo;
    const proxy = await startFakeProxy();
    const url = way === 'connect' ? proxy.httpUrl : proxy.socksUrl;
    await expect(
      download(`https://pictures.lan:${tlsPort}/`, {
        trustedHosts: [`pictures.lan:${tlsPort}`],
        network: way === 'directly' ? {} : { proxy: url },
      }),
    ).rejects.toMatchObject({ code: 'unreachable-image' });
    expect(hello.includes('pictures.lan')).toBe(true);
    await proxy.close();
    listener.close();
  });

  it('asks for the addresses once', async () => {
    const resolve = vi.fn(async () => ['127.0.0.1']);
    await download(here(), { addresses: resolve });
    expect(resolve.mock.calls).toEqual([['pictures.lan']]);
  });

  it.each<[string, Handler]>([
    ['not found', (_, response) => response.writeHead(404).end('no')],
    ['forbidden', (_, response) => response.writeHead(403).end('no')],
    ['partial', (_, response) => response.writeHead(206).end('no')],
    ['empty', (_, response) => response.end()],
    ['reset', (request) => request.socket.destroy()],
    [
      'cut',
      (_, response) =>
        response.writeHead(200, { 'content-length': '9' }).write('a', () => response.destroy()),
    ],
    [
      'compressed',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x')),
    ],
    ['silent', () => {}],
    ['slow', (_, response) => response.write('a')],
  ])('that is %s is unreachable', async (_name, answer) => {
    handler = answer;
    await expect(download(here(), { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'unreachable-image',
    });
  });

  it('is cut at the limit, declared or not', async () => {
    handler = (_, response) => response.end(Buffer.alloc(1_001));
    await expect(download(here())).rejects.toMatchObject({ code: 'attachment-too-large' });
    let closed = false;
    handler = (_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(600)), 5);
      response.on('close', () => {
        clearInterval(timer);
        closed = true;
      });
    };
    await expect(download(here())).rejects.toMatchObject({ code: 'attachment-too-large' });
    await vi.waitFor(() => expect(closed).toBe(true));
    handler = (_, response) => response.end(Buffer.alloc(1_000));
    expect((await download(here())).size).toBe(1_000);
  });

  it('stops when it is no longer wanted', async () => {
    const controller = new AbortController();
    handler = () => controller.abort(new Error('enough'));
    await expect(download(here(), { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('names the host in its errors, never path or query', async () => {
    handler = (_, response) => response.writeHead(500).end();
    const error = await download(here('/bot-token/x?key=secret')).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toContain('pictures.lan');
    expect(JSON.stringify([String(error), error])).not.toMatch(/secret|bot-token/);
  });
});

describe('the guard', () => {
  it.each([
    'http://127.0.0.1/',
    'http://[::169.254.169.254]/',
    'http://localhost/',
    'file:///etc/passwd',
    'https://user:pass@pictures.example/',
    'not a url',
  ])('stops %s before any name is asked', async (url) => {
    const resolve = vi.fn(async () => ['127.0.0.1']);
    await expect(download(url, { addresses: resolve })).rejects.toMatchObject({
      code: 'attachment-blocked',
    });
    expect(resolve).not.toHaveBeenCalled();
    expect(hits).toEqual([]);
  });

  it.each([
    [['127.0.0.1']],
    [[PUBLIC, '127.0.0.1']],
    [[PUBLIC, 'fd00::1']],
    [['::ffff:127.0.0.1']],
    [[...Array.from({ length: 99 }, () => PUBLIC), '10.0.0.1']],
    [['fe80::1%eth0']],
  ])('stops names that lead to %j', async (addresses) => {
    await expect(download('http://pictures.example/', { addresses })).rejects.toMatchObject({
      code: 'attachment-blocked',
      subject: 'pictures.example',
    });
  });

  it('stops names that lead to a public address of this machine', async () => {
    await expect(
      download('http://pictures.example/', { addresses: [OWN_PUBLIC] }),
    ).rejects.toMatchObject({ code: 'attachment-blocked' });
  });

  it.each([
    ['no addresses', async () => []],
    ['NXDOMAIN', () => Promise.reject(new Error('ENOTFOUND'))],
  ])('calls names with %s unreachable', async (_name, addresses) => {
    await expect(download('http://pictures.example/', { addresses })).rejects.toMatchObject({
      code: 'unreachable-image',
    });
  });

  it('waits 3 s for DNS', async () => {
    vi.useFakeTimers();
    const pending = download('http://pictures.example/', {
      addresses: () => new Promise(() => {}),
      timeoutMs: 60_000,
    });
    const rejected = expect(pending).rejects.toMatchObject({ code: 'unreachable-image' });
    await vi.advanceTimersByTimeAsync(3_000);
    await rejected;
  });
});

describe('a redirect', () => {
  const to = (location: string, status = 302): Handler => {
    return (request, response) =>
      request.url === '/a.png'
        ? response.writeHead(status, { location }).end('moved')
        : response.end('moved here');
  };

  it.each([301, 302, 303, 307, 308])('by %i is followed, also a relative one', async (status) => {
    handler = to('../b.png?x=1', status);
    expect(String(await readPayload(await download(here())))).toBe('moved here');
    expect(hits.map(({ url }) => url)).toEqual(['/a.png', '/b.png?x=1']);
  });

  it.each([
    'http://127.0.0.1/',
    'http://169.254.169.254/latest/',
    'file:///etc/passwd',
    'http://user@pictures.lan/',
    'http://pictures.lan:1/',
    '//localhost/',
    'data:image/png;base64,AA==',
  ])('to %s is blocked', async (location) => {
    handler = to(location);
    await expect(download(here())).rejects.toMatchObject({ code: 'attachment-blocked' });
    expect(hits).toHaveLength(1);
  });

  it.each<[string, Handler]>([
    ['without a Location', (_, response) => response.writeHead(302).end()],
    ['with a broken one', to('http://[')],
    ['in a loop', to('/a.png')],
    ['by Refresh', (_, response) => response.writeHead(204, { refresh: '0; url=/b.png' }).end()],
  ])('%s leads nowhere', async (_name, answer) => {
    handler = answer;
    await expect(download(here())).rejects.toMatchObject({ code: 'unreachable-image' });
    expect(hits.length).toBeLessThanOrEqual(4);
  });

  it('refuses to fall from https to http', () => {
    expect(() => redirectTarget('http://b.example/', new URL('https://a.example/'))).toThrow(
      'downgrade',
    );
  });
});

describe('through a proxy', () => {
  it.each(['connect', 'socks5'])('%s is asked for the vetted address', async (protocol) => {
    const proxy = await startFakeProxy({ route: () => port });
    const network = { proxy: protocol === 'connect' ? proxy.httpUrl : proxy.socksUrl };
    const answers = [['2606:4700:4700::1111', PUBLIC], ['127.0.0.1']];
    const payload = await download('http://pictures.example/a.png', {
      network,
      addresses: async () => answers.shift() ?? [],
    });
    expect(String(await readPayload(payload))).toBe('picture');
    expect(proxy.journal).toMatchObject([{ protocol, host: PUBLIC, port: 80 }]);
    expect(hits[0]?.headers.host).toBe('pictures.example');
    await proxy.close();
  });

  it.each(['connect', 'socks5'])('%s is not asked for what the guard denies', async (protocol) => {
    const proxy = await startFakeProxy({ route: () => port });
    const network = { proxy: protocol === 'connect' ? proxy.httpUrl : proxy.socksUrl };
    for (const url of ['http://127.0.0.1/', 'http://pictures.example/']) {
      await expect(download(url, { network })).rejects.toMatchObject({
        code: 'attachment-blocked',
      });
    }
    expect(proxy.journal).toEqual([]);
    await proxy.close();
  });
});
