/** The messages that forms were opened on. */
import type { APIMessage } from 'discord.js';
import { type Replied, repliedTo } from './request.ts';
import type { Rest } from './rest.ts';
import { messageRef } from './target.ts';

export interface MenuMemory {
  keep(replied: Replied): void;
  /** Asks Discord when the process that opened the form is gone; no pictures where the bot cannot read. Never throws. */
  find(message: { channelId: string; messageId: string }): Promise<Replied>;
}

/** Forms that are open at once; those that nobody sends are forgotten. */
const MAX_FORMS = 1000;

export function createMenuMemory(rest: Rest): MenuMemory {
  const kept = new Map<string, Replied>();
  return {
    keep(replied) {
      kept.delete(replied.message);
      kept.set(replied.message, replied);
      const [oldest] = kept.keys();
      if (kept.size > MAX_FORMS && oldest !== undefined) kept.delete(oldest);
    },
    async find({ channelId, messageId }) {
      const ref = messageRef(channelId, messageId);
      const known = kept.get(ref);
      if (known !== undefined) return known;
      const route = `/channels/${channelId}/messages/${messageId}` as const;
      const nothing: Replied = { message: ref, attachments: [] };
      return rest.get<APIMessage>(route).then(repliedTo, () => nothing);
    },
  };
}
