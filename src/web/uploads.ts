/** Pictures that people sent to the studio, as files, so that a job finds them also after a restart. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EaselError } from '../core/index.ts';
import { HEAD_BYTES, readMediaType } from './media-type.ts';

export interface Uploads {
  /**
   * Keeps the bytes and gives their id.
   * @throws EaselError `attachment-too-large` above the limit, `attachment-unsupported` for what is no picture
   */
  add(body: AsyncIterable<Uint8Array>): Promise<string>;
  /** The open file, its length and what it is. @throws EaselError `attachment-gone` */
  open(id: string): Promise<{ file: FileHandle; bytes: number; mediaType: string }>;
  remove(id: string): Promise<void>;
  /** Deletes files of more than a day that are not `wanted`; how many. */
  sweep(wanted: ReadonlySet<string>): Promise<number>;
}

export interface UploadsOptions {
  directory: string;
  /** For one file. */
  maxBytes: number;
}

/** 16 random bytes in base64url: nobody guesses another's. */
export const UPLOAD_ID = /^[\w-]{22}$/;
const DAY_MS = 86_400_000;

export function createUploads({ directory, maxBytes }: UploadsOptions): Uploads {
  const root = resolve(directory);
  const pathOf = (id: string) => join(root, UPLOAD_ID.test(id) ? id : 'unknown');
  const remove = (path: string) => rm(path, { force: true });

  return {
    async add(body) {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const id = randomBytes(16).toString('base64url');
      const temporary = `${pathOf(id)}.tmp`;
      try {
        await writeDurably(temporary, body, maxBytes);
        await rename(temporary, pathOf(id));
        return id;
      } catch (error) {
        await remove(temporary);
        throw error;
      }
    },
    async open(id) {
      const file = await openKept(pathOf(id));
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const mediaType = readMediaType(buffer) ?? 'application/octet-stream';
      return { file, bytes: size, mediaType };
    },
    remove: (id) => remove(pathOf(id)),
    async sweep(wanted) {
      const names = await readdir(root).catch(() => []);
      const left = names.filter((name) => !wanted.has(name)).map((name) => join(root, name));
      const deleted = await Promise.all(left.map(deleteOld));
      return deleted.filter(Boolean).length;
    },
  };
}

async function writeDurably(
  path: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let size = 0;
    for await (const chunk of body) {
      if (size === 0) checkHead(chunk);
      size += chunk.length;
      if (size > maxBytes) throw new EaselError('attachment-too-large');
      await file.writeFile(chunk);
    }
    if (size === 0) throw new EaselError('attachment-unsupported');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a browser sends first holds more than these few bytes, unless there are no more. */
function checkHead(chunk: Uint8Array): void {
  if (readMediaType(chunk) === undefined) throw new EaselError('attachment-unsupported');
}

async function openKept(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new EaselError('attachment-gone', { cause });
  }
}

async function deleteOld(path: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs < DAY_MS) return false;
    await rm(path);
    return true;
  } catch {
    return false; // gone meanwhile
  }
}
