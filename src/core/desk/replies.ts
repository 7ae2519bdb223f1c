/** What the desk says by itself, each thing once. */
import type { Logger, Platform, Posted } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Reply, ReplyTarget } from '../types.ts';
import { shortId } from './short-id.ts';

export interface Replies {
  connect(name: string, platform: Platform): void;
  platformOf(target: ReplyTarget): Platform | undefined;
  /** Whether an update is met for the first time; when the database cannot tell, it is: mute is worse than twice. */
  isNew(updateId: string): Promise<boolean>;
  /** The message that carries it; undefined when it could not be posted, which is logged. */
  post(target: ReplyTarget, reply: Reply): Promise<Posted | undefined>;
}

/** Platforms deliver an update again for a day at most (Bot API, getUpdates); and one more for clocks. */
const REDELIVERY_MS = 48 * 3_600_000;

export function createReplies({ store, logger }: { store: Store; logger: Logger }): Replies {
  const platforms = new Map<string, Platform>();
  const heard = store.table<true>('heard', { ttlMs: REDELIVERY_MS });
  const atWork = new Set<string>();

  async function remember(key: string): Promise<boolean> {
    if ((await heard.get(key)) !== undefined) return false;
    await heard.set(key, true);
    return true;
  }

  return {
    connect: (name, platform) => {
      platforms.set(name, platform);
    },
    platformOf: ({ platform }) => platforms.get(platform),
    async isNew(updateId) {
      // Hashed: the ids of updates may name their people, whom the table must not outlive.
      const key = shortId(updateId);
      if (atWork.has(key)) return false;
      atWork.add(key);
      try {
        return await remember(key);
      } catch (error) {
        logger.error({ error }, 'updates not remembered');
        return true;
      } finally {
        atWork.delete(key);
      }
    },
    async post(target, reply) {
      try {
        return await platforms.get(target.platform)?.close(target, reply);
      } catch (error) {
        logger.warn({ error }, 'answer not posted');
        return undefined;
      }
    },
  };
}

export function inWords(text: string): Reply {
  return { text, buttons: [] };
}
