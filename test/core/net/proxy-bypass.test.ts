import { describe, expect, it } from 'vitest';
import { createProxyBypass } from '../../../src/core/net/proxy-bypass.ts';

describe('NO_PROXY', () => {
  it.each([
    ['*', 'https://anything.example/', true],
    ['', 'https://anything.example/', false],
    [' , ,', 'https://anything.example/', false],
    ['example.com', 'https://example.com/', true],
    ['example.com', 'https://a.example.com/', true],
    ['example.com', 'https://notexample.com/', false],
    ['.example.com', 'https://a.example.com/', true],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['EXAMPLE.com', 'https://example.COM./', true],
    ['a.example,b.example', 'https://b.example/', true],
    ['a.example b.example', 'https://b.example/', true],
    ['example.com:8080', 'http://example.com:8080/', true],
    ['example.com:8080', 'http://example.com/', false],
    ['example.com:443', 'https://example.com/', true],
    ['*:80', 'http://example.com/', true],
    ['*:80', 'https://example.com/', false],
    ['127.0.0.1', 'http://127.0.0.1:99/', true],
    ['127.0.0.1:98', 'http://127.0.0.1:99/', false],
    ['10.0.0.0/8', 'http://10.2.3.4/', true],
    ['10.0.0.0/8', 'http://11.2.3.4/', false],
    ['10.0.0.0/8', 'http://[::1]/', false],
    ['10.0.0.0/8', 'http://name.example/', false],
    ['::1', 'http://[::1]:8080/', true],
    ['[::1]', 'http://[::1]/', true],
    ['[::1]:80', 'http://[::1]/', true],
    ['[::1]:80', 'http://[::1]:81/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
  ])('%j bypasses for %s: %s', (noProxy, url, expected) => {
    expect(createProxyBypass(noProxy)(new URL(url))).toBe(expected);
  });

  it('matches the name behind a pinned address', () => {
    const bypasses = createProxyBypass('cdn.example.com');
    expect(bypasses(new URL('http://8.8.8.8/'), 'cdn.example.com')).toBe(true);
    expect(bypasses(new URL('http://8.8.8.8/'), 'other.example.com')).toBe(false);
  });
});
