import { branchKey, type Tables } from './tables.ts';

/** Turns stay as they are: their chat is where they were made, and nothing looks them up by it. */
export async function moveChat(
  { branches, links }: Tables,
  from: string,
  to: string,
): Promise<void> {
  for await (const [key, branch] of branches.entries()) {
    if (branch.chat !== from) continue;
    const moved = { ...branch, chat: to };
    // Whoever has begun in the new chat is there.
    if ((await branches.get(branchKey(moved))) === undefined) {
      await branches.set(branchKey(moved), moved);
    }
    await branches.delete(key);
  }
  for await (const [message, place] of links.entries()) {
    if (!message.startsWith(`${from}:`)) continue;
    await links.set(to + message.slice(from.length), place);
    await links.delete(message);
  }
}
