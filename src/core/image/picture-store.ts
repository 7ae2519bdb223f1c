import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EaselError } from '../errors.ts';
import { EXTENSIONS, type Picture } from '../types.ts';
import type { Payload } from '../wire/types.ts';
import type { Inspection } from './inspect.ts';

type Shape = Pick<Picture, 'mediaType' | 'width' | 'height'>;

/** Pictures as files, each content once. Every method throws EaselError `internal` when the disk fails. */
export interface PictureStore {
  /** Stores a payload's picture, its tail left out; the payload stays the caller's to discard. */
  add(
    payload: Pick<Payload, 'open'>,
    inspection: Shape & Pick<Inspection, 'length'>,
  ): Promise<Picture>;
  /** Stores bytes that are a picture as a whole. */
  addBytes(bytes: Uint8Array, shape: Shape): Promise<Picture>;
  /** @throws EaselError `attachment-gone` when the file is no longer there */
  read(picture: Pick<Picture, 'path'>): Promise<Uint8Array>;
}

/** Files lie at `<directory>/ab/abcdef….png`, named by the SHA-256 of their bytes, for this user's eyes only. */
export function createPictureStore({ directory }: { directory: string }): PictureStore {
  const root = resolve(directory);

  const store = async (
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    length: number,
    { mediaType, width, height }: Shape,
  ): Promise<Picture> => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const temporary = join(root, `.${randomUUID()}.tmp`);
    try {
      const hash = await writeFile(temporary, content, length);
      const path = join(root, hash.slice(0, 2), `${hash}.${EXTENSIONS[mediaType]}`);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Over an earlier copy of the same bytes too: that heals one that a crash left damaged.
      await rename(temporary, path);
      return { hash, path, mediaType, width, height, bytes: length };
    } catch (error) {
      await rm(temporary, { force: true });
      if (error instanceof EaselError) throw error;
      throw new EaselError('internal', { subject: 'picture store', cause: error });
    }
  };
  return {
    add: (payload, inspection) => store(payload.open(), inspection.length, inspection),
    addBytes: (bytes, shape) => store([bytes], bytes.length, shape),
    read: ({ path }) => readPicture(path),
  };
}

/** Writes the first `length` bytes so that they outlive a power cut; gives their SHA-256. */
async function writeFile(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  length: number,
): Promise<string> {
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

async function readPicture(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new EaselError('attachment-gone', { cause: error });
  }
}
