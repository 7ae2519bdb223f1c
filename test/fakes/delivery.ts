/** What an adapter is handed by the core, for the tests of every adapter. */
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Delivery, Logger, Picture } from '../../src/core/index.ts';

/** Writes every line, fields included, to `lines`. */
export function createRecordingLogger(lines: string[]): Logger {
  const record = (fields: object, message: string) =>
    void lines.push(JSON.stringify({ ...fields, message }));
  return { debug: record, info: record, warn: record, error: record };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A picture on disk, as the core delivers it; `facts` can tell other than the truth. */
export async function storePicture(bytes: Buffer, facts: Partial<Picture> = {}): Promise<Picture> {
  const hash = sha256(bytes);
  const path = join(await mkdtemp(join(tmpdir(), 'easel-delivery-')), hash);
  await writeFile(path, bytes);
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return { hash, path, mediaType: 'image/png', width, height, bytes: bytes.length, ...facts };
}

export function deliveryOf(pictures: Picture[], more: Partial<Delivery> = {}): Delivery {
  const words = { text: 'a fox', description: 'a fox in snow' };
  return { pictures, sources: [], buttons: [], asFiles: false, ...words, ...more };
}
