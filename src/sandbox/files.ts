import { createHash } from 'node:crypto';
import type { Painted, Reply } from './types.ts';

/** OhMyGPT keeps pictures for 14 days; the sandbox keeps this many. */
const MAX_FILES = 64;

/** Pictures behind links, in memory. */
export interface Files {
  /** The path under which the picture can now be fetched. */
  add(picture: Painted): string;
  /** The answer for a path; undefined when nothing is there. */
  find(path: string): Reply | undefined;
}

/** Holds the latest pictures; older ones are gone. */
export function createFiles(): Files {
  const files = new Map<string, Painted>();
  return {
    add(picture) {
      const path = `/files/${createHash('sha256').update(picture.base64).digest('hex').slice(0, 22)}`;
      files.set(path, picture);
      const [oldest] = files.keys();
      if (files.size > MAX_FILES && oldest !== undefined) files.delete(oldest);
      return path;
    },
    find(path) {
      const picture = files.get(path);
      if (picture === undefined) return undefined;
      const headers = { 'content-type': picture.mediaType };
      return { status: 200, headers, chunks: [Buffer.from(picture.base64, 'base64')] };
    },
  };
}
