/** The page's own files, read once and packed once. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Handler, Hono } from 'hono';

interface PageFile {
  type: string;
  etag: string;
  raw: Uint8Array<ArrayBuffer>;
  packed: Uint8Array<ArrayBuffer>;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const DIRECTORY = fileURLToPath(new URL('page', import.meta.url));

/** `/` and `/page/<file>`; a browser asks each time whether its copy is still good. */
export function pageRoutes(): Hono {
  const routes = new Hono();
  const files = readFiles();
  for (const [name, file] of files) {
    const path = name === 'index.html' ? '/' : `/page/${name}`;
    routes.get(path, ({ req }) => serve(file, req.raw.headers));
  }
  return routes;
}

/** One of the files at an address of its own. */
export function pageFile(name: string): Handler {
  const file = readFile(name);
  return ({ req }) => serve(file, req.raw.headers);
}

function readFiles(): Map<string, PageFile> {
  const names = readdirSync(DIRECTORY).filter((name) => extname(name) in TYPES);
  return new Map(names.map((name) => [name, readFile(name)]));
}

function readFile(name: string): PageFile {
  const raw = new Uint8Array(readFileSync(join(DIRECTORY, name)));
  const digest = createHash('sha256').update(raw).digest('base64url').slice(0, 16);
  const type = TYPES[extname(name)] ?? '';
  return { type, etag: `"${digest}"`, raw, packed: new Uint8Array(gzipSync(raw)) };
}

function serve({ type, etag, raw, packed }: PageFile, headers: Headers): Response {
  const caching = { etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
  if (headers.get('if-none-match')?.includes(etag)) {
    return new Response(null, { status: 304, headers: caching });
  }
  const packs = /\bgzip\b/.test(headers.get('accept-encoding') ?? '');
  return new Response(packs ? packed : raw, {
    headers: { ...caching, 'content-type': type, ...(packs && { 'content-encoding': 'gzip' }) },
  });
}
