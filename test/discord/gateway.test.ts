import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createNetwork } from '../../src/core/index.ts';
import { createGateway } from '../../src/discord/gateway.ts';
import { type Exit, GatewaySocket, throughExit } from '../../src/discord/gateway-socket.ts';
import { hurryReconnects } from '../fakes/discord-hurry.ts';
import { createRecordingLogger, started, TOKEN } from './setup.ts';

hurryReconnects();

afterEach(() => void vi.useRealTimers());

/** A gateway that does with each connection what it is told; `/gateway/bot` names it. */
async function startGateway(onConnection: (socket: WebSocket) => void) {
  const server = createServer((_request, response) => {
    const limits = { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 };
    const answer = { url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit: limits };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const network = createNetwork({});
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    await network.close();
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}/api`, url: `ws://127.0.0.1:${port}/`, network };
}

describe('login', () => {
  test.each([
    [4004, 'DISCORD_BOT_TOKEN'],
    [4010, 'DISCORD_SHARDS'],
    [4014, 'DISCORD_BOT_TOKEN'],
  ])('that ends with %i names the setting, and is not tried again', async (code, subject) => {
    let connections = 0;
    const { origin, network } = await startGateway((socket) => {
      connections += 1;
      socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 45_000 } }));
      socket.on('message', () => socket.close(code));
    });
    const fatal: unknown[] = [];
    const gateway = createGateway({
      token: TOKEN,
      apiRoot: origin,
      network,
      logger: createRecordingLogger([]),
      shards: 1,
      onInteraction: () => {},
      onMessage: () => {},
      onReach: () => {},
      onFatal: (error) => void fatal.push(error),
    });
    await expect(gateway.start()).rejects.toMatchObject({ code: 'bad-config', subject });
    await gateway.stop();
    expect([connections, fatal]).toEqual([1, []]);
  });
});

describe('a session', () => {
  test('whose heartbeats are not answered is resumed on a new connection', async () => {
    const { fake, heard } = await started({ about: { heartbeatIntervalMs: 60 } });
    fake.gateway.setDeaf(true);
    await fake.waitFor(() => fake.gateway.resumes.length > 0);
    fake.gateway.setDeaf(false);
    fake.person().directMessages('a fox');
    await fake.waitFor(() => heard.length === 1);
    expect(fake.gateway.closes).toContain(4200);
  });

  test.each(['opcode 7', 'opcode 9, resumable'])('is resumed after %s', async (name) => {
    const { fake, heard, reached } = await started();
    if (name === 'opcode 7') fake.gateway.reconnect();
    else fake.gateway.invalidate(true);
    await fake.waitFor(() => fake.gateway.resumes.length > 0);
    fake.person().directMessages('a fox');
    await fake.waitFor(() => heard.length === 1);
    expect(fake.gateway.resumes).toHaveLength(1);
    expect(fake.gateway.identifies).toHaveLength(1);
    // The second one goes on over the same connection.
    expect(reached).toEqual(name === 'opcode 7' ? [false, true] : []);
  });

  test('that cannot be resumed begins anew, which is told as well', async () => {
    const { fake, reached } = await started();
    // Later than any pace of identifying asks for, by both clocks.
    fake.advance(60_000);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    fake.gateway.invalidate(false);
    await fake.waitFor(() => reached.length === 2);
    expect(reached).toEqual([false, true]);
    expect(fake.gateway.identifies).toHaveLength(2);
  });
});

describe('the socket', () => {
  function open(url: string, exit: Exit) {
    const codes: number[] = [];
    const socket = throughExit(exit, () => new GatewaySocket(url));
    socket.onmessage = () => {};
    socket.onclose = ({ code }) => void codes.push(code);
    return { socket, codes };
  }

  test('of a peer that is gone is closed all the same', async () => {
    const connected: WebSocket[] = [];
    const { url, network } = await startGateway((socket) => void connected.push(socket));
    const { socket, codes } = open(url, { network, isClosed: false, failures: 0 });
    await vi.waitUntil(() => connected.length === 1 && socket.readyState === 1);
    connected[0]?.pause();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    socket.close(4200);
    await vi.advanceTimersByTimeAsync(5000);
    expect(codes).toEqual([4200]);
  });

  test('waits longer, up to 4 s, while nothing comes of it', async () => {
    const { url, network } = await startGateway((socket) => socket.send('{}'));
    const exit: Exit = { network, isClosed: false, failures: 9 };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket } = open(url, exit);
    await vi.advanceTimersByTimeAsync(3999);
    expect(socket.readyState).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitUntil(() => exit.failures === 0);
  });

  test.each(['closed', 'let go'])('is not opened for what was %s', async (how) => {
    const connected: WebSocket[] = [];
    const { url, network } = await startGateway((socket) => void connected.push(socket));
    const exit: Exit = { network, isClosed: false, failures: 0 };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket } = open(url, exit);
    if (how === 'closed') exit.isClosed = true;
    else socket.onmessage = null;
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    const other = open(url, { network, isClosed: false, failures: 0 });
    await vi.waitUntil(() => other.socket.readyState === 1);
    expect(connected).toHaveLength(1);
    expect(socket.readyState).toBe(0);
  });
});
