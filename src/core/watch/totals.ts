/** Sums since the start: what a monitor computes rates of. */
import { type Count, createCounts } from './counts.ts';
import { createDurations, type DurationTotal } from './durations.ts';
import type { EndFact, TryFact } from './watch.ts';

/** Each by its labels; `code` is `ok` for what went well. */
export interface Totals {
  /** By platform, outcome and code. */
  jobs: Count[];
  /** Delivered, by platform and model. */
  pictures: Count[];
  /** Requests to gateways by provider, key (the first is 1) and code. */
  tries: Count[];
  /** By provider and model, as gateways counted them. */
  promptTokens: Count[];
  completionTokens: Count[];
  /** US dollars by provider and model, where the cost is known. */
  dollars: Count[];
  /** Of requests to gateways that went well. */
  durations: DurationTotal[];
}

export interface TotalsKeeper {
  tried(fact: TryFact): void;
  ended(fact: EndFact, cost: number | undefined): void;
  read(): Totals;
}

export function createTotals(): TotalsKeeper {
  const jobs = createCounts();
  const pictures = createCounts();
  const tries = createCounts();
  const promptTokens = createCounts();
  const completionTokens = createCounts();
  const dollars = createCounts();
  const durations = createDurations();
  return {
    tried({ provider, key, code, durationMs }) {
      tries.add({ provider, key: String(key + 1), code: code ?? 'ok' });
      if (code === undefined) durations.add(provider, durationMs);
    },
    ended(fact, cost) {
      const { platform, outcome, provider = '', model = '', usage = {} } = fact;
      jobs.add({ platform, outcome, code: fact.code ?? 'ok' });
      if (fact.pictures > 0) pictures.add({ platform, model }, fact.pictures);
      const maker = { provider, model };
      if (usage.promptTokens) promptTokens.add(maker, usage.promptTokens);
      if (usage.completionTokens) completionTokens.add(maker, usage.completionTokens);
      if (cost !== undefined) dollars.add(maker, cost);
    },
    read: () => ({
      jobs: jobs.all(),
      pictures: pictures.all(),
      tries: tries.all(),
      promptTokens: promptTokens.all(),
      completionTokens: completionTokens.all(),
      dollars: dollars.all(),
      durations: durations.all(),
    }),
  };
}
