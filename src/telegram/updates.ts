/** What happens with an update: what people say and press goes to the desk, in order for each chat. */
import type { CallbackQuery, Message, Update } from 'grammy/types';
import { type Desk, type Logger, type Platform, say } from '../core/index.ts';
import { type Album, createAlbumCollector, type Part } from './album.ts';
import { failureFields } from './failure.ts';
import { idOf } from './ids.ts';
import { type Listener, personOf, targetOf, toIncomingMessage } from './incoming.ts';

export interface UpdateOptions {
  desk: Desk;
  platform: Platform;
  logger: Logger;
  listener: Listener;
  onPress: (query: CallbackQuery) => Promise<void>;
}

export interface Updates {
  /** Resolves when the update was heard, an album's part with its album. Never throws: what fails is logged and skipped. */
  take(update: Update): Promise<void>;
  /** Hands on the albums that wait for more parts. */
  flush(): void;
}

export function createUpdates(options: UpdateOptions): Updates {
  const { desk, platform, logger, listener, onPress } = options;
  const inOrder = createLines();

  function guarded(updateId: number, work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => {
      logger.error({ updateId, ...failureFields(error) }, 'telegram: an update failed');
    });
  }

  async function hear(parts: Part[], nameOf = (id: string) => id): Promise<void> {
    const message = toIncomingMessage(parts, listener);
    if (message !== undefined) await desk.hear({ ...message, id: nameOf(message.id) });
  }

  /** What comes late joins an album that had no words yet; once work has begun, its people are told. */
  async function hearAlbum({ parts, before }: Album): Promise<void> {
    if (before.length === 0) return hear(parts);
    const known = toIncomingMessage(before, listener);
    const hasBegun = known !== undefined && (known.words !== '' || known.command !== undefined);
    if (!hasBegun) return hear(parts, (id) => `${id}:${parts.length}`);
    for (const part of parts) if (!before.includes(part)) await refuseLate(part);
  }

  /** As an answer to the late picture, so that people see which one is meant. */
  async function refuseLate({ message }: Part): Promise<void> {
    const person = personOf(message);
    if (person === undefined) return;
    const text = say(await desk.language(person), 'album.late');
    await platform.close(targetOf(message, { spoiler: false }), { text, buttons: [] });
  }

  const albums = createAlbumCollector(async (album) => {
    const [lead] = album.parts;
    if (lead === undefined) return;
    const work = inOrder(lead.message.chat.id, () => hearAlbum(album));
    await guarded(lead.updateId, work);
  });

  function takeMessage(message: Message, updateId: number): Promise<void> {
    const { chat, media_group_id: group, migrate_to_chat_id: movedTo } = message;
    const part = { updateId, message };
    // Its parts must not wait for each other in line.
    if (group !== undefined) return albums.add(part, group);
    return inOrder(chat.id, () =>
      movedTo === undefined ? hear([part]) : desk.moveChat(idOf(chat.id), idOf(movedTo)),
    );
  }

  async function route(update: Update): Promise<void> {
    const message = update.message ?? update.channel_post;
    if (message !== undefined) await takeMessage(message, update.update_id);
    // Not in line: whoever presses waits for an answer, and it may be to stop what the line waits for.
    if (update.callback_query !== undefined) await onPress(update.callback_query);
  }

  return { take: (update) => guarded(update.update_id, route(update)), flush: albums.flush };
}

/** One work at a time for each key, in order; a failed one holds nothing up. */
function createLines() {
  const tails = new Map<number, Promise<void>>();
  return (key: number, work: () => Promise<void>): Promise<void> => {
    const turn = (tails.get(key) ?? Promise.resolve()).then(work, work);
    tails.set(key, turn);
    const leave = () => {
      if (tails.get(key) === turn) tails.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  };
}
