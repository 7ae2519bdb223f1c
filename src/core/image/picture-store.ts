import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EaselError } from '../errors.ts';
import { EXTENSIONS, type Picture, type StoredPicture } from '../types.ts';
import type { Payload } from '../wire/types.ts';
import type { Inspection } from './inspect.ts';

type Shape = Pick<Picture, 'mediaType' | 'width' | 'height'>;
type Content = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Bytes beside the pictures that are none (a model's signature), by the SHA-256 of them. */
export interface StoredBytes {
  file: string;
}
/** What names a file here. */
export type StoredFile = Pick<StoredPicture, 'hash' | 'mediaType'> | StoredBytes;

/**
 * Pictures as files, each content once, durable when a method resolves. Every method throws EaselError `internal` when
 * the disk fails.
 */
export interface PictureStore {
  /** Stores a payload's picture, its tail left out; the payload stays the caller's to discard. */
  add(
    payload: Pick<Payload, 'open'>,
    inspection: Shape & Pick<Inspection, 'length'>,
  ): Promise<Picture>;
  /** Stores bytes that are a picture as a whole. */
  addBytes(bytes: Uint8Array, shape: Shape): Promise<Picture>;
  /** Stores all of a payload that is no picture; it stays the caller's to discard. */
  addFile(payload: Pick<Payload, 'open' | 'size'>): Promise<StoredBytes>;
  /** Where a picture lies, or lay. */
  locate(picture: StoredPicture): Picture;
  /** @throws EaselError `attachment-gone` when the file is no longer there */
  read(file: StoredFile): Promise<Uint8Array>;
  /** Makes a file as young as a new one for `sweepPictures`; nothing when it is gone. */
  renew(file: StoredFile): Promise<void>;
  /** Harmless when it is gone already. */
  remove(file: StoredFile): Promise<void>;
}

/** Files lie at `<directory>/ab/abcdef….png`, named by the SHA-256 of their bytes, for this user's eyes only. */
export function createPictureStore({ directory }: { directory: string }): PictureStore {
  const root = resolve(directory);
  const pathOf = (hash: string, extension: string) =>
    join(root, hash.slice(0, 2), `${hash}.${extension}`);
  const find = (stored: StoredFile) =>
    'file' in stored
      ? pathOf(stored.file, 'sig')
      : pathOf(stored.hash, EXTENSIONS[stored.mediaType]);

  const store = async (content: Content, length: number, extension: string): Promise<string> => {
    const temporary = join(root, `.${randomUUID()}.tmp`);
    try {
      await makeDirectory(root);
      const hash = await writeFile(temporary, content, length);
      const path = pathOf(hash, extension);
      await makeDirectory(dirname(path));
      // Over an earlier copy of the same bytes too: that heals one that a crash left damaged, and makes it young.
      await rename(temporary, path);
      await syncDirectory(dirname(path));
      return hash;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // the first failure tells more
      throw toStoreError(error);
    }
  };
  const storePicture = async (content: Content, bytes: number, shape: Shape): Promise<Picture> => {
    const { mediaType, width, height } = shape;
    const hash = await store(content, bytes, EXTENSIONS[mediaType]);
    return { hash, path: find({ hash, mediaType }), mediaType, width, height, bytes };
  };
  return {
    add: (payload, inspection) => storePicture(payload.open(), inspection.length, inspection),
    addBytes: (bytes, shape) => storePicture([bytes], bytes.length, shape),
    addFile: async (payload) => ({ file: await store(payload.open(), payload.size, 'sig') }),
    locate: (picture) => ({ ...picture, path: find(picture) }),
    read: (file) => readStored(find(file)),
    renew: (file) => renewStored(find(file)),
    async remove(file) {
      await rm(find(file), { force: true }).catch((error) => Promise.reject(toStoreError(error)));
    },
  };
}

/** Makes what is missing, durably: a file is only as safe as the names of the folders that hold it. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    await syncDirectory(dirname(made));
  }
}

async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Writes the first `length` bytes so that they outlive a power cut; gives their SHA-256. */
async function writeFile(path: string, content: Content, length: number): Promise<string> {
  // Exclusive creation does not follow a symlink planted at the path.
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
  const file = await open(path, flags, 0o600);
  try {
    const hash = createHash('sha256');
    let left = length;
    for await (const chunk of content) {
      const piece = chunk.subarray(0, left);
      hash.update(piece);
      await file.writeFile(piece);
      left -= piece.length;
      if (left === 0) break;
    }
    if (left > 0) throw new EaselError('incomplete-image');
    await file.sync();
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

async function readStored(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw isMissing(error)
      ? new EaselError('attachment-gone', { cause: error })
      : toStoreError(error);
  }
}

async function renewStored(path: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(path, now, now);
  } catch (error) {
    if (!isMissing(error)) throw toStoreError(error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function toStoreError(error: unknown): EaselError {
  if (error instanceof EaselError) return error;
  return new EaselError('internal', { subject: 'picture store', cause: error });
}
