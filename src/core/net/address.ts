import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address in text is a public unicast one. IPv4 is public when no registry entry says otherwise; IPv6 only
 * inside 2000::/3 (what IANA has given out) without its special blocks, since deny-lists over the rest have let
 * `::a.b.c.d` and site-local addresses through in every guard that we measured. False for text that is no address.
 */
export function isPublicAddress(text: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return isPublicV4(ipaddr.IPv4.parse(text));
  return ipaddr.IPv6.isValid(text) && isPublicV6(ipaddr.IPv6.parse(text));
}

/** A host as it is compared: lower case, without the root dot, IPv6 without brackets. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** The port that a URL names or implies. */
export function effectivePort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

// Azure's host channel (metadata, DNS, health), a public address that answers only from inside.
const DENIED_V4 = new Set(['168.63.129.16']);

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !DENIED_V4.has(address.toString());
}

const ALLOCATED_V6 = ipaddr.parseCIDR('2000::/3');

// IANA's special-purpose registry inside 2000::/3.
const DENIED_V6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarking, AMT, ORCHID, drone tags
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address inside
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // the 6bone, handed back
  '3fff::/20', // documentation
].map((block) => ipaddr.parseCIDR(block));

function isPublicV6(address: ipaddr.IPv6): boolean {
  return (
    // A zone id names an interface of this machine.
    address.zoneId === undefined &&
    address.match(ALLOCATED_V6) &&
    !DENIED_V6.some((block) => address.match(block)) &&
    !isIsatap(address)
  );
}

// RFC 5214: any prefix, then 0000:5efe or 0200:5efe, then an IPv4 address that a tunnel would reach.
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & ~0x0200) === 0 && parts[5] === 0x5efe;
}
