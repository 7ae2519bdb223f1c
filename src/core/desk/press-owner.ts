/** Whose buttons they are. */
import type { Person, Press } from '../types.ts';

/** The person who asked, an admin, or who may speak for the chat where the chat itself asked. */
export async function maySpeakFor(
  ownerId: string,
  { person, chat, speaksForChat }: Press,
  admins: readonly string[],
): Promise<boolean> {
  if (person.id === ownerId || admins.includes(person.id)) return true;
  return ownerId === chat && (await speaksForChat());
}

/** For whom a press orders: for the chat where the chat asked, else for who presses. */
export function orderer(ownerId: string, { chat }: Press, person: Person): Person {
  return ownerId === chat ? { ...person, id: ownerId } : person;
}
