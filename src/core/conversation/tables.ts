/** What conversations keep in the store. */
import type { Store, Table } from '../store/store.ts';
import type { Place } from './place.ts';
import type { Turn } from './turn.ts';

/** Where a person is in a chat. */
export interface Branch {
  chat: string;
  personId: string;
  /** None for who has started over, and not begun again. */
  turn?: string;
  /** When they last started over, in Unix ms: what was asked for before does not take them back. */
  leftAt?: number;
}

export interface Tables {
  /** By their ids. */
  turns: Table<Turn>;
  /** By `branchKey`. */
  branches: Table<Branch>;
  /** By the message, `platform:chat:message`. */
  links: Table<Place>;
  /** New ids of chats, by the old ones. */
  moves: Table<string>;
}

export function openTables(store: Store, retentionMs: number | undefined): Tables {
  const options = retentionMs === undefined ? {} : { ttlMs: retentionMs };
  return {
    turns: store.table<Turn>('turns', options),
    branches: store.table<Branch>('branches', options),
    links: store.table<Place>('links', options),
    moves: store.table<string>('moved-chats', options),
  };
}

export function branchKey({ chat, personId }: Pick<Branch, 'chat' | 'personId'>): string {
  return `${chat}|${personId}`;
}
