/** The model's own turn, as the store can keep it. */
import type { PictureStore, StoredBytes } from '../image/picture-store.ts';
import type { ProviderAnswer } from '../provider/provider.ts';
import type { Picture, StoredPicture } from '../types.ts';
import type { AnswerPart, Payload } from '../wire/types.ts';

/** A piece of the model's turn: text, or a stored picture, and its seal, as text or as the file of its bytes. */
export type StoredPart =
  | { type: 'text'; text: string; signature?: StoredSignature }
  | { type: 'image'; picture: StoredPicture; signature?: StoredSignature };
export type StoredSignature = { text: string } | StoredBytes;

/** Longer ones go to files, so that rows stay small; a live one had 597,616 characters (docs/quirks.md, Q24). */
const MAX_SIGNATURE_CHARACTERS = 4_096;

/**
 * The parts of a native answer; undefined for what cannot be replayed letter by letter: another dialect, a picture that
 * is not stored as it came or not in the parts, a signature that is no canonical base64, a disk that is full.
 * @param stored the pictures that are kept, by the payload that they came in
 */
export async function storeParts(
  { answer, dialect }: ProviderAnswer,
  stored: ReadonlyMap<Payload, Picture>,
  pictures: PictureStore,
): Promise<StoredPart[] | undefined> {
  // A stream may end in a part with neither words nor seal, which Google gives but does not take.
  const parts = answer.parts.filter((part) => part.type === 'image' || part.text || part.signature);
  const images = parts.filter((part) => part.type === 'image');
  const hasAll = images.length === stored.size && images.every((part) => isStored(part, stored));
  if (dialect !== 'gemini' || !hasAll) return undefined;
  const kept: StoredPart[] = [];
  for (const part of parts) {
    const signature = await storeSignature(part.signature, pictures);
    const piece = toPiece(part, stored);
    if (signature === 'lost' || piece === undefined) return undefined;
    kept.push(signature === undefined ? piece : { ...piece, signature });
  }
  return kept;
}

/** Bytes behind the end of a picture are not stored, but the seal may cover them. */
function isStored(
  { payload }: Extract<AnswerPart, { type: 'image' }>,
  stored: ReadonlyMap<Payload, Picture>,
): boolean {
  return stored.get(payload)?.bytes === payload.size;
}

function toPiece(part: AnswerPart, stored: ReadonlyMap<Payload, Picture>): StoredPart | undefined {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const picture = stored.get(part.payload);
  if (picture === undefined) return undefined;
  const { path: _path, ...row } = picture;
  return { type: 'image', picture: row };
}

async function storeSignature(
  signature: Payload | string | undefined,
  pictures: PictureStore,
): Promise<StoredSignature | undefined | 'lost'> {
  if (signature === undefined) return undefined;
  if (typeof signature === 'string' && signature.length <= MAX_SIGNATURE_CHARACTERS) {
    return { text: signature };
  }
  const content = typeof signature === 'string' ? decode(signature) : signature;
  if (content === undefined) return 'lost';
  // The pictures are safe; without its seal the turn can still be told anew.
  return pictures.addFile(content).catch(() => 'lost' as const);
}

function decode(signature: string): Pick<Payload, 'open' | 'size'> | undefined {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return undefined;
  return {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
