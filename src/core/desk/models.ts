/** Which models people may choose. */
import type { Logger } from '../ports.ts';
import { modelFamily } from '../wire/models.ts';

export interface Models {
  /** Ids of image models, those of known families first; none when no gateway tells. Quick, and never throws. */
  all(): Promise<string[]>;
  /** As last told. */
  known(): string[];
}

export interface ModelsOptions {
  /** What the gateways offer; may throw. */
  list: () => Promise<string[]>;
  logger: Logger;
}

/** Platforms wait 3 seconds for an answer to a form; a gateway that is slower is asked behind the scenes. */
const PATIENCE_MS = 2_000;

/** Names of image models beside the known families; relays list hundreds of other models. */
const IMAGE_NAMES = /image|banana|imagen|flux|seedream/i;

export function createModels({ list, logger }: ModelsOptions): Models {
  let known: string[] = [];
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      known = imageModels(await list());
    } catch (error) {
      logger.warn({ error }, 'the models are not known');
    } finally {
      asking = undefined;
    }
  }

  return {
    known: () => known,
    async all() {
      asking ??= ask();
      if (known.length === 0) await orAtMost(PATIENCE_MS, asking);
      return known;
    },
  };
}

function imageModels(ids: readonly string[]): string[] {
  const isKnown = (id: string) => modelFamily(id) !== undefined;
  const unique = [...new Set(ids)].filter((id) => isKnown(id) || IMAGE_NAMES.test(id));
  return [...unique.filter(isKnown), ...unique.filter((id) => !isKnown(id))];
}

/** `work` never fails. */
function orAtMost(timeoutMs: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Why a model cannot be chosen, if it cannot: with no list nobody may name one, since the operator pays for it. */
export function refusalOf(
  model: string,
  known: readonly string[],
): 'model.none' | 'model.unknown' | undefined {
  if (known.length === 0) return 'model.none';
  return known.includes(model) ? undefined : 'model.unknown';
}
