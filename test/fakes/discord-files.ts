import { createHmac, randomBytes } from 'node:crypto';
import type { APIAttachment } from 'discord.js';

interface StoredFile {
  bytes: Buffer;
  filename: string;
  channelId: string;
}

export interface NewFile {
  id: string;
  channelId: string;
  bytes: Buffer;
  name: string;
  contentType?: string | undefined;
  description?: string | undefined;
  size?: number | undefined;
  isEphemeral?: boolean;
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  heic: 'image/heic',
  mp4: 'video/mp4',
  txt: 'text/plain; charset=utf-8',
};

/** Addresses are signed for a day, as announced; anew in every payload. */
const SIGNED_MS = 24 * 60 * 60 * 1000;

/** What the CDN keeps, and its signed addresses. Payloads hold marks, which `sign` makes addresses. */
export function createDiscordFiles(now: () => number) {
  const key = randomBytes(32);
  const files = new Map<string, StoredFile>();
  let origin = '';

  function hash(path: string, query: string): string {
    return createHmac('sha256', key).update(`${path}?${query}`).digest('hex');
  }

  function addressOf(id: string, base: string): string {
    const file = files.get(id);
    if (file === undefined) throw new Error(`no file ${id}`);
    const path = `/attachments/${file.channelId}/${id}/${file.filename}`;
    const hex = (ms: number) => Math.floor(ms / 1000).toString(16);
    const query = `ex=${hex(now() + SIGNED_MS)}&is=${hex(now())}`;
    return `${origin}${base}${path}?${query}&hm=${hash(path, query)}&`;
  }

  return {
    files,
    setOrigin(value: string) {
      origin = value;
    },
    store({ id, channelId, bytes, name, contentType, description, ...more }: NewFile) {
      const filename = name.replace(/[^\p{L}\p{N}.()-]+/gu, '_');
      files.set(id, { bytes, filename, channelId });
      const type = contentType ?? TYPES[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];
      return {
        id,
        filename,
        ...(filename !== name && { title: name.replace(/\.\w+$/, '') }),
        size: more.size ?? bytes.length,
        url: `fake-cdn:${id}`,
        proxy_url: `fake-media:${id}`,
        ...(type && { content_type: type }),
        ...pngSize(bytes),
        ...(description && { description }),
        ...(more.isEphemeral && { ephemeral: true }),
      } as APIAttachment;
    },
    /** A copy with fresh addresses in place of the marks. */
    sign<T>(payload: T): T {
      const text = JSON.stringify(payload)
        .replace(/(?<=")fake-cdn:(\d+)(?=")/g, (_, id) => addressOf(id, ''))
        .replace(/(?<=")fake-media:(\d+)(?=")/g, (_, id) => addressOf(id, '/media'));
      return JSON.parse(text);
    },
    /** The file behind an address; undefined when it was tampered with, has expired, or never was. */
    find(url: string): StoredFile | undefined {
      const { pathname, searchParams } = new URL(url, 'http://cdn');
      const path = decodeURIComponent(pathname).replace(/^\/media/, '');
      const [ex, is, hm] = ['ex', 'is', 'hm'].map((name) => searchParams.get(name));
      if (hm !== hash(path, `ex=${ex}&is=${is}`)) return undefined;
      if (Number.parseInt(ex ?? '', 16) * 1000 <= now()) return undefined;
      return files.get(path.split('/')[3] ?? '');
    },
  };
}

export type DiscordFiles = ReturnType<typeof createDiscordFiles>;

/** Discord measures every picture; here a PNG's head is enough. */
function pngSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 1, 4) !== 'PNG') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
