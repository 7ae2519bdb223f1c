/** Puts albums together: Telegram sends each picture as its own update, with no count and no end mark. */
import type { Message } from 'grammy/types';

/** One message and the update that brought it. */
export interface Part {
  updateId: number;
  message: Message;
}

export interface Album {
  /** All that came so far, in the order of the chat. */
  parts: Part[];
  /** Those that were handed on before, when others come late; else none. */
  before: Part[];
}

export interface AlbumCollector {
  /** Takes a part; resolves when its album was handed on and `onAlbum` has ended. */
  add(part: Part, group: string): Promise<void>;
  /** Hands over every album at once, complete or not: the process is about to end. */
  flush(): void;
}

/** Parts of one album follow each other within about half a second. */
const QUIET_MS = 700;
/** An album has two pictures at least: more is certain to come, though not to a bot that may not read all of a group. */
const LONE_MS = 1500;
/** Where they come slowly, twice the longest gap is waited, up to this. */
const MAX_QUIET_MS = 2500;
/** Pictures in one album (Bot API, sendMediaGroup). */
const MAX_PARTS = 10;
/** How long parts are still known as late ones. */
const KEEP_MS = 10 * 60_000;

interface Entry {
  parts: Map<number, Part>;
  before: Part[];
  /** Unix ms of the last part. */
  lastAt: number;
  longestGapMs: number;
  /** Set while more parts are waited for. */
  timer: NodeJS.Timeout | undefined;
  handled: PromiseWithResolvers<void>;
}

/**
 * Calls `onAlbum`, which must not throw, when no part came for a while (0.7 to 2.5 s) or the album is full, and again
 * when parts come later than that.
 */
export function createAlbumCollector(onAlbum: (album: Album) => Promise<void>): AlbumCollector {
  const albums = new Map<string, Entry>();

  function forgetOld(): void {
    for (const [key, { lastAt, timer }] of albums) {
      if (timer === undefined && Date.now() - lastAt > KEEP_MS) albums.delete(key);
    }
  }

  function hand(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.timer = undefined;
    const { before, handled } = entry;
    const parts = [...entry.parts.values()].sort(
      (a, b) => a.message.message_id - b.message.message_id,
    );
    entry.before = parts;
    void onAlbum({ parts, before }).then(handled.resolve);
  }

  function add(part: Part, group: string): Promise<void> {
    forgetOld();
    const key = `${part.message.chat.id}:${group}`;
    const entry = albums.get(key) ?? createEntry();
    albums.set(key, entry);
    const id = part.message.message_id;
    // Delivered again.
    if (entry.parts.has(id)) return entry.handled.promise;
    note(entry, part);
    if (entry.parts.size >= MAX_PARTS) hand(entry);
    else entry.timer = setTimeout(hand, quietMs(entry), entry);
    return entry.handled.promise;
  }

  return {
    add,
    flush() {
      for (const entry of albums.values()) if (entry.timer !== undefined) hand(entry);
    },
  };
}

function createEntry(): Entry {
  return {
    parts: new Map(),
    before: [],
    lastAt: Date.now(),
    longestGapMs: 0,
    timer: undefined,
    handled: Promise.withResolvers(),
  };
}

function note(entry: Entry, part: Part): void {
  const now = Date.now();
  if (entry.timer !== undefined) {
    entry.longestGapMs = Math.max(entry.longestGapMs, now - entry.lastAt);
  } else if (entry.before.length > 0) {
    entry.handled = Promise.withResolvers();
  }
  clearTimeout(entry.timer);
  entry.lastAt = now;
  entry.parts.set(part.message.message_id, part);
}

function quietMs({ parts, longestGapMs }: Entry): number {
  if (parts.size === 1) return LONE_MS;
  return Math.min(Math.max(QUIET_MS, 2 * longestGapMs), MAX_QUIET_MS);
}
