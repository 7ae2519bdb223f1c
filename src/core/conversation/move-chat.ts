/** Groups with a new id: jobs that were asked for under the old one, and its buttons, go on where their people are now. */
import { type Branch, branchKey, type Tables } from './tables.ts';

type Spot = Pick<Branch, 'chat' | 'personId'>;

/** The spot by its chat's present id. */
export async function movedSpot<S extends Spot>({ moves }: Tables, spot: S): Promise<S> {
  const chat = await moves.get(spot.chat);
  return chat === undefined ? spot : { ...spot, chat };
}

/** Turns and links stay: nothing looks turns up by chat, and the same number is another message in the new one. */
export async function moveChat({ branches, moves }: Tables, from: string, to: string) {
  await moves.set(from, to);
  for await (const [key, branch] of branches.entries()) {
    if (branch.chat !== from) continue;
    const moved = { ...branch, chat: to };
    // Whoever has begun in the new chat is there.
    if ((await branches.get(branchKey(moved))) === undefined) {
      await branches.set(branchKey(moved), moved);
    }
    await branches.delete(key);
  }
}
