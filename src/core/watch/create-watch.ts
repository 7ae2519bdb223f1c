/** Keeps what the program tells, in bounded memory, for whoever asks how it does. */
import type { Logger } from '../ports.ts';
import { type DayStore, openDays } from './days.ts';
import { createKeyFigures } from './key-figures.ts';
import { createMinutes } from './minutes.ts';
import { costOf, type Prices } from './prices.ts';
import type { FailureReport, KeyReport, Report } from './report.ts';
import { createTotals, type Totals } from './totals.ts';
import { type EndFact, isFailure, type Watch } from './watch.ts';

export interface WatchOptions {
  /** Keeps the figures of days. */
  store: DayStore;
  prices: Prices;
  logger: Logger;
}

export interface Figures extends Watch {
  /** What facts alone tell. */
  report(): Pick<Report, 'startedAt' | 'days' | 'minutes' | 'failures'>;
  /** Of one key of a provider, counted from 0. */
  key(provider: string, key: number): KeyReport;
  totals(): Totals;
  /** Writes what is not written yet. Never rejects. */
  close(): Promise<void>;
}

const KEPT_FAILURES = 20;
/** Gateways offer hundreds, and people choose; so many are told apart. */
const MAX_MODELS = 100;
const OTHER_MODEL = 'other';

/** Never rejects. */
export async function createWatch({ store, prices, logger }: WatchOptions): Promise<Figures> {
  const startedAt = Date.now();
  const days = await openDays(store, logger);
  const minutes = createMinutes();
  const keys = createKeyFigures();
  const totals = createTotals();
  const modelName = createModelNames();
  const failures: FailureReport[] = [];

  return {
    tried(fact) {
      keys.note(fact);
      totals.tried(fact);
    },
    ended(fact) {
      const cost = costOf(fact, prices);
      const named = fact.model === undefined ? fact : { ...fact, model: modelName(fact.model) };
      totals.ended(named, cost);
      minutes.note(named);
      days.note(named, cost);
      if (isFailure(fact)) failures.unshift(toFailure(fact));
      failures.length = Math.min(failures.length, KEPT_FAILURES);
    },
    report: () => ({
      startedAt,
      days: days.report(),
      minutes: minutes.report(),
      failures: [...failures],
    }),
    key: keys.of,
    totals: totals.read,
    close: days.close,
  };
}

function toFailure({ platform, outcome, code, provider }: EndFact): FailureReport {
  return {
    at: Date.now(),
    platform,
    outcome,
    ...(code !== undefined && { code }),
    ...(provider !== undefined && { provider }),
  };
}

function createModelNames(): (model: string) => string {
  const known = new Set<string>();
  return (model) => {
    // Figures are kept in plain objects, which have these names already.
    if (model in {} || (!known.has(model) && known.size >= MAX_MODELS)) return OTHER_MODEL;
    known.add(model);
    return model;
  };
}
