/** Pictures for those who have them in their chat. */
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { EXTENSIONS, type MediaType, type Picture } from '../core/index.ts';
import type { ChatMessage, KeptPicture } from './chat-message.ts';
import type { Chats } from './chats.ts';
import { readSession } from './session.ts';
import type { Uploads } from './uploads.ts';

export interface FileOptions {
  chats: Pick<Chats, 'find'>;
  uploads: Pick<Uploads, 'open'>;
  /** Where stored pictures lie. */
  pictures: { locate(picture: KeptPicture): Picture };
}

interface Found {
  file: FileHandle;
  mediaType: string;
  name: string;
}

/** `/pictures/<hash>` and `/uploads/<id>`. */
export function fileRoutes({ chats, uploads, pictures }: FileOptions): Hono {
  const routes = new Hono();

  async function messagesOf(context: Context): Promise<ChatMessage[]> {
    const session = readSession(context);
    const chat = session === undefined ? undefined : await chats.find(session);
    return chat?.messages() ?? [];
  }

  routes.get('/pictures/:hash', async (context) => {
    const hash = context.req.param('hash');
    const shown = (await messagesOf(context)).flatMap((message) => message.pictures);
    const picture = shown.find((known) => known.hash === hash);
    const file = picture && (await open(pictures.locate(picture).path).catch(() => undefined));
    if (picture === undefined || file === undefined) return context.notFound();
    const { mediaType } = picture;
    return send({ file, mediaType, name: nameOf(hash, mediaType) });
  });

  routes.get('/uploads/:id', async (context) => {
    const id = context.req.param('id');
    const isShown = (await messagesOf(context)).some((message) => message.uploads.includes(id));
    const upload = isShown ? await uploads.open(id).catch(() => undefined) : undefined;
    if (upload === undefined) return context.notFound();
    return send({ ...upload, name: id });
  });

  return routes;
}

function nameOf(hash: string, mediaType: MediaType): string {
  return `easel-${hash.slice(0, 8)}.${EXTENSIONS[mediaType]}`;
}

/** Its name is its content, so a copy never grows old. */
async function send({ file, mediaType, name }: Found): Promise<Response> {
  const { size } = await file.stat();
  // Typed as Node's own stream of any, which it is.
  const body = Readable.toWeb(file.createReadStream({ start: 0 })) as ReadableStream<Uint8Array>;
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      'content-length': String(size),
      'content-disposition': `inline; filename="${name}"`,
      'cache-control': 'private, max-age=31536000, immutable',
    },
  });
}
