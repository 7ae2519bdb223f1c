import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMediaType } from '../../src/web/media-type.ts';
import { createUploads } from '../../src/web/uploads.ts';
import { makeDirectory } from './setup.ts';

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(92, 7)]);

async function* chunksOf(...chunks: Uint8Array[]) {
  yield* chunks;
}

async function setUp() {
  const directory = join(await makeDirectory(), 'uploads');
  return { directory, uploads: createUploads({ directory, maxBytes: 100 }) };
}

describe('an upload', () => {
  it('is kept whole, for this user’s eyes only', async () => {
    const { directory, uploads } = await setUp();
    const id = await uploads.add(chunksOf(PNG.subarray(0, 40), PNG.subarray(40)));
    const { file, bytes, mediaType } = await uploads.open(id);
    expect(await file.readFile()).toEqual(PNG);
    await file.close();
    expect({ bytes, mediaType }).toEqual({ bytes: 100, mediaType: 'image/png' });
    expect((await stat(join(directory, id))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['too large', [PNG, Buffer.alloc(1)], 'attachment-too-large'],
    ['a page', [Buffer.from('<html><script>')], 'attachment-unsupported'],
    ['a drawing with scripts', [Buffer.from('<svg xmlns=')], 'attachment-unsupported'],
    ['nothing', [], 'attachment-unsupported'],
  ])('that is %s leaves nothing behind', async (_, chunks, code) => {
    const { directory, uploads } = await setUp();
    await expect(uploads.add(chunksOf(...chunks))).rejects.toMatchObject({ code });
    expect(await readdir(directory)).toEqual([]);
  });

  it('that breaks off leaves nothing behind', async () => {
    const { directory, uploads } = await setUp();
    async function* broken() {
      yield PNG;
      throw new Error('gone');
    }
    await expect(uploads.add(broken())).rejects.toThrow('gone');
    expect(await readdir(directory)).toEqual([]);
  });

  it.each(['../secret', 'unknown', '', 'abcdefghijklmnopqrstuv'])(
    'named %j is gone',
    async (id) => {
      const { directory, uploads } = await setUp();
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, '..', 'secret'), 'x');
      await expect(uploads.open(id)).rejects.toMatchObject({ code: 'attachment-gone' });
    },
  );

  it('goes after a day when nobody wants it, and at once when asked', async () => {
    const { directory, uploads } = await setUp();
    const [wanted = '', old = '', young = ''] = await Promise.all(
      [1, 2, 3].map(() => uploads.add(chunksOf(PNG))),
    );
    const before = new Date(Date.now() - 25 * 3_600_000);
    for (const id of [wanted, old]) await utimes(join(directory, id), before, before);
    expect(await uploads.sweep(new Set([wanted]))).toBe(1);
    expect((await readdir(directory)).toSorted()).toEqual([wanted, young].toSorted());
    await uploads.remove(young);
    await uploads.remove(young);
    expect(await readdir(directory)).toEqual([wanted]);
  });

  it('finds nothing to sweep where nothing was ever kept', async () => {
    const { uploads } = await setUp();
    expect(await uploads.sweep(new Set())).toBe(0);
  });
});

describe('readMediaType', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x10\x20\x30\x40WEBPVP8 ', 'image/webp'],
    ['\0\0\0\x1cftypavif', 'image/avif'],
    ['\0\0\0\x18ftypheic', 'image/heic'],
    ['\0\0\0\x18ftypmif1', 'image/heic'],
    ['RIFF\x10\x20\x30\x40WAVEfmt ', undefined],
    ['<!doctype html>', undefined],
    ['\x89PNG', undefined],
    ['', undefined],
  ])('%j', (head, mediaType) => {
    expect(readMediaType(Buffer.from(head, 'latin1'))).toBe(mediaType);
  });
});
