/** Conversations over the store: a table each for turns, for where each person is, and for what messages show. */
import type { Normaliser } from '../image/normalise.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { Store } from '../store/store.ts';
import { createComposer } from './compose.ts';
import type { Conversations } from './conversations.ts';
import { createForget } from './forget.ts';
import { moveChat, movedSpot } from './move-chat.ts';
import { branchKey, openTables } from './tables.ts';
import type { Turn } from './turn.ts';
import { filesOf } from './turn-files.ts';

export interface ConversationsOptions {
  store: Store;
  pictures: PictureStore;
  normaliser: Pick<Normaliser, 'normalise'>;
  /** How long turns, branches and links are kept behind their last change; undefined is for ever. */
  retentionMs: number | undefined;
}

export function createConversations(options: ConversationsOptions): Conversations {
  const { store, pictures, normaliser, retentionMs } = options;
  const tables = openTables(store, retentionMs);
  const { turns, branches, links } = tables;
  const find = (turnId: string) => turns.get(turnId);
  const keyNow = async (where: { chat: string; personId: string }) =>
    branchKey(await movedSpot(tables, where));

  async function enter({ id, chat, personId, createdAt }: Turn): Promise<void> {
    const spot = await movedSpot(tables, { chat, personId });
    const { leftAt } = (await branches.get(branchKey(spot))) ?? {};
    if (leftAt !== undefined && createdAt < leftAt) return;
    await branches.set(branchKey(spot), { ...spot, turn: id, ...(leftAt && { leftAt }) });
  }

  return {
    find,
    async parentOf(origin, where) {
      if (origin === 'new') return undefined;
      const place = origin === 'branch' ? await branches.get(await keyNow(where)) : origin;
      const parent = place?.turn && (await find(place.turn));
      if (!place || !parent) return undefined;
      const chosen = 'picture' in place ? place.picture : undefined;
      const isThere = chosen !== undefined && chosen in parent.pictures;
      return { parent, ...(isThere && { chosen }) };
    },
    async save(turn) {
      // A second time its person may be elsewhere by now.
      if ((await find(turn.id)) !== undefined) return;
      // Some are older than the turn, and all of them are to be kept as long as it is; a failure only shortens that.
      await Promise.allSettled(filesOf(turn).map(pictures.renew));
      // Before the turn, so that a crash between the two leaves nothing that a second save would pass over.
      await enter(turn);
      await turns.set(turn.id, turn);
    },
    async leave(where) {
      const spot = await movedSpot(tables, where);
      await branches.set(branchKey(spot), { ...spot, leftAt: Date.now() });
    },
    leftAt: async (where) => (await branches.get(await keyNow(where)))?.leftAt,
    link: (message, place) => links.set(message, place),
    resolve: (message) => links.get(message),
    compose: createComposer({ turns, pictures, normaliser }),
    forget: createForget(tables, pictures),
    moveChat: (from, to) => moveChat(tables, from, to),
  };
}
