/** Conversations over stores in memory, and turns to fill them with. */
import type { Wish } from '../../../src/core/conversation/conversations.ts';
import { createConversations } from '../../../src/core/conversation/create-conversations.ts';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import { EaselError } from '../../../src/core/errors.ts';
import type { GenerationRequest } from '../../../src/core/generation/generate.ts';
import type { Normaliser } from '../../../src/core/image/normalise.ts';
import type { PictureStore, StoredFile } from '../../../src/core/image/picture-store.ts';
import type { StoredPicture } from '../../../src/core/types.ts';
import type { Message } from '../../../src/core/wire/types.ts';
import { createFakeStore } from '../../fakes/store.ts';

/** What every picture is a slice of, so that large ones cost nothing. */
const BYTES = Buffer.alloc(32_000_000);
const NORMALISED_BYTES = 900_000;

export const ADA = 'fake:ada';
export const CHAT = 'fake:chat';

export interface World {
  conversations: ReturnType<typeof createConversations>;
  /** Names of the files that are gone. */
  gone: Set<string>;
  /** Names of files, in the order in which they were made young. */
  renewed: string[];
  /** Names of files, in the order in which they were read. */
  read: string[];
  /** Called at each reading. */
  onRead: () => void;
  /** How many pictures were normalised. */
  shrunk: number;
  /** A seal of so many bytes. */
  addSeal(name: string, bytes: number): { file: string };
}

/** A normalised picture is a JPEG of 900 kB; every other file has the bytes that its row tells. */
export function createWorld({ retentionMs }: { retentionMs?: number } = {}): World {
  const gone = new Set<string>();
  const renewed: string[] = [];
  const seals = new Map<string, number>();
  const nameOf = (file: StoredFile) => ('file' in file ? file.file : file.hash);
  const world = { gone, renewed, read: [] as string[], onRead: () => {}, shrunk: 0 };
  const pictures: PictureStore = {
    add: () => Promise.reject(new Error('not here')),
    addBytes: () => Promise.reject(new Error('not here')),
    addFile: () => Promise.reject(new Error('not here')),
    locate: (picture) => ({ ...picture, path: `/pictures/${picture.hash}` }),
    async read(file) {
      if (gone.has(nameOf(file))) throw new EaselError('attachment-gone');
      world.read.push(nameOf(file));
      world.onRead();
      return BYTES.subarray(0, 'bytes' in file ? Number(file.bytes) : seals.get(nameOf(file)));
    },
    async renew(file) {
      renewed.push(nameOf(file));
    },
    async remove(file) {
      gone.add(nameOf(file));
    },
  };
  const normaliser: Pick<Normaliser, 'normalise'> = {
    async normalise(_bytes, { signal }) {
      if (signal.aborted) throw new EaselError('cancelled');
      world.shrunk += 1;
      const data = BYTES.subarray(0, NORMALISED_BYTES);
      return { data, mediaType: 'image/jpeg', width: 2_048, height: 2_048 };
    },
  };
  const store = createFakeStore();
  return Object.assign(world, {
    conversations: createConversations({ store, pictures, normaliser, retentionMs }),
    addSeal(name: string, bytes: number) {
      seals.set(name, bytes);
      return { file: name };
    },
  });
}

/** What is asked of the model, of a job that nobody stops. */
export function compose({ conversations }: World, wish: Wish): Promise<GenerationRequest> {
  return conversations.compose(wish, { signal: new AbortController().signal });
}

/** A JPEG that needs no normalising. */
export function picture(hash: string, changes: Partial<StoredPicture> = {}): StoredPicture {
  return { hash, mediaType: 'image/jpeg', width: 1_024, height: 1_024, bytes: 100_000, ...changes };
}

/** A turn of the native dialect whose model wrote words and painted. */
export function turn(id: string, changes: Partial<Turn> = {}): Turn {
  const { pictures = [picture(`${id}-made`)] } = changes;
  return {
    id,
    personId: ADA,
    chat: CHAT,
    createdAt: 0,
    prompt: `${id} prompt`,
    inputs: [],
    options: {},
    text: '',
    sources: [],
    provider: 'gateway',
    model: 'painter',
    dialect: 'gemini',
    parts: [
      { type: 'text', text: `${id} words`, signature: { text: `${id} seal` } },
      ...pictures.map((made) => ({ type: 'image' as const, picture: made })),
    ],
    ...changes,
    pictures,
  };
}

/** Saves a line of turns, each the child of the one before; gives the last one. */
export async function saveLine({ conversations }: World, ...line: Turn[]): Promise<Turn> {
  let parent: Turn | undefined;
  for (const member of line) {
    parent = { ...member, ...(parent !== undefined && { parent: parent.id }) };
    await conversations.save(parent);
  }
  if (parent === undefined) throw new Error('an empty line');
  return parent;
}

/** Messages in brief: who speaks, pictures by their bytes, words as they are, seals in brackets. */
export function inBrief(messages: Message[] | undefined): string[] | undefined {
  return messages?.map(({ role, parts }) => {
    const pieces = parts.map((part) => {
      const piece = part.type === 'text' ? part.text : part.data.length;
      const { signature } = part;
      if (signature === undefined) return piece;
      return `${piece} [${typeof signature === 'string' ? signature : signature.length}]`;
    });
    return `${role}: ${pieces.join(' | ')}`;
  });
}
