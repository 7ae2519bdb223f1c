/** Words that a menu in a private chat waits for: there people just type them, without answering the menu. */
import type { Store } from '../store/store.ts';
import type { IncomingMessage } from '../types.ts';
import type { PendingWish, PendingWishes } from './pending.ts';
import { shortId } from './short-id.ts';

type Spot = { chat: string; personId: string };

export interface AwaitedWords {
  /** From here on words in this spot mean the pictures of this pending wish. */
  expect(where: Spot, pendingId: string): Promise<void>;
  /** What a message means that has words and nothing else. */
  wishFor(message: IncomingMessage): Promise<PendingWish | undefined>;
  /** The menu has its answer, or was passed over. */
  settle(where: Spot): Promise<void>;
}

/** Later on words are more likely a wish of their own, and it would cost money to be wrong. */
const KEPT_MS = 15 * 60_000;

export function createAwaitedWords(
  store: Store,
  pending: Pick<PendingWishes, 'find'>,
): AwaitedWords {
  const rows = store.table<string>('awaited-words', { ttlMs: KEPT_MS });
  const keyOf = ({ chat, personId }: Spot) => shortId(`${chat}|${personId}`);
  return {
    expect: (where, pendingId) => rows.set(keyOf(where), pendingId),
    async wishFor(message) {
      if (!isOnlyWords(message)) return undefined;
      const { chat, person } = message;
      const id = await rows.get(keyOf({ chat, personId: person.id }));
      return id === undefined ? undefined : pending.find(id);
    },
    async settle(where) {
      await rows.delete(keyOf(where));
    },
  };
}

function isOnlyWords(message: IncomingMessage): boolean {
  const { isPrivate, command, attachments, replied, turn, hasUnreadable } = message;
  const refersElsewhere = command ?? replied ?? turn;
  return isPrivate && refersElsewhere === undefined && attachments.length === 0 && !hasUnreadable;
}
