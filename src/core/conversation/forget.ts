/** Forgetting a person. Reads whole tables: it is rare, and an index would have to be right for years to help once. */
import type { PictureStore, StoredFile } from '../image/picture-store.ts';
import type { Table } from '../store/store.ts';
import type { StoredPicture } from '../types.ts';
import type { Tables } from './tables.ts';
import type { Turn } from './turn.ts';
import { filesOf } from './turn-files.ts';

/** What a person's turns are, and which of their files nobody else's turn shows. */
interface Estate {
  turnIds: Set<string>;
  files: StoredFile[];
}

/** Files go first: after a crash the rows still tell what is left to do. */
export function createForget({ turns, branches, links }: Tables, pictures: PictureStore) {
  return async (personId: string, loaded: readonly StoredPicture[] = []): Promise<void> => {
    const { turnIds, files } = await findEstate(turns, personId, loaded);
    for (const file of files) await pictures.remove(file);
    await deleteWhere(links, (place, message) => {
      // A chat of the person's own bears their id.
      const isSaidByThem = message.startsWith(`${personId}:`);
      const isSentByThem = 'personId' in place && place.personId === personId;
      return isSaidByThem || isSentByThem || ('turn' in place && turnIds.has(place.turn));
    });
    await deleteWhere(branches, (row) => row.personId === personId || turnIds.has(row.turn ?? ''));
    for (const id of turnIds) await turns.delete(id);
  };
}

async function findEstate(
  turns: Table<Turn>,
  personId: string,
  loaded: readonly StoredFile[],
): Promise<Estate> {
  const turnIds = new Set<string>();
  const files = new Map(loaded.map((file) => [nameOf(file), file]));
  const othersFiles = new Set<string>();
  for await (const [id, turn] of turns.entries()) {
    const isTheirs = turn.personId === personId;
    if (isTheirs) turnIds.add(id);
    for (const file of filesOf(turn)) {
      if (isTheirs) files.set(nameOf(file), file);
      else othersFiles.add(nameOf(file));
    }
  }
  for (const name of othersFiles) files.delete(name);
  return { turnIds, files: [...files.values()] };
}

function nameOf(file: StoredFile): string {
  return 'file' in file ? file.file : `${file.hash} ${file.mediaType}`;
}

async function deleteWhere<Row>(
  table: Table<Row>,
  isDoomed: (row: Row, key: string) => boolean,
): Promise<void> {
  const keys: string[] = [];
  for await (const [key, row] of table.entries()) if (isDoomed(row, key)) keys.push(key);
  for (const key of keys) await table.delete(key);
}
