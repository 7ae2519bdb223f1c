/** Who may ask. */
import { EaselError } from '../errors.ts';
import type { Person } from '../types.ts';

export interface AccessOptions {
  /** `platform:id`; nobody listed in either means everyone. */
  users: readonly string[];
  chats: readonly string[];
  /** Always let in, and free of the daily limit. */
  admins: readonly string[];
  /** Names of platforms that themselves let in only who may. */
  gated: readonly string[];
}

export interface Access {
  /** @throws EaselError `access-denied` */
  check(asked: { person: Person; chat: string; server?: string }): void;
}

export function createAccess({ users, chats, admins, gated }: AccessOptions): Access {
  return {
    check({ person, chat, server = chat }) {
      const isOpen = users.length === 0 && chats.length === 0;
      const isHere = chats.includes(chat) || chats.includes(server);
      const isKnown = isHere || [...users, ...admins].includes(person.id);
      const isLetIn = gated.some((platform) => person.id.startsWith(`${platform}:`));
      if (!isOpen && !isKnown && !isLetIn) throw new EaselError('access-denied');
    },
  };
}
