/** Wishes that lack their words: what a menu of styles belongs to. */
import type { Store } from '../store/store.ts';
import type { PictureOptions } from '../types.ts';
import { shortId } from './short-id.ts';
import type { Subject } from './subject.ts';

export interface PendingWish extends Subject {
  personId: string;
  options: PictureOptions;
}

export interface PendingWishes {
  /** Its id: 12 letters, the same for the same message. */
  keep(messageId: string, wish: PendingWish): Promise<string>;
  find(id: string): Promise<PendingWish | undefined>;
  forget(personId: string): Promise<void>;
}

/** A menu that nobody has touched for a month is not missed. */
const KEPT_MS = 30 * 86_400_000;

export function createPendingWishes(store: Store): PendingWishes {
  const rows = store.table<PendingWish>('pending-wishes', { ttlMs: KEPT_MS });
  return {
    async keep(messageId, wish) {
      const id = shortId(messageId);
      await rows.set(id, wish);
      return id;
    },
    find: (id) => rows.get(id),
    async forget(personId) {
      for await (const [id, wish] of rows.entries()) {
        if (wish.personId === personId) await rows.delete(id);
      }
    },
  };
}
