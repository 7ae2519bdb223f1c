/** A real server on a free port of loopback, which keeps nothing on disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** The first server binary on the PATH. */
export function findRedis(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

export interface RedisServer {
  port: number;
  start(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Keeps it from answering, and from ending. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

export async function createRedisServer(binary: string, ...more: string[]): Promise<RedisServer> {
  for (;;) {
    const server = serverAt(await findFreePort(), binary, more);
    try {
      await server.start();
      return server;
    } catch {
      // Somebody else was quicker to take the port.
    }
  }
}

function serverAt(port: number, binary: string, more: string[]): RedisServer {
  const bind = ['--port', String(port), '--bind', '127.0.0.1'];
  const args = [...bind, '--save', '', '--appendonly', 'no', ...more];
  let child: ChildProcess | undefined;
  return {
    port,
    async start() {
      const started = spawn(binary, args, { stdio: 'ignore' });
      child = started;
      while (!(await answersAt(port))) {
        if (started.exitCode !== null) throw new Error('redis ended early');
        await setTimeout(20);
      }
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    signal: (signal) => child?.kill(signal),
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answersAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').setTimeout(1_000, () =>
    socket.destroy(new Error('silent')),
  );
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply]: Buffer[] = await once(socket, 'data');
    // The second from one that wants a password first.
    return /^(?:\+PONG|-NOAUTH)/.test(String(reply));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
