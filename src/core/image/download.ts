import { isIP } from 'node:net';
import { type Dispatcher, request } from 'undici';
import { EaselError } from '../errors.ts';
import { bareHost } from '../net/address.ts';
import type { Network } from '../net/network.ts';
import type { Payload, PayloadStore } from '../wire/types.ts';
import { createGuard, type Guard, type Verdict } from './guard.ts';
import { redirectTarget } from './redirect.ts';
import { type Resolve, systemResolve, vettedAddresses } from './resolve.ts';

/** Fetches pictures from addresses that others chose, without being led into private networks. */
export interface Downloader {
  /**
   * Fetches one picture's bytes; `timeoutMs` covers everything, redirects included.
   * @throws EaselError `attachment-blocked` (policy), `attachment-too-large`, `cancelled` (`signal`),
   * `unreachable-image` (all else); errors name the host only
   */
  download(url: string, options: DownloadOptions): Promise<Payload>;
}

export interface DownloadOptions {
  maxBytes: number;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface DownloaderOptions {
  network: Network;
  /** `host:port` entries that may be fetched although private. */
  trustedHosts: readonly string[];
  payloads: PayloadStore;
  /** @default the system's resolver */
  resolve?: Resolve;
}

// More than any picture host needs.
const MAX_REDIRECTS = 3;
const CONNECT_TIMEOUT_MS = 5_000;
// More addresses than this are not tried when connecting fails.
const MAX_ADDRESSES = 3;

interface Parts {
  guard: Guard;
  network: Network;
  resolve: Resolve;
  payloads: PayloadStore;
}

interface Limits {
  maxBytes: number;
  signal: AbortSignal;
}

export function createDownloader(options: DownloaderOptions): Downloader {
  const { network, payloads, resolve = systemResolve } = options;
  const parts: Parts = { network, payloads, resolve, guard: createGuard(options.trustedHosts) };
  return {
    async download(url, { maxBytes, timeoutMs, signal }) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await follow(parts, url, { maxBytes, signal: limited });
      } catch (error) {
        if (signal.aborted) throw new EaselError('cancelled');
        if (error instanceof EaselError) throw error;
        throw unreachable(hostOf(url), error);
      }
    },
  };
}

/** One hop after the other, each vetted as if it were the first. */
async function follow(parts: Parts, first: string, limits: Limits): Promise<Payload> {
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const trusted = vet(parts.guard.judge(url), url);
    const outcome = await fetchHop(parts, new URL(url), { ...limits, trusted });
    if (typeof outcome !== 'string') return outcome;
    url = outcome;
  }
  throw unreachable(hostOf(first));
}

function vet(verdict: Verdict, url: string): boolean {
  if (verdict.allowed) return verdict.trusted;
  throw new EaselError('attachment-blocked', { subject: `${hostOf(url)} (${verdict.reason})` });
}

/** The payload, or where the answer points to. */
async function fetchHop(
  { network, resolve, payloads }: Parts,
  url: URL,
  { trusted, maxBytes, signal }: Limits & { trusted: boolean },
): Promise<Payload | string> {
  const addresses = await vettedAddresses(url, { resolve, trusted, signal });
  let failure: unknown;
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const pinned = pin(url, address);
    const dispatcher = network.single(pinned, {
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      servername: bareHost(url.hostname),
    });
    try {
      const response = await get(url, pinned, dispatcher, signal).catch((error: unknown) => {
        failure = error;
        signal.throwIfAborted();
      });
      if (response) return await read(response, url, { payloads, maxBytes });
    } finally {
      // Takes the socket and what is left of the body with it, on every way out.
      await dispatcher.destroy();
    }
  }
  throw unreachable(url.hostname, failure);
}

/** The same URL at an address that was vetted; Host and TLS keep the name. */
function pin(url: URL, address: string): URL {
  const pinned = new URL(url);
  pinned.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return pinned;
}

function get(url: URL, pinned: URL, dispatcher: Dispatcher, signal: AbortSignal) {
  return request(pinned, {
    dispatcher,
    signal,
    headers: { host: url.host, accept: 'image/*', 'accept-encoding': 'identity' },
  });
}

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  { payloads, maxBytes }: { payloads: PayloadStore; maxBytes: number },
): Promise<Payload | string> {
  body.on('error', () => {}); // told by the loop that reads, or of no interest to one that left
  if (statusCode >= 300 && statusCode < 400) return redirectTarget(headers.location, url);
  if (statusCode !== 200) {
    throw new EaselError('unreachable-image', { subject: url.hostname, status: statusCode });
  }
  // Decoding could blow up beyond any limit, and nobody was asked to compress.
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw unreachable(url.hostname);
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const payload = await store(body, payloads, maxBytes);
  if (payload.size > 0) return payload;
  await payload.discard();
  throw unreachable(url.hostname);
}

async function store(
  body: AsyncIterable<Uint8Array>,
  payloads: PayloadStore,
  maxBytes: number,
): Promise<Payload> {
  const sink = payloads.createSink();
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      sink.reserve(chunk.length).set(chunk);
      sink.commit(chunk.length);
      await sink.drain();
    }
  } catch (error) {
    // The only way to make a sink let go of what it holds.
    await sink.finish().then(
      (payload) => payload.discard(),
      () => {},
    );
    throw error;
  }
  return sink.finish();
}

function tooLarge(maxBytes: number): EaselError {
  return new EaselError('attachment-too-large', { subject: `more than ${maxBytes} bytes` });
}

function unreachable(host: string, cause?: unknown): EaselError {
  return new EaselError('unreachable-image', { subject: host, cause });
}

// Never path or query: they may carry a token.
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : 'not a URL';
}
