/** Stored pictures as parts of a message. */
import { EaselError } from '../errors.ts';
import type { Normaliser } from '../image/normalise.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { StoredPicture } from '../types.ts';
import type { Part } from '../wire/types.ts';

export type ImagePart = Extract<Part, { type: 'image' }>;

export interface PictureLoader {
  /** Byte for byte. @throws EaselError `attachment-gone` */
  verbatim(picture: StoredPicture): Promise<ImagePart>;
  /** As every gateway takes it: JPEG or PNG, within 2048 px. @throws EaselError `attachment-gone`, as the normaliser */
  fit(picture: StoredPicture): Promise<ImagePart>;
}

export interface PictureLoaderOptions {
  pictures: Pick<PictureStore, 'read'>;
  normaliser: Pick<Normaliser, 'normalise'>;
  signal: AbortSignal;
}

const MAX_SIDE = 2_048;
/** Fourteen such PNGs fit into one request; above this a picture without transparency is a tenth of it as a JPEG. */
const MAX_PNG_BYTES = 1_000_000;

/** Every method throws the signal's reason once it is aborted, or EaselError `cancelled`. */
export function createPictureLoader({
  pictures,
  normaliser,
  signal,
}: PictureLoaderOptions): PictureLoader {
  const verbatim = async (picture: StoredPicture): Promise<ImagePart> => {
    signal.throwIfAborted();
    const { mediaType } = picture;
    return { type: 'image', mediaType, data: await pictures.read(picture) };
  };
  return {
    verbatim,
    async fit(picture) {
      const whole = await verbatim(picture);
      if (isFit(picture)) return whole;
      const { mediaType, data } = await normaliser.normalise(whole.data, { signal });
      return { type: 'image', mediaType, data };
    },
  };
}

/** What is fit already is not encoded once more, which would cost quality with every change. */
function isFit({ mediaType, width, height, bytes }: StoredPicture): boolean {
  if (Math.max(width, height) > MAX_SIDE) return false;
  return mediaType === 'image/jpeg' || (mediaType === 'image/png' && bytes <= MAX_PNG_BYTES);
}

/** Those that are still there, in order. @throws EaselError `attachment-gone` when there were some and none is left */
export async function loadLeft(
  pictures: readonly StoredPicture[],
  loader: PictureLoader,
): Promise<ImagePart[]> {
  const left: ImagePart[] = [];
  let loss: EaselError | undefined;
  for (const picture of pictures) {
    try {
      left.push(await loader.fit(picture));
    } catch (error) {
      if (!(error instanceof EaselError && error.code === 'attachment-gone')) throw error;
      loss = error;
    }
  }
  if (left.length === 0 && loss !== undefined) throw loss;
  return left;
}

/** All of them, in order. @throws EaselError `attachment-gone` */
export async function loadAll(
  pictures: readonly StoredPicture[],
  loader: PictureLoader,
): Promise<ImagePart[]> {
  const all: ImagePart[] = [];
  for (const picture of pictures) all.push(await loader.fit(picture));
  return all;
}

/** Pictures before words, as the models' guides have it for edits; no empty words beside a picture. */
export function userParts(pictures: ImagePart[], words: string): Part[] {
  if (words === '' && pictures.length > 0) return pictures;
  return [...pictures, { type: 'text', text: words }];
}
