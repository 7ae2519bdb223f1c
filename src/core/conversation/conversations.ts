/** Conversations: turns as trees, where each person is in them, and which message shows which turn. */
import type { GenerationRequest } from '../generation/generate.ts';
import type { Origin, PictureOptions, StoredPicture } from '../types.ts';
import type { Place } from './place.ts';
import type { Turn } from './turn.ts';

/** A wish whose pictures are at hand. */
export interface Wish {
  prompt: string;
  /** In the person's order. */
  inputs: StoredPicture[];
  /** The turn that it continues. */
  parent?: Turn;
  /** The one of the parent's pictures that is meant. */
  chosen?: number;
  options: PictureOptions;
  /** Asks for words only. */
  textOnly?: boolean;
}

export interface Conversations {
  /** Undefined when it was forgotten, or is older than the retention. */
  find(turnId: string): Promise<Turn | undefined>;
  /** The turn that an origin means, now. */
  parentOf(
    origin: Origin,
    where: { chat: string; personId: string },
  ): Promise<{ parent: Turn; chosen?: number } | undefined>;
  /** Keeps a turn, and makes it the place where its person is in its chat (but see `leave`). Saving it twice changes nothing. */
  save(turn: Turn): Promise<void>;
  /** Starts over: the person is nowhere in this chat, and no turn that was asked for before takes them back. */
  leave(where: { chat: string; personId: string }): Promise<void>;
  /** When the person last started over there, in Unix ms. */
  leftAt(where: { chat: string; personId: string }): Promise<number | undefined>;
  /** Makes a message (`platform:chat:message`) stand for a place. */
  link(message: string, place: Place): Promise<void>;
  resolve(message: string): Promise<Place | undefined>;
  /**
   * What is asked of the model: the path verbatim where it can be replayed, and all in one turn where not.
   * @throws EaselError `attachment-gone`, `cancelled`, as the normaliser
   */
  compose(wish: Wish, options: { signal: AbortSignal }): Promise<GenerationRequest>;
  /**
   * Deletes every turn of a person with its pictures (but those that others' turns show), links to what they made or
   * sent, and branches. `loaded` are pictures of theirs that came into no turn.
   */
  forget(personId: string, loaded?: readonly StoredPicture[]): Promise<void>;
  /** A group has a new id: people stay where they are, under either id. Messages are counted anew there. */
  moveChat(from: string, to: string): Promise<void>;
}
