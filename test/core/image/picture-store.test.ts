import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPictureStore, type PictureStore } from '../../../src/core/image/picture-store.ts';
import { payloadOf } from './pictures.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'easel-pictures-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const shape = { mediaType: 'image/png', width: 3, height: 2 } as const;
const bytes = Buffer.from('the picture');
const hash = createHash('sha256').update(bytes).digest('hex');
const files = () =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );

describe('the picture store', () => {
  it('keeps a picture under its hash, for its owner only, without its tail', async () => {
    const store = createPictureStore({ directory: join(directory, 'new') });
    const tailed = Buffer.concat([bytes, Buffer.from(' and a tail')]);
    const picture = await store.add(payloadOf(tailed, 4), { ...shape, length: bytes.length });
    const path = join(directory, 'new', hash.slice(0, 2), `${hash}.png`);
    expect(picture).toEqual({ ...shape, hash, path, bytes: bytes.length });
    expect(readFileSync(path)).toEqual(bytes);
    expect(Buffer.from(await store.read(picture))).toEqual(bytes);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'new')).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'new', hash.slice(0, 2))).mode & 0o777).toBe(0o700);
  });

  it('keeps the same bytes once, also when added at the same time', async () => {
    const store = createPictureStore({ directory });
    const added = await Promise.all([
      store.addBytes(bytes, shape),
      store.addBytes(bytes, shape),
      store.add(payloadOf(bytes), { ...shape, length: bytes.length }),
    ]);
    expect(new Set(added.map(({ path }) => path)).size).toBe(1);
    expect(files()).toHaveLength(1);
  });

  it('heals a damaged copy and replaces a planted link without following it', async () => {
    const store = createPictureStore({ directory });
    const { path } = await store.addBytes(bytes, shape);
    writeFileSync(path, 'damaged');
    await store.addBytes(bytes, shape);
    expect(readFileSync(path)).toEqual(bytes);

    const victim = join(directory, 'victim');
    writeFileSync(victim, 'precious');
    rmSync(path);
    symlinkSync(victim, path);
    await store.addBytes(bytes, shape);
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it('leaves nothing behind when the bytes end early or fail', async () => {
    const store = createPictureStore({ directory });
    const short = store.add(payloadOf(bytes), { ...shape, length: bytes.length + 1 });
    await expect(short).rejects.toMatchObject({ code: 'incomplete-image' });
    const failing = {
      async *open() {
        yield bytes;
        throw new Error('disk');
      },
    };
    const broken = store.add(failing, { ...shape, length: 99 });
    await expect(broken).rejects.toMatchObject({ code: 'internal' });
    expect(files()).toEqual([]);
  });

  it('says when a picture is gone, and where it lay', async () => {
    const store = createPictureStore({ directory });
    const picture = await store.addBytes(bytes, { ...shape, mediaType: 'image/jpeg' });
    expect(basename(picture.path)).toBe(`${hash}.jpg`);
    const { path, ...row } = picture;
    expect(store.locate(row)).toEqual(picture);
    await store.remove(row);
    await store.remove(row);
    expect(files()).toEqual([]);
    await store.renew(row);
    expect(store.locate(row).path).toBe(path);
    await expect(store.read(row)).rejects.toMatchObject({ code: 'attachment-gone' });
  });

  it('keeps what is no picture beside them', async () => {
    const store = createPictureStore({ directory });
    const picture = await store.addBytes(bytes, shape);
    const seal = await store.addFile(payloadOf(bytes, 4));
    expect(seal).toEqual({ file: hash });
    expect(Buffer.from(await store.read(seal))).toEqual(bytes);
    expect(files().map(({ name }) => name)).toEqual([`${hash}.png`, `${hash}.sig`]);
    await store.remove(seal);
    expect(Buffer.from(await store.read(picture))).toEqual(bytes);
  });

  it.each<[string, (store: PictureStore) => Promise<unknown>]>([
    ['added again', (store) => store.addBytes(bytes, shape)],
    ['renewed', (store) => store.renew({ hash, mediaType: 'image/png' })],
  ])('makes a picture young that is %s', async (_name, act) => {
    const store = createPictureStore({ directory });
    const { path } = await store.addBytes(bytes, shape);
    utimesSync(path, 1, 1);
    await act(store);
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(60_000);
  });

  it.each<[string, (store: PictureStore) => Promise<unknown>]>([
    ['write', (store) => store.addBytes(bytes, shape)],
    ['read', (store) => store.read({ hash, mediaType: 'image/png' })],
    ['renew', (store) => store.renew({ hash, mediaType: 'image/png' })],
    ['remove', (store) => store.remove({ hash, mediaType: 'image/png' })],
  ])('says when the disk fails to %s', async (_name, act) => {
    writeFileSync(join(directory, 'file'), '');
    const failing = act(createPictureStore({ directory: join(directory, 'file') }));
    await expect(failing).rejects.toMatchObject({ code: 'internal', subject: 'picture store' });
  });
});
