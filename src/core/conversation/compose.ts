/** From a wish and its path to what is asked of the model. */
import type { Normaliser } from '../image/normalise.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { Table } from '../store/store.ts';
import type { StoredPicture } from '../types.ts';
import { collapse } from './collapse.ts';
import type { Conversations, Wish } from './conversations.ts';
import { MAX_TURNS } from './limits.ts';
import { createPictureLoader, loadAll, loadLeft } from './load-pictures.ts';
import { composeReplay } from './replay.ts';
import type { Turn } from './turn.ts';

export interface ComposerDependencies {
  turns: Table<Turn>;
  pictures: PictureStore;
  normaliser: Pick<Normaliser, 'normalise'>;
}

/**
 * The collapsed form always, since it is the way out when a gateway refuses the replay.
 * @throws EaselError `attachment-gone` when an input, or every picture of the parent that is meant, is no longer there;
 * as the normaliser
 */
export function createComposer({ turns, pictures, normaliser }: ComposerDependencies) {
  const compose: Conversations['compose'] = async (wish, { signal }) => {
    const loader = createPictureLoader({ pictures, normaliser, signal });
    const { prompt, parent, options, textOnly } = wish;
    const meant = await loadLeft(meantPictures(wish), loader);
    const inputs = await loadAll(wish.inputs, loader);
    const path = parent === undefined || textOnly ? [] : await pathTo(parent, turns);
    const earlier = path.map((turn) => turn.prompt);
    const collapsed = collapse({ pictures: [...meant, ...inputs], earlier, prompt });
    const replay = await composeReplay({ wish, path, inputs }, loader, pictures);
    return {
      messages: [collapsed],
      ...(replay && { replay }),
      options,
      ...(textOnly && { textOnly }),
    };
  };
  return compose;
}

function meantPictures({ parent, chosen }: Wish): StoredPicture[] {
  const made = parent?.pictures ?? [];
  return made.filter((_, at) => chosen === undefined || at === chosen);
}

/** Oldest first, the turn itself last; a turn that is gone ends the path. */
async function pathTo(turn: Turn, turns: Table<Turn>): Promise<Turn[]> {
  const path = [turn];
  let next = turn.parent;
  while (next !== undefined && path.length < MAX_TURNS) {
    const found = await turns.get(next);
    if (found === undefined) break;
    path.unshift(found);
    next = found.parent;
  }
  return path;
}
