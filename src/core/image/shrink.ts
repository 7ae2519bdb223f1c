/** Pictures for places where less may be uploaded. */
import type { Picture } from '../types.ts';
import type { Normaliser } from './normalise.ts';
import type { PictureStore } from './picture-store.ts';

/** The same picture in at most `maxBytes`; the picture itself where it cannot be made so small. */
export type Shrink = (picture: Picture, maxBytes: number) => Promise<Picture>;

/** As a JPEG of at most 2048 px, of about a megabyte: the smallest limit of an upload is many times that. */
export function createShrink({
  normaliser,
  pictures,
}: {
  normaliser: Pick<Normaliser, 'normalise'>;
  pictures: Pick<PictureStore, 'read' | 'addBytes'>;
}): Shrink {
  return async (picture, maxBytes) => {
    if (picture.bytes <= maxBytes) return picture;
    const signal = new AbortController().signal;
    const { data, ...shape } = await normaliser.normalise(await pictures.read(picture), { signal });
    return data.length <= maxBytes ? pictures.addBytes(data, shape) : picture;
  };
}
