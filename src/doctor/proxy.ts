/** Whether the proxy takes connections; what goes through it is tried by the other checks. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { bareHost } from '../core/net/address.ts';
import { about, type Check } from './finding.ts';

const found = about('HTTPS_PROXY');
const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443, 'socks5:': 1080 };

export const proxyCheck: Check = {
  name: 'HTTPS_PROXY',
  async run({ config, signal }) {
    if (config.proxy === undefined) return [found.unset('not set: everything is asked directly')];
    const { hostname, port, protocol } = new URL(config.proxy);
    const socket = connect({
      host: bareHost(hostname),
      port: Number(port) || (DEFAULT_PORTS[protocol] ?? 0),
    });
    try {
      await once(socket, 'connect', { signal });
      return [found.good('takes connections')];
    } catch {
      return [found.bad('takes no connection', 'HTTPS_PROXY: is the proxy running there?')];
    } finally {
      socket.destroy();
    }
  },
};
