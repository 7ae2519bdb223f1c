/** What a message of a chat stands for. */
import type { Attachment, PictureRequest, StoredPicture } from '../types.ts';

/** A turn, perhaps one of its pictures. */
export interface Shown {
  turn: string;
  picture?: number;
}

/** Pictures that someone sent. */
interface Sent {
  attachments: Attachment[];
  /** Those that are stored already, as a button asks for; before the others. */
  inputs?: StoredPicture[];
  /** Who sent them. */
  personId: string;
}

/** Both where pictures were sent to go with a turn's: the turn's come first. */
export type Place = Shown | Sent | (Shown & Sent);

export function shown(turn: string, picture?: number): Shown {
  return picture === undefined ? { turn } : { turn, picture };
}

/** What an answer to words about a wish continues: the pictures of the wish. `personId` is whose wish it is. */
export function placeOf(
  {
    origin,
    attachments,
    inputs = [],
  }: Pick<PictureRequest, 'origin' | 'attachments'> & Partial<Pick<PictureRequest, 'inputs'>>,
  personId: string,
): Place | undefined {
  const from = typeof origin === 'object' ? origin : undefined;
  if (attachments.length + inputs.length === 0) return from;
  const sent = { attachments, ...(inputs.length > 0 && { inputs }), personId };
  return from === undefined ? sent : { ...from, ...sent };
}
