/** A path as the model itself wrote it, letter by letter and byte by byte. */
import { EaselError } from '../errors.ts';
import type { StoredPart, StoredSignature } from '../generation/parts.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { Replay } from '../provider/replayer.ts';
import type { Message, Part } from '../wire/types.ts';
import type { Wish } from './conversations.ts';
import { fits, MAX_BYTES, MAX_PICTURE_BYTES, weigh } from './limits.ts';
import { type ImagePart, loadAll, type PictureLoader, userParts } from './load-pictures.ts';
import type { Turn } from './turn.ts';

export interface ReplayInput {
  wish: Wish;
  /** From the root, or where it is lost, to the wish's parent. */
  path: Turn[];
  /** The wish's own. */
  inputs: ImagePart[];
}

/**
 * Whole oldest exchanges are left out until the rest fits. Undefined where the path is not all of one model's making on
 * the native dialect, a file of it is gone, or not even the last exchange fits.
 * @throws EaselError `cancelled`
 */
export async function composeReplay(
  { wish, path, inputs }: ReplayInput,
  loader: PictureLoader,
  pictures: Pick<PictureStore, 'read'>,
): Promise<Replay | undefined> {
  const last = path.at(-1);
  if (last === undefined || !isReplayable(wish, path, last)) return undefined;
  const now: Message = { role: 'user', parts: userParts(inputs, wish.prompt) };
  try {
    const messages = await newestExchanges(path, now, (turn) => load(turn, loader, pictures));
    if (messages.length === 1) return undefined;
    return { provider: last.provider, model: last.model, dialect: last.dialect, messages };
  } catch (error) {
    // A replay is only the better one of two ways.
    if (error instanceof EaselError && error.code !== 'cancelled') return undefined;
    throw error;
  }
}

function isReplayable({ textOnly, options, chosen }: Wish, path: Turn[], last: Turn): boolean {
  const isAnswered = options.model === undefined || options.model === last.model;
  const isOneModels = path.every(
    ({ dialect, provider, model, parts }) =>
      dialect === 'gemini' && provider === last.provider && model === last.model && parts?.length,
  );
  const picksOne = path.some((turn, at) => picksOneOfSeveral(turn.chosen, path[at - 1]));
  return !textOnly && isAnswered && isOneModels && !picksOne && !picksOneOfSeveral(chosen, last);
}

/** The model would see all of them, and no word of which one was meant. */
function picksOneOfSeveral(chosen: number | undefined, parent: Turn | undefined): boolean {
  return chosen !== undefined && parent !== undefined && parent.pictures.length > 1;
}

async function newestExchanges(
  path: Turn[],
  now: Message,
  loadExchange: (turn: Turn) => Promise<Message[]>,
): Promise<Message[]> {
  let messages = [now];
  for (const turn of path.toReversed()) {
    if (!mayFit(turn)) break;
    const longer = [...(await loadExchange(turn)), ...messages];
    if (!fits(weigh(longer))) break;
    messages = longer;
  }
  return messages;
}

/** Tells without reading a file. */
function mayFit({ pictures }: Turn): boolean {
  const all = pictures.reduce((sum, { bytes }) => sum + bytes, 0);
  return all <= MAX_BYTES && pictures.every(({ bytes }) => bytes <= MAX_PICTURE_BYTES);
}

async function load(
  { inputs, prompt, parts = [] }: Turn,
  loader: PictureLoader,
  pictures: Pick<PictureStore, 'read'>,
): Promise<Message[]> {
  const asked = userParts(await loadAll(inputs, loader), prompt);
  const answered: Part[] = [];
  for (const part of parts) answered.push(await loadPart(part, loader, pictures));
  return [
    { role: 'user', parts: asked },
    { role: 'model', parts: answered },
  ];
}

async function loadPart(
  part: StoredPart,
  loader: PictureLoader,
  pictures: Pick<PictureStore, 'read'>,
): Promise<Part> {
  const signature = part.signature && (await loadSignature(part.signature, pictures));
  const seal = signature === undefined ? {} : { signature };
  if (part.type === 'text') return { type: 'text', text: part.text, ...seal };
  return { ...(await loader.verbatim(part.picture)), ...seal };
}

async function loadSignature(
  signature: StoredSignature,
  pictures: Pick<PictureStore, 'read'>,
): Promise<string | Uint8Array> {
  return 'text' in signature ? signature.text : pictures.read(signature);
}
