/** Puts albums together: Telegram sends each picture as its own update, with no count and no end mark. */
import type { Message } from 'grammy/types';

/** One message and the update that brought it. */
export interface Part {
  updateId: number;
  message: Message;
}

export interface AlbumCollector {
  /** Takes a part; gives false, and keeps nothing, when the message belongs to no album. */
  add(part: Part): boolean;
  /** Hands over every album at once, complete or not: the process is about to end. */
  flush(): void;
}

/** Parts of one album follow each other within about half a second. */
const QUIET_MS = 700;
/** Pictures in one album (Bot API, sendMediaGroup). */
const MAX_PARTS = 10;

/** Calls `onAlbum` once per album, parts in order of the chat, when no part came for 700 ms or it is full. */
export function createAlbumCollector(onAlbum: (parts: Part[]) => void): AlbumCollector {
  const albums = new Map<string, { parts: Map<number, Part>; timer: NodeJS.Timeout }>();

  function hand(key: string): void {
    const album = albums.get(key);
    if (album === undefined) return;
    clearTimeout(album.timer);
    albums.delete(key);
    onAlbum([...album.parts.values()].sort((a, b) => a.message.message_id - b.message.message_id));
  }

  function add(part: Part): boolean {
    const { media_group_id: group, chat, message_id: id } = part.message;
    if (group === undefined) return false;
    const key = `${chat.id}:${group}`;
    const known = albums.get(key);
    clearTimeout(known?.timer);
    const parts = known?.parts ?? new Map<number, Part>();
    parts.set(id, part);
    albums.set(key, { parts, timer: setTimeout(hand, QUIET_MS, key) });
    if (parts.size >= MAX_PARTS) hand(key);
    return true;
  }

  return {
    add,
    flush: () => {
      for (const key of [...albums.keys()]) hand(key);
    },
  };
}
