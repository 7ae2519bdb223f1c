/** A server of the measurement as its parent sees it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Stamp, Wish } from './stamps.ts';

export interface Server {
  origin: string;
  say(wishes: Wish[]): void;
  stop(): void;
}

export async function startServer(file: string, note: (stamp: Stamp) => void): Promise<Server> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)));
  const [address]: { port: number }[] = await once(child, 'message');
  child.on('message', (one: Stamp) => note(one));
  return {
    origin: `http://127.0.0.1:${address?.port}`,
    say: (wishes) => child.send(wishes),
    stop: () => child.disconnect(),
  };
}
