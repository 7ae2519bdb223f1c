import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { bareHost, effectivePort } from './address.ts';

type Rule = (host: string, port: number) => boolean;

/**
 * Reads a `NO_PROXY` list: commas or blanks between `*`, `host`, `.suffix`, `*.suffix`, `host:port`, an IP address or a
 * CIDR block. A plain host covers its subdomains, as curl and Go have it. Answers whether a URL, or the name behind
 * its pinned address, is to be reached without the proxy.
 */
export function createProxyBypass(noProxy: string): (url: URL, name?: string) => boolean {
  const rules = noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseRule);
  return (url, name) => {
    const port = effectivePort(url);
    const hosts = [bareHost(url.hostname), ...(name === undefined ? [] : [bareHost(name)])];
    return rules.some((matches) => hosts.some((host) => matches(host, port)));
  };
}

function parseRule(entry: string): Rule {
  if (ipaddr.isValidCIDR(entry)) return blockRule(ipaddr.parseCIDR(entry));
  const { name, port } = splitPort(entry);
  const matches = name === '*' ? () => true : isIP(name) ? addressRule(name) : suffixRule(name);
  return (host, hostPort) => (port === undefined || port === hostPort) && matches(host);
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`; a bare IPv6 address has no port. */
function splitPort(entry: string): { name: string; port?: number } {
  if (isIP(entry)) return { name: entry };
  const [, name = entry, port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return { name: bareHost(name), ...(port === undefined ? {} : { port: Number(port) }) };
}

function blockRule([network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): Rule {
  return (host) => {
    if (isIP(host) === 0) return false;
    const address = ipaddr.process(host);
    return address.kind() === network.kind() && address.match(network, bits);
  };
}

function addressRule(name: string): (host: string) => boolean {
  const wanted = ipaddr.process(name).toNormalizedString();
  return (host) => isIP(host) !== 0 && ipaddr.process(host).toNormalizedString() === wanted;
}

function suffixRule(name: string): (host: string) => boolean {
  const suffix = name.replace(/^\*?\./, '');
  return (host) => host === suffix || host.endsWith(`.${suffix}`);
}
