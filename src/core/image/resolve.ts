import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { EaselError } from '../errors.ts';
import { bareHost, isPublicAddress } from '../net/address.ts';

/** All addresses of a name, as the system sees them. */
export type Resolve = (hostname: string) => Promise<string[]>;

// A resolver that takes longer is broken, or plays for time.
const RESOLVE_TIMEOUT_MS = 3_000;

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * The addresses that a request for `url` may be pinned to, IPv4 first since many hosts of bots have no IPv6 route.
 * Asked once per hop, so that no second answer can differ from the one that was vetted.
 * @throws EaselError `attachment-blocked` when any answer is not public, or is this machine, unless `trusted`;
 * `unreachable-image` when there is no answer within 3 s
 */
export async function vettedAddresses(
  url: URL,
  { resolve, trusted, signal }: { resolve: Resolve; trusted: boolean; signal: AbortSignal },
): Promise<string[]> {
  const host = bareHost(url.hostname);
  const addresses = isIP(host) ? [host] : await resolveWithin(() => resolve(host), host, signal);
  if (addresses.length === 0) throw new EaselError('unreachable-image', { subject: host });
  if (!trusted && !addresses.every(isForeignPublicAddress)) {
    throw new EaselError('attachment-blocked', { subject: host });
  }
  return addresses.toSorted((a, b) => isIP(a) - isIP(b));
}

async function resolveWithin(
  ask: () => Promise<string[]>,
  host: string,
  signal: AbortSignal,
): Promise<string[]> {
  const cut = Promise.withResolvers<never>();
  const giveUp = () => cut.reject(new Error('no answer from DNS in time'));
  const timer = setTimeout(giveUp, RESOLVE_TIMEOUT_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([ask(), cut.promise]);
  } catch (error) {
    throw new EaselError('unreachable-image', { subject: host, cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** Public, and not one of this machine's own: its services are as private as those on loopback. */
function isForeignPublicAddress(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return isPublicAddress(address) && !own.some((entry) => entry.address === address);
}
