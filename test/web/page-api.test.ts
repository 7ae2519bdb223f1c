import { expect, it } from 'vitest';
import type { Source } from '../../src/core/index.ts';

// The page's modules are plain JavaScript, which the compiler does not read.
const { linksOf }: { linksOf(message: { sources: Source[] }): { href: string; text: string }[] } =
  await import(new URL('../../src/web/page/api.js', import.meta.url).href);

it.each<[Source, { href: string; text: string }[]]>([
  [{ url: 'https://a.test/x', title: 'A' }, [{ href: 'https://a.test/x', text: 'A' }]],
  [{ url: 'http://a.test/x' }, [{ href: 'http://a.test/x', text: 'a.test' }]],
  [{ url: 'https://[not-an-address' }, []],
  [{ url: 'https://' }, []],
  [{ url: 'javascript:alert(1)', title: 'A' }, []],
  [{ url: 'data:text/html,x', title: 'A' }, []],
])('of the source %j becomes %j', (source, links) => {
  expect(linksOf({ sources: [source] })).toEqual(links);
});
