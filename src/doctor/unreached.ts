/** Why a server was not reached, in words for an operator. */
import type { Config } from '../config.ts';
import { createProxyBypass } from '../core/net/proxy-bypass.ts';

/** By codes of the system, of TLS and of undici. */
const REASONS: [RegExp, string][] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'DNS does not know its name'],
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(ENETUNREACH|EHOSTUNREACH)$/, 'there is no way to it'],
  [/SOCKS5/, 'the proxy refuses the way to it'],
  [/TIMEOUT|^ETIMEDOUT$/, 'it does not answer'],
  [/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/, 'its certificate is not trusted'],
  [/^(EPROTO|ERR_SSL.*)$/, 'it speaks no TLS; is it http instead of https?'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'it broke the connection'],
];

/**
 * Completes "cannot be reached: …". Of the error only codes are read: its words may hold addresses with tokens.
 * @param url what was asked for; it says whether the proxy stood between
 */
export function whyUnreached(
  error: unknown,
  { url, config, signal }: { url: URL; config: Config; signal: AbortSignal },
): string {
  const via = isProxied(url, config) ? ', asked for through HTTPS_PROXY' : '';
  if (signal.aborted) return `it does not answer in time${via}`;
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) return `HTTPS_PROXY refuses the way to it (HTTP ${refusal})`;
  const code = networkCode(error);
  const reason = REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? 'the connection failed';
  return `${reason}${code && ` (${code})`}${via}`;
}

/** Where to look: at the proxy when it stands between, else as `advice` says. */
export function mendUnreached(url: URL, config: Config, advice: string): string {
  return isProxied(url, config)
    ? 'HTTPS_PROXY: is the proxy running, and does it let this host through? NO_PROXY names exceptions'
    : advice;
}

function isProxied(url: URL, { proxy, noProxy = '' }: Config): boolean {
  return proxy !== undefined && !createProxyBypass(noProxy)(url);
}

function networkCode(error: unknown): string {
  for (const inner of chain(error)) {
    if ('code' in inner && typeof inner.code === 'string' && /^[A-Z][A-Z_\d]+$/.test(inner.code)) {
      return inner.code;
    }
  }
  return '';
}

/** undici tells the proxy's status in words only. */
function proxyRefusal(error: unknown): string | undefined {
  const found = chain(error).map(({ message }) => /^Proxy response \((\d{3})\)/.exec(message)?.[1]);
  return found.find(Boolean);
}

/** An error and what it hides; grammY's have theirs under `error`. */
function chain(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  return [error, ...chain(error.cause ?? ('error' in error ? error.error : undefined))];
}
