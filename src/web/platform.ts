/** The studio as the core's `Platform`. */
import { type Delivery, EaselError, type Platform, type Posted } from '../core/index.ts';
import type { Chat, Chats } from './chats.ts';
import { PLATFORM, readTarget, refOf } from './target.ts';
import type { Uploads } from './uploads.ts';

export interface StudioPlatformOptions {
  chats: Pick<Chats, 'find'>;
  uploads: Pick<Uploads, 'open'>;
}

export function createStudioPlatform({ chats, uploads }: StudioPlatformOptions): Platform {
  async function chatOf(session: string): Promise<Chat> {
    const chat = await chats.find(session);
    if (chat === undefined) throw new EaselError('undeliverable');
    return chat;
  }

  return {
    // As many as one message may ask for; often enough that seconds are seen to pass.
    limits: { pictures: 10, statusIntervalMs: 500 },

    async showStatus(target, { text, buttons }) {
      const { session, answers, statusId, label } = readTarget(target);
      const content = { look: 'status' as const, text, buttons, ...pressedBy(label) };
      if (statusId !== undefined) {
        await (await chats.find(session))?.edit(statusId, content, { kept: false });
        return target;
      }
      const chat = await chatOf(session);
      const { id } = await chat.post({ ...content, ...(answers && { answers }) });
      return { ...target, statusId: id };
    },

    async deliver(target, delivery) {
      const { session, answers, statusId, label } = readTarget(target);
      const chat = await chatOf(session);
      // The same once more is best known by its own words.
      const isAgain = chat.find(answers?.message ?? 0)?.description === delivery.description;
      const { id } = await chat.post({
        ...contentOf(delivery),
        ...(answers && { answers }),
        ...pressedBy(label),
        ...(label !== undefined && !isAgain && { label }),
      });
      if (statusId !== undefined) await chat.remove(statusId);
      return postedAs(session, id, delivery.pictures.length);
    },

    async close(target, { text, buttons }) {
      const { session, answers, statusId } = readTarget(target);
      const chat = await chatOf(session);
      const content = { look: 'words' as const, text, buttons };
      const isShown = statusId !== undefined && chat.find(statusId) !== undefined;
      if (isShown) await chat.edit(statusId, content, { kept: true });
      const id = isShown
        ? statusId
        : (await chat.post({ ...content, ...(answers && { answers }) })).id;
      return { message: refOf(session, { message: id }) };
    },

    async notify(personId, text) {
      const chat = await chats.find(personId.slice(PLATFORM.length + 1));
      await chat?.post({ text });
      return chat !== undefined;
    },

    async load({ id }, { maxBytes, signal }) {
      const { file, bytes } = await uploads.open(id);
      try {
        if (bytes > maxBytes) throw new EaselError('attachment-too-large');
        return await file.readFile({ signal });
      } finally {
        await file.close();
      }
    },
  };
}

function pressedBy(label: string | undefined) {
  return label === undefined ? {} : { pressed: label };
}

function contentOf({ pictures, text, sources, buttons, description, asFiles }: Delivery) {
  return {
    look: asFiles ? ('files' as const) : ('result' as const),
    pictures: pictures.map(({ path: _path, ...kept }) => kept),
    ...{ text, sources, buttons, description },
  };
}

/** The message as a whole stands for all of its pictures. */
function postedAs(session: string, message: number, count: number): Posted[] {
  const whole = { message: refOf(session, { message }) };
  const each = Array.from({ length: count }, (_, picture) => ({
    message: refOf(session, { message, picture }),
    picture,
  }));
  return count === 1 ? [whole] : [whole, ...each];
}
