import { isIP } from 'node:net';
import { Agent, Client, type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici';
import { createProxyBypass } from './proxy-bypass.ts';

/** How requests leave the machine: directly, or all through the operator's proxy. */
export interface Network {
  /** The keep-alive pool that serves `url`; owned by the network. */
  shared(url: URL): Dispatcher;
  /**
   * A dispatcher for one request to the origin of `url`, without keep-alive; the caller destroys it. For paid requests,
   * where a stale pooled socket would leave "was it sent?" open, and for downloads pinned to an address.
   * `servername` is the name behind a pinned address: TLS asks for it and `noProxy` is matched against it too.
   */
  single(url: URL, options: SingleOptions): Dispatcher;
  /** Cuts every shared connection; what is in flight fails. */
  close(): Promise<void>;
}

export interface SingleOptions {
  /** For each step: reaching the proxy, its answer, and TLS with the target. */
  connectTimeoutMs: number;
  servername?: string | undefined;
}

export interface NetworkOptions {
  /** `http://`, `https://` (CONNECT) or `socks5://`, credentials allowed. Plain http targets are tunnelled too. */
  proxy?: string | undefined;
  /** Hosts reached without the proxy, as `NO_PROXY` lists them. */
  noProxy?: string | undefined;
}

// What undici waits for a connection by default.
const SHARED_CONNECT_TIMEOUT_MS = 10_000;

/** @throws TypeError when `proxy` is no URL, RangeError for a scheme that is none of the four */
export function createNetwork({ proxy, noProxy = '' }: NetworkOptions): Network {
  const proxyUrl = proxy === undefined ? undefined : parseProxy(proxy);
  const bypasses = createProxyBypass(noProxy);
  // HTTP/1.1 everywhere: with HTTP/2 one broken connection would leave several paid requests in doubt at once.
  const direct = new Agent({ allowH2: false });
  const pooled =
    proxyUrl && createTunnel(proxyUrl, { connectTimeoutMs: SHARED_CONNECT_TIMEOUT_MS });
  return {
    shared: (url) => (pooled === undefined || bypasses(url) ? direct : pooled),
    single: (url, options) =>
      proxyUrl === undefined || bypasses(url, options.servername)
        ? createDirect(url, options)
        : createTunnel(proxyUrl, options),
    async close() {
      await Promise.all([direct.destroy(), pooled?.destroy()]);
    },
  };
}

function parseProxy(proxy: string): URL {
  // No cause and no text of the URL: it may hold a password.
  if (!URL.canParse(proxy)) throw new TypeError('the proxy is not a URL');
  const url = new URL(proxy);
  if (!['http:', 'https:', 'socks5:', 'socks:'].includes(url.protocol)) {
    throw new RangeError('the proxy must be http://, https:// or socks5://');
  }
  return url;
}

function createDirect(url: URL, { connectTimeoutMs, servername }: SingleOptions): Dispatcher {
  return new Client(url.origin, {
    allowH2: false,
    pipelining: 0,
    connect: { timeout: connectTimeoutMs, ...tlsName(servername) },
  });
}

function createTunnel(proxy: URL, options: SingleOptions): Dispatcher {
  return proxy.protocol.startsWith('socks')
    ? createSocksTunnel(proxy, options)
    : createConnectTunnel(proxy, options);
}

function createConnectTunnel(
  proxy: URL,
  { connectTimeoutMs, servername }: SingleOptions,
): Dispatcher {
  return new ProxyAgent({
    uri: proxy.href,
    proxyTunnel: true,
    allowH2: false,
    connectTimeout: connectTimeoutMs,
    proxyTls: { timeout: connectTimeoutMs, allowH2: false },
    requestTls: { timeout: connectTimeoutMs, allowH2: false, ...tlsName(servername) },
    // undici leaves the proxy five minutes to answer CONNECT unless its own client is told otherwise.
    clientFactory: (origin, base) =>
      new Pool(origin, { ...base, headersTimeout: connectTimeoutMs }),
  });
}

function createSocksTunnel(
  proxy: URL,
  { connectTimeoutMs, servername }: SingleOptions,
): Dispatcher {
  return withoutExperimentalWarning(
    () =>
      new Socks5ProxyAgent(proxy, {
        connectTimeout: connectTimeoutMs,
        requestTls: { timeout: connectTimeoutMs, ...tlsName(servername) },
      }),
  );
}

// An IP address is no SNI name (RFC 6066), so only names are handed to TLS.
function tlsName(servername: string | undefined): { servername?: string } {
  return servername === undefined || isIP(servername) !== 0 ? {} : { servername };
}

// undici warns once that SOCKS5 is experimental; operators who set a SOCKS5 proxy can do nothing about it.
// The constructor is synchronous, so no other warning can fall into the gap.
function withoutExperimentalWarning<T>(create: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return create();
  } finally {
    process.emitWarning = emitWarning;
  }
}
