/** Pictures in messages: as they are where they fit, in as many as it takes for originals, else smaller. */
import { type Delivery, EaselError, type Picture } from '../core/index.ts';
import type { Target } from './target.ts';

/** The picture in at most `maxBytes`, encoded anew. */
export type Shrink = (picture: Picture, maxBytes: number) => Promise<Picture>;

/** What all files of a message together may have (Discord's message reference), unless one file may have more. */
const REQUEST_BYTES = 25 * 1024 * 1024;
/** For names, alternative texts and the words around them. */
const OVERHEAD_BYTES = 64 * 1024;

/** Originals that fit one by one, but not together, are not made smaller: they come in several messages. */
export function inMessages({ pictures, asFiles }: Delivery, { uploadLimit }: Target): Picture[][] {
  if (!asFiles) return [pictures];
  const maxBytes = messageLimit(uploadLimit);
  const messages: Picture[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const picture of pictures) {
    const size = Math.min(picture.bytes, uploadLimit);
    bytes += size;
    if (bytes <= maxBytes) messages.at(-1)?.push(picture);
    else {
      messages.push([picture]);
      bytes = size;
    }
  }
  return messages;
}

/** Sends the pictures as they are where they fit, and once more, smaller, when Discord wants less than it said. */
export async function ship<T>(
  pictures: Picture[],
  target: Target,
  shrink: Shrink,
  send: (pictures: Picture[]) => Promise<T>,
): Promise<T> {
  const maxBytes = limitFor(pictures, target);
  const fitting = await fitInto(pictures, maxBytes, shrink);
  try {
    return await send(fitting);
  } catch (error) {
    if (!(error instanceof EaselError) || error.status !== 413) throw error;
    const largest = Math.max(...fitting.map(({ bytes }) => bytes));
    const smaller = await fitInto(fitting, Math.floor(Math.min(maxBytes, largest) / 2), shrink);
    return send(smaller);
  }
}

/** For each picture: what one file may have; and of the message an equal share, where all of them would not fit. */
function limitFor(pictures: Picture[], { uploadLimit }: Target): number {
  const whole = messageLimit(uploadLimit);
  const total = pictures.reduce((sum, { bytes }) => sum + Math.min(bytes, uploadLimit), 0);
  return total <= whole ? uploadLimit : Math.min(uploadLimit, Math.floor(whole / pictures.length));
}

function messageLimit(uploadLimit: number): number {
  return Math.max(REQUEST_BYTES, uploadLimit) - OVERHEAD_BYTES;
}

function fitInto(pictures: Picture[], maxBytes: number, shrink: Shrink): Promise<Picture[]> {
  return Promise.all(
    pictures.map((picture) => (picture.bytes > maxBytes ? shrink(picture, maxBytes) : picture)),
  );
}
