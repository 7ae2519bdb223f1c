/** Who may ask, and how many pictures a day. */
import { EaselError } from '../errors.ts';
import type { PictureRequest } from '../types.ts';

export interface AccessOptions {
  /** `platform:id`; nobody listed in either means everyone. */
  users: readonly string[];
  chats: readonly string[];
  /** Always let in, and not counted. */
  admins: readonly string[];
  /** 0 for none. */
  dailyImagesPerUser: number;
}

/** Puts the number that was delivered in place of the number that was reserved. */
export type Settle = (delivered: number) => void;

export interface Access {
  /** @throws EaselError `access-denied` */
  check(request: Pick<PictureRequest, 'person' | 'chat'>): void;
  /** Takes pictures from today's account; to be settled once. @throws EaselError `daily-limit` */
  reserve(personId: string, pictures: number): Settle;
}

/** The account lives in memory: it starts anew with the process and with each UTC day. */
export function createAccess(options: AccessOptions, now: () => number = Date.now): Access {
  const { users, chats, admins, dailyImagesPerUser: limit } = options;
  let day = '';
  let account = new Map<string, number>();

  /** A clock that is set back must not give a day's pictures twice, so the day only moves on. */
  function accountOfToday(): Map<string, number> {
    const today = new Date(now()).toISOString().slice(0, 10);
    if (today > day) {
      day = today;
      account = new Map();
    }
    return account;
  }

  return {
    check({ person, chat }) {
      const isOpen = users.length === 0 && chats.length === 0;
      const isKnown = [...users, ...admins].includes(person.id) || chats.includes(chat);
      if (!isOpen && !isKnown) throw new EaselError('access-denied');
    },
    reserve(personId, pictures) {
      if (limit === 0 || admins.includes(personId)) return () => {};
      // Settled in the account of the same day, whenever that is.
      const used = accountOfToday();
      const add = (count: number) => used.set(personId, (used.get(personId) ?? 0) + count);
      if ((used.get(personId) ?? 0) + pictures > limit) throw new EaselError('daily-limit');
      add(pictures);
      return (delivered) => {
        add(delivered - pictures);
      };
    },
  };
}
