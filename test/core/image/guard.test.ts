import { describe, expect, it } from 'vitest';
import { createGuard, type DenyReason } from '../../../src/core/image/guard.ts';

const DENIED: Record<DenyReason, string[]> = {
  url: ['', 'not a url', '//cdn.example.com/a.png', 'http://', 'http://[::1', 'http://1.2.3.4.5/'],
  scheme: [
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'ftp://cdn.example.com/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'javascript:alert(1)',
    'blob:https://cdn.example.com/1',
    'ws://cdn.example.com/',
    'gs://bucket/x.png',
    'unix:/run/docker.sock',
  ],
  credentials: [
    'http://user@127.0.0.1/',
    'https://cdn.example.com@127.0.0.1/',
    'https://u:p@cdn.example.com/a.png',
    'https://:p@cdn.example.com/',
    'http://u@trusted.lan:3000/',
  ],
  port: [
    'https://cdn.example.com:22/a.png',
    'https://cdn.example.com:6379/a.png',
    'https://cdn.example.com:80/',
    'http://cdn.example.com:443/',
    'http://cdn.example.com:0/',
    'http://trusted.lan:3001/',
  ],
  host: [
    'https://localhost/',
    'http://LOCALHOST./',
    'http://foo.localhost/',
    'http://localhost.localdomain/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://METADATA.GOOGLE.INTERNAL./',
    'http://metadata/',
    'http://metadata.goog/',
    'http://metadata.tencentyun.com/',
    'http://instance-data.ec2.internal/',
    'http://intranet/',
    'http://printer.local/',
    'http://router.lan/',
    'http://nas.home.arpa/',
    'http://a..example.com/',
    'http://redis/',
    'http://trusted.lan/',
  ],
  address: [
    ...['127.0.0.1', '127.1', '127.0.1', '0', '0.0.0.0', '2130706433', '0x7f000001', '0x7f.1'],
    ...['017700000001', '0177.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1'],
    ...['172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255', '100.100.100.200'],
    ...[
      '169.254.169.254',
      '0xA9FEA9FE',
      '2852039166',
      '127.0.0.1.',
      '１２７.0.0.1',
      '127。0。0。1',
    ],
    ...['168.63.129.16', '0xa83f8110', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1'],
    ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '0.1.2.3'],
    ...['255.255.255.255', '192.31.196.1', '192.52.193.1', '192.175.48.1'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '[::ffff:8.8.8.8]'],
    ...['[::169.254.169.254]', '[::127.0.0.1]', '[::8.8.8.8]', '[::ffff:0:127.0.0.1]'],
    ...['[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[fd20:ce::254]', '[ff02::1]'],
    ...['[64:ff9b::a9fe:a9fe]', '[64:ff9b::8.8.8.8]', '[64:ff9b:1::1]', '[100::1]', '[5f00::1]'],
    ...['[4000::1]', '[1fff::1]', '[2001::1]', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]'],
    ...['[2001:2::1]', '[2001:3::1]', '[2001:4:112::1]', '[2001:10::1]', '[2001:20::1]'],
    ...['[2001:30::1]', '[2001:1ff::1]', '[2001:db8::1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::1]'],
    ...['[2620:4f:8000::1]', '[3ffe::1]', '[3fff::1]', '[3fff:fff::1]'],
    ...['[2a00:1450::5efe:7f00:1]', '[2a00:1450::200:5efe:a9fe:a9fe]'],
  ].map((host) => `http://${host}/`),
};

const ALLOWED = [
  'https://172.32.0.1/a.png',
  'https://100.63.255.255/a.png',
  'https://100.128.0.0/a.png',
  'https://8.8.8.8/',
  'https://168.63.129.15/',
  'https://cdn.example.com/a.png',
  'https://cdn.example.com:443/a.png',
  'http://cdn.example.com:80/a.png',
  'http://cdn.example.com/a.png',
  'HTTPS://CDN.EXAMPLE.COM./a.png',
  'https://127.0.0.1.example.com/a.png',
  'https://cdn.example.com/?u=http://127.0.0.1/',
  'https://localhost.example.com/',
  'https://xn--bcher-kva.example/',
  'https://[2606:4700:4700::1111]/',
  'https://[2a00:1450:4001::5]/',
  'https://[2001:200::1]/',
];

const guard = createGuard(['Trusted.lan:3000', '127.0.0.1:8081', '[::1]:8082', 'plain.lan:443']);

describe('the image URL policy', () => {
  for (const reason of Object.keys(DENIED) as DenyReason[]) {
    it.each(DENIED[reason])(`denies by ${reason}: %s`, (url) => {
      expect(guard.judge(url)).toEqual({ allowed: false, reason });
    });
  }

  it.each(ALLOWED)('allows %s', (url) => {
    expect(guard.judge(url)).toEqual({ allowed: true, trusted: false });
  });

  it.each([
    'http://trusted.lan:3000/a.png',
    'https://TRUSTED.lan.:3000/',
    'http://127.0.0.1:8081/file',
    'http://2130706433:8081/file',
    'http://[0:0::1]:8082/',
    'https://plain.lan/',
  ])('trusts what the operator listed: %s', (url) => {
    expect(guard.judge(url)).toEqual({ allowed: true, trusted: true });
  });

  it('holds the scheme against trusted hosts too', () => {
    expect(guard.judge('ftp://trusted.lan:3000/')).toEqual({ allowed: false, reason: 'scheme' });
  });
});
