/** What each day brought: kept for two weeks, across restarts. */
import type { Logger } from '../ports.ts';
import { createLateWrites } from './late-writes.ts';
import type { DayReport, ModelDay } from './report.ts';
import type { EndFact } from './watch.ts';

/** What is needed of a store. */
export interface DayStore {
  table(name: string, options: { ttlMs: number }): DayTable;
}

export interface DayTable {
  set(day: string, row: DayReport): Promise<void>;
  entries(): AsyncIterable<[day: string, row: DayReport]>;
}

export interface Days {
  /** `cost` in US dollars, where it is known. */
  note(fact: EndFact, cost: number | undefined): void;
  /** The present day and those before it that brought anything, oldest first. */
  report(): DayReport[];
  /** Writes what is not written. Never rejects. */
  close(): Promise<void>;
}

const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;
/** A process that is killed forgets as much. */
const WRITE_EVERY_MS = 5_000;

/** Never rejects: figures that cannot be read are no reason not to start. */
export async function openDays(store: DayStore, logger: Logger): Promise<Days> {
  const table = store.table('days', { ttlMs: KEPT_DAYS * DAY_MS });
  const days = await readAll(table, logger);
  const writes = createLateWrites((day) => table.set(day, dayOf(day)), {
    waitMs: WRITE_EVERY_MS,
    logger,
  });

  function dayOf(name: string): DayReport {
    return days.get(name) ?? { day: name, platforms: {}, models: {}, outcomes: {} };
  }

  function dropOld(): void {
    const oldest = nameOf(Date.now() - (KEPT_DAYS - 1) * DAY_MS);
    for (const name of days.keys()) if (name < oldest) days.delete(name);
  }

  return {
    note(fact, cost) {
      const today = nameOf(Date.now());
      days.set(today, added(dayOf(today), fact, cost));
      dropOld();
      writes.want(today);
    },
    report() {
      dropOld();
      const today = nameOf(Date.now());
      const all = [...days.values()].filter(({ day }) => day < today);
      return [...all.sort((a, b) => (a.day < b.day ? -1 : 1)), dayOf(today)];
    },
    close: writes.close,
  };
}

async function readAll(table: DayTable, logger: Logger): Promise<Map<string, DayReport>> {
  const days = new Map<string, DayReport>();
  try {
    for await (const [day, row] of table.entries()) days.set(day, row);
  } catch (error) {
    logger.warn({ error }, 'figures of the last days cannot be read');
  }
  return days;
}

/** UTC. */
function nameOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function added(day: DayReport, fact: EndFact, cost: number | undefined): DayReport {
  const { platform, model, outcome, pictures } = fact;
  const { platforms, models, outcomes } = day;
  return {
    ...day,
    platforms: { ...platforms, [platform]: (platforms[platform] ?? 0) + pictures },
    outcomes: { ...outcomes, [outcome]: (outcomes[outcome] ?? 0) + 1 },
    ...(model !== undefined && {
      models: { ...models, [model]: addedTo(models[model], fact, cost) },
    }),
  };
}

const NOTHING: ModelDay = { pictures: 0, promptTokens: 0, completionTokens: 0 };

function addedTo(
  before: ModelDay = NOTHING,
  { pictures, usage = {} }: EndFact,
  cost: number | undefined,
): ModelDay {
  const isPriced = cost !== undefined || before.cost !== undefined;
  return {
    pictures: before.pictures + pictures,
    promptTokens: before.promptTokens + (usage.promptTokens ?? 0),
    completionTokens: before.completionTokens + (usage.completionTokens ?? 0),
    ...(isPriced && { cost: (before.cost ?? 0) + (cost ?? 0) }),
  };
}
