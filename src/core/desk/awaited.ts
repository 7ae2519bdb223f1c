/** What words alone mean in a private chat, where people just type them, without answering a menu or a failure. */
import type { Engine } from '../job/engine.ts';
import { jobIdOf } from '../job/job-rows.ts';
import { unmadeSubject } from '../job/unmade.ts';
import type { Store } from '../store/store.ts';
import type { IncomingMessage, PictureOptions, PictureRequest } from '../types.ts';
import type { PendingWishes } from './pending.ts';
import { shortId } from './short-id.ts';
import type { Subject } from './subject.ts';

type Spot = { chat: string; personId: string };

/** The pictures that are meant. */
export interface AwaitedWish extends Subject {
  /** Asked for with them; the person's settings where there are none. */
  options?: PictureOptions;
}

export interface AwaitedWords {
  /** From here on words in this spot mean the pictures of this pending wish. */
  expect(where: Spot, pendingId: string): Promise<void>;
  /** From here on they mean the pictures of this request, should nothing be painted of it. */
  follow(request: PictureRequest): Promise<void>;
  /** What a message means that has words and nothing else; undefined where it goes on from the last result. */
  wishFor(message: IncomingMessage): Promise<AwaitedWish | undefined>;
  /** The person starts over. */
  settle(where: Spot): Promise<void>;
}

export interface AwaitedOptions {
  store: Store;
  pending: Pick<PendingWishes, 'find'>;
  engine: Pick<Engine, 'find'>;
}

/** Later on words are more likely a wish of their own, and it would cost money to be wrong. */
const KEPT_MS = 15 * 60_000;
/** Before the id of a job; else it is that of a pending wish. */
const JOB = 'job:';

export function createAwaitedWords({ store, pending, engine }: AwaitedOptions): AwaitedWords {
  const rows = store.table<string>('awaited-words', { ttlMs: KEPT_MS });
  const keyOf = ({ chat, personId }: Spot) => shortId(`${chat}|${personId}`);
  return {
    expect: (where, pendingId) => rows.set(keyOf(where), pendingId),
    follow: (request) => {
      const where = { chat: request.chat, personId: request.person.id };
      return rows.set(keyOf(where), JOB + jobIdOf(request));
    },
    async wishFor(message) {
      if (!isOnlyWords(message)) return undefined;
      const { chat, person } = message;
      const id = await rows.get(keyOf({ chat, personId: person.id }));
      if (id === undefined) return undefined;
      if (!id.startsWith(JOB)) return pending.find(id);
      const job = await engine.find(id.slice(JOB.length));
      return job && unmadeSubject(job);
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
