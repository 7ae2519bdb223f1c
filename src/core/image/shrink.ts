/** Pictures for places where less may be uploaded. */
import type { Picture } from '../types.ts';
import type { Shrinker } from './normalise.ts';
import type { PictureStore } from './picture-store.ts';

/** The same picture in at most `maxBytes`; the picture itself where it cannot be made so small. */
export type Shrink = (picture: Picture, maxBytes: number) => Promise<Picture>;

/** What fits stays as it is; the rest keeps as many pixels as fit. Throws as `PictureStore` does. */
export function createShrink({
  normaliser,
  pictures,
}: {
  normaliser: Shrinker;
  pictures: Pick<PictureStore, 'read' | 'addBytes'>;
}): Shrink {
  return async (picture, maxBytes) => {
    if (picture.bytes <= maxBytes) return picture;
    const bytes = await pictures.read(picture);
    const { signal } = new AbortController();
    // Whatever fails here, the platform's own refusal tells people more.
    const small = await normaliser.shrink(bytes, { maxBytes, signal }).catch(() => undefined);
    if (small === undefined) return picture;
    const { data, ...shape } = small;
    return pictures.addBytes(data, shape);
  };
}
