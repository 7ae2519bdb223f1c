import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNetwork, type NetworkOptions } from '../../../src/core/net/network.ts';
import { type FakeProxy, startFakeProxy } from '../../fakes/proxy.ts';

let server: Server;
let origin: URL;
let ports: (number | undefined)[];
let proxy: FakeProxy;

beforeEach(async () => {
  ports = [];
  server = createServer((incoming, response) => {
    ports.push(incoming.socket.remotePort);
    response.end(incoming.headers.host);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  proxy = await startFakeProxy();
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await proxy.close();
});

async function get(url: URL, dispatcher: Dispatcher): Promise<string> {
  const { body } = await request(url, { dispatcher });
  return body.text();
}

async function getBoth(options: NetworkOptions): Promise<void> {
  const network = createNetwork(options);
  expect(await get(origin, network.shared(origin))).toBe(origin.host);
  const single = network.single(origin, { connectTimeoutMs: 1_000 });
  expect(await get(origin, single)).toBe(origin.host);
  await single.destroy();
  await network.close();
}

describe('without a proxy', () => {
  it('keeps shared connections alive, and gives each single request its own', async () => {
    const network = createNetwork({});
    await get(origin, network.shared(origin));
    await setImmediate(); // the pool takes a socket back in its own time
    await get(origin, network.shared(origin));
    const single = network.single(origin, { connectTimeoutMs: 1_000 });
    await get(origin, single);
    await single.destroy();
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[0]);
    await network.close();
    await expect(get(origin, network.shared(origin))).rejects.toThrow();
  });
});

describe('with a proxy', () => {
  it.each([
    ['connect', () => proxy.httpUrl],
    ['socks5', () => proxy.socksUrl],
  ])('tunnels plain http by %s', async (protocol, url) => {
    await getBoth({ proxy: url() });
    const port = Number(origin.port);
    const tunnel = { protocol, host: '127.0.0.1', port, credentials: undefined };
    expect(proxy.journal).toEqual([tunnel, tunnel]);
  });

  it.each([
    ['connect', () => proxy.httpUrl],
    ['socks5', () => proxy.socksUrl],
  ])('sends the credentials of the URL by %s', async (_protocol, url) => {
    await getBoth({ proxy: url().replace('//', '//ada:p%40ss@') });
    expect(proxy.journal.map((tunnel) => tunnel.credentials)).toEqual(['ada:p@ss', 'ada:p@ss']);
  });

  it('leaves name resolution to it', async () => {
    const network = createNetwork({ proxy: proxy.socksUrl });
    const url = new URL(`http://only-the-proxy-knows.example:${origin.port}/`);
    expect(await get(url, network.shared(url))).toBe(url.host);
    expect(proxy.journal[0]?.host).toBe('only-the-proxy-knows.example');
    await network.close();
  });

  it('goes around it for what noProxy names', async () => {
    await getBoth({ proxy: proxy.httpUrl, noProxy: '127.0.0.0/8' });
    const network = createNetwork({ proxy: proxy.httpUrl, noProxy: 'cdn.example.com' });
    const single = network.single(origin, {
      connectTimeoutMs: 1_000,
      servername: 'cdn.example.com',
    });
    await get(origin, single);
    await single.destroy();
    await network.close();
    expect(proxy.journal).toEqual([]);
    expect(ports).toHaveLength(3);
  });

  it.each([
    ['connect', (silent: FakeProxy) => silent.httpUrl],
    ['socks5', (silent: FakeProxy) => silent.socksUrl],
  ])('does not wait for an answer for ever by %s', async (_protocol, url) => {
    const silent = await startFakeProxy({ silent: true });
    const network = createNetwork({ proxy: url(silent) });
    const single = network.single(origin, { connectTimeoutMs: 200 });
    await expect(get(origin, single)).rejects.toThrow();
    await single.destroy();
    await network.close();
    await silent.close();
    expect(ports).toEqual([]);
  });

  it('fails when it refuses, and never goes directly instead', async () => {
    const refusing = await startFakeProxy({ route: () => undefined });
    for (const url of [refusing.httpUrl, refusing.socksUrl]) {
      const network = createNetwork({ proxy: url });
      const single = network.single(origin, { connectTimeoutMs: 500 });
      await expect(get(origin, single)).rejects.toThrow();
      await single.destroy();
      await network.close();
    }
    await refusing.close();
    expect(ports).toEqual([]);
  });

  it('makes no noise about SOCKS5', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    await getBoth({ proxy: proxy.socksUrl });
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it.each(['nonsense with p4ssw0rd', 'ftp://u:p4ssw0rd@host'])('refuses %s, quietly', (url) => {
    expect(() => createNetwork({ proxy: url })).toThrow(/proxy/);
    expect(() => createNetwork({ proxy: url })).not.toThrow(/p4ssw0rd/);
  });
});
