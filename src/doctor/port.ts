/** What holds `HTTP_PORT`: Easel itself, when it is running. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { createGate } from '../web/gate.ts';
import { about, type Check, type Finding } from './finding.ts';

/** `any` is port 0. */
export type PortState = 'any' | 'free' | 'easel' | 'taken' | 'forbidden' | 'no-address';

const HEALTH_TIMEOUT_MS = 3_000;
const found = about('HTTP_HOST, HTTP_PORT');

/** Never throws. */
export async function probePort({ host, port }: Config['http']): Promise<PortState> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return port === 0 ? 'any' : 'free';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EACCES') return 'forbidden';
    if (code !== 'EADDRINUSE') return 'no-address';
    return (await isEasel(host, port)) ? 'easel' : 'taken';
  } finally {
    server.close();
  }
}

/** Straight, whatever the proxy: it is this machine. */
async function isEasel(host: string, port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
    const answer = await fetch(`http://${reachable(host)}:${port}/healthz`, { signal });
    return answer.status === 200 && (await answer.text()) === 'ok';
  } catch {
    return false;
  }
}

/** An address to call where a server listens on all of them. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

export const portCheck: Check = {
  name: 'HTTP_HOST, HTTP_PORT',
  async run({ config, port }) {
    const state = await port;
    return [judgePort(state, config.telegram?.webhook !== undefined), ...noteLink(config)];
  },
};

function judgePort(state: PortState, isPublished: boolean): Finding {
  switch (state) {
    case 'any':
      return isPublished
        ? found.warning('port 0: a new one at each start', 'HTTP_PORT: webhooks need a fixed one')
        : found.good('port 0: a free one at each start');
    case 'free':
      return found.good('the port is free');
    case 'easel':
      return found.good('Easel is running there now');
    case 'taken':
      return found.bad('something else listens there', 'HTTP_PORT: choose another port');
    case 'forbidden':
      return found.bad(
        'this user may not listen there',
        'HTTP_PORT: choose a port from 1024 on, and put a proxy in front of it',
      );
    case 'no-address':
      return found.bad(
        'this machine has no such address',
        'HTTP_HOST: 127.0.0.1 for this machine alone, 0.0.0.0 for every network',
      );
  }
}

function noteLink({ http, telegram }: Config): Finding[] {
  const isPublished = telegram?.webhook !== undefined;
  const { entrance } = createGate({ host: http.host, isPublished });
  if (entrance === '/') return [];
  return [about('Studio').good('others can reach the port, so it opens by the one-time link only')];
}
