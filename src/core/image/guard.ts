import { isIP } from 'node:net';
import { bareHost, effectivePort, isPublicAddress } from '../net/address.ts';

/** Why a URL may not be fetched. */
export type DenyReason = 'url' | 'scheme' | 'credentials' | 'port' | 'host' | 'address';

export type Verdict = { allowed: true; trusted: boolean } | { allowed: false; reason: DenyReason };

/** Decides about image URLs as they are written, before any name is looked up. */
export interface Guard {
  /**
   * http and https only, no credentials; then either a trusted `host:port`, or the scheme's own port and a public host.
   * A host name's addresses still have to pass `isPublicAddress` unless the verdict says `trusted`.
   */
  judge(url: string | URL): Verdict;
}

/** `trustedHosts`: `host:port` entries, as `TRUSTED_HOSTS` lists them; IPv6 in brackets. */
export function createGuard(trustedHosts: readonly string[]): Guard {
  const trusted = new Set(trustedHosts.map(canonicalHost));
  return {
    judge(input) {
      if (typeof input === 'string' && !URL.canParse(input)) return deny('url');
      const url = new URL(input);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') return deny('scheme');
      if (url.username !== '' || url.password !== '') return deny('credentials');
      if (trusted.has(hostAndPort(url))) return { allowed: true, trusted: true };
      if (url.port !== '') return deny('port');
      return judgeHost(bareHost(url.hostname));
    },
  };
}

function judgeHost(host: string): Verdict {
  const literal = isIP(host) !== 0;
  if (literal && !isPublicAddress(host)) return deny('address');
  if (!literal && !isPublicName(host)) return deny('host');
  return { allowed: true, trusted: false };
}

function deny(reason: DenyReason): Verdict {
  return { allowed: false, reason };
}

// Top-level names that no public DNS serves (RFC 6761, 6762, 7686, 8375, ICANN's .internal, and home routers' habits).
const PRIVATE_SUFFIXES = new Set(
  'localhost local localdomain internal intranet private corp home lan arpa onion invalid test'.split(
    ' ',
  ),
);

// Clouds' metadata services that have a name below a public suffix.
const METADATA_NAMES = new Set([
  'metadata.goog',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'metadata.tencentyun.com',
]);

function isPublicName(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  return (
    labels.length > 1 &&
    !labels.includes('') &&
    !PRIVATE_SUFFIXES.has(last) &&
    !METADATA_NAMES.has(host)
  );
}

function hostAndPort(url: URL): string {
  return `${bareHost(url.hostname)}:${effectivePort(url)}`;
}

// Through the URL parser, so that an entry is spelled as the URLs that it is compared with.
function canonicalHost(entry: string): string {
  const text = `http://${entry.trim()}`;
  return URL.canParse(text) ? hostAndPort(new URL(text)) : entry;
}
