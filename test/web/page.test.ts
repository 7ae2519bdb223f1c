import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pageRoutes } from '../../src/web/page.ts';
import { studioWords } from '../../src/web/words.ts';

const DIRECTORY = new URL('../../src/web/page/', import.meta.url);
const NAMES = readdirSync(DIRECTORY);
const SOURCES = NAMES.filter((name) => /\.(?:js|html|css)$/.test(name));

function read(name: string): string {
  return readFileSync(new URL(name, DIRECTORY), 'utf8');
}

describe('the page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page/studio.js', 'text/javascript; charset=utf-8'],
    ['/page/studio.css', 'text/css; charset=utf-8'],
    ['/page/easel.svg', 'image/svg+xml'],
  ])('%s is %s, packed for who takes that, and not sent again', async (path, type) => {
    const routes = pageRoutes();
    const plain = await routes.request(path);
    expect(plain.headers.get('content-type')).toBe(type);
    const packed = await routes.request(path, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    const raw = Buffer.from(await plain.arrayBuffer());
    expect(Buffer.from(await packed.arrayBuffer())).toEqual(gzipSync(raw));
    const etag = plain.headers.get('etag') ?? '';
    const again = await routes.request(path, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it.each(['/page/../page.ts', '/page/%2e%2e/page.ts', '/page/'])('is not %s', async (path) => {
    expect((await pageRoutes().request(path)).status).toBe(404);
  });

  it('names no other place', () => {
    const svg = 'http://www.w3.org/2000/svg';
    const elsewhere = /https?:\/\/|["'(]\/\/[a-z]/;
    const naming = SOURCES.filter((name) => elsewhere.test(read(name).replaceAll(svg, '')));
    expect(naming).toEqual([]);
  });

  it('makes no markup out of words', () => {
    const made = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b/;
    expect(SOURCES.filter((name) => made.test(read(name)))).toEqual([]);
  });

  it('stays small: less than 64 KiB in all, 24 KiB packed', () => {
    const studio = SOURCES.filter((name) => !name.startsWith('operator'));
    const files = studio.map((name) => Buffer.from(read(name)));
    const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
    expect(sum(files.map(({ length }) => length))).toBeLessThan(65_536);
    expect(sum(files.map((file) => gzipSync(file).length))).toBeLessThan(24_576);
  });

  it('has modules of at most 250 lines', () => {
    const modules = NAMES.filter((name) => name.endsWith('.js'));
    expect(modules.filter((name) => read(name).split('\n').length > 250)).toEqual([]);
  });
});

describe('the words of the page', () => {
  const english = studioWords('en');

  it('are those that the page uses', () => {
    const code = NAMES.filter((name) => name.endsWith('.js'))
      .map(read)
      .join('\n');
    const used = [...code.matchAll(/words(?:\.([a-z]+)|\['([\w.-]+)'\])/g)].flatMap(
      ([, plain, quoted]) => plain ?? quoted ?? [],
    );
    const examples = [...code.matchAll(/'(example\.\d)'/g)].flatMap(([, key]) => key ?? []);
    // Not words of the page but a class, or a method.
    const keys = new Set([...used, ...examples].filter((key) => key in english));
    expect([...keys].toSorted()).toEqual(Object.keys(english).toSorted());
  });
});
