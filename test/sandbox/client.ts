import sharp from 'sharp';
import { FormData, request } from 'undici';
import { afterAll, beforeAll } from 'vitest';
import { createSandbox, type JournalEntry, type Sandbox } from '../../src/sandbox/sandbox.ts';

export interface Answer {
  status: number;
  type: string;
  text: string;
  retryAfter: string | undefined;
}

/** A sandbox for the tests of one file, and short ways to ask it. */
export function useSandbox(): Client {
  const journal: JournalEntry[] = [];
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    sandbox = await createSandbox({ journal: (entry) => journal.push(entry) });
  });
  afterAll(() => sandbox?.close());
  const origin = () => sandbox?.origin ?? '';
  return {
    journal,
    origin,
    post: (path, body, headers = KEY) =>
      send(`${origin()}${path}`, { method: 'POST', body: printBody(body), headers }),
    get: (path, headers = KEY) => send(`${origin()}${path}`, { method: 'GET', headers }),
  };
}

export interface Client {
  journal: JournalEntry[];
  origin(): string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
}

export const KEY = { authorization: 'Bearer sk-any' };

function printBody(body: unknown): string | FormData {
  return body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body);
}

async function send(
  url: string,
  options: NonNullable<Parameters<typeof request>[1]>,
): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, options);
  const [type = '', retryAfter] = [headers['content-type'], headers['retry-after']].map((header) =>
    header?.toString(),
  );
  return { status: statusCode, type, text: await body.text(), retryAfter };
}

const BASE64_RUN = /(?:iVBORw0KGgo|\/9j\/)[A-Za-z0-9+/=]+/g;

/** The answer with every picture's base64 elided as a page would. */
export function elide(text: string, mark: string): string {
  return text.replace(BASE64_RUN, mark);
}

/** Every picture in an answer, wherever it lies. */
export function findPictures(text: string): Buffer[] {
  return Array.from(text.matchAll(BASE64_RUN), ([run]) => Buffer.from(run, 'base64'));
}

/** Format and size of each picture, having decoded every pixel: `png 1024x1024`. */
export function describe(pictures: Buffer[]): Promise<string[]> {
  return Promise.all(
    pictures.map(async (picture) => {
      const { format } = await sharp(picture).metadata();
      const { info } = await sharp(picture, { failOn: 'warning' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      return `${format} ${info.width}x${info.height}`;
    }),
  );
}

/** A small picture whose left half is red and right half is blue. */
export function makeInput(width = 60, height = 40): Promise<Buffer> {
  const right = {
    create: { width: width / 2, height, channels: 3, background: '#2030d0' },
  } as const;
  return sharp({ create: { width, height, channels: 3, background: '#d03020' } })
    .composite([{ input: right, left: width / 2, top: 0 }])
    .png()
    .toBuffer();
}

export const toDataUri = (picture: Buffer): string =>
  `data:image/png;base64,${picture.toString('base64')}`;

/** A chat body with words, and pictures in the widespread spelling. */
export function chatBody(prompt: string, pictures: Buffer[] = [], more: object = {}): object {
  const parts = pictures.map((picture) => ({
    type: 'image_url',
    image_url: { url: toDataUri(picture) },
  }));
  const content = [{ type: 'text', text: prompt }, ...parts];
  return { model: 'some-model', messages: [{ role: 'user', content }], ...more };
}

/** A native body with words and pictures. */
export function nativeBody(prompt: string, pictures: Buffer[] = [], more: object = {}): object {
  const parts = pictures.map((picture) => ({
    inlineData: { mimeType: 'image/png', data: picture.toString('base64') },
  }));
  return { contents: [{ role: 'user', parts: [{ text: prompt }, ...parts] }], ...more };
}
