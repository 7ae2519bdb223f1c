/** Totals and the report as Prometheus' metrics. Each is read at the moment of the scrape. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Count, DURATION_LIMITS_MS, type Report, type Totals } from '../core/index.ts';

export interface Exposition {
  contentType: string;
  render(): Promise<string>;
}

export interface Sources {
  report(): Report;
  totals(): Totals;
}

export function createExposition(sources: Sources): Exposition {
  const registry = new Registry();
  let report = sources.report();
  let totals = sources.totals();
  addCounters(registry, () => totals);
  addGauges(registry, () => report);
  const addDurations = createDurations(registry);
  return {
    contentType: registry.contentType,
    render() {
      report = sources.report();
      totals = sources.totals();
      addDurations(totals);
      return registry.metrics();
    },
  };
}

function addCounters(registry: Registry, totals: Sources['totals']): void {
  const counter = (
    name: string,
    help: string,
    labelNames: string[],
    read: (totals: Totals) => Count[],
  ) =>
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, value } of read(totals())) this.inc(labels, value);
      },
    });
  const maker = ['provider', 'model'];
  counter(
    'easel_jobs_total',
    'Jobs that ended.',
    ['platform', 'outcome', 'code'],
    (all) => all.jobs,
  );
  counter(
    'easel_pictures_total',
    'Pictures delivered.',
    ['platform', 'model'],
    (all) => all.pictures,
  );
  counter(
    'easel_gateway_tries_total',
    'Requests to gateways; the first key is 1.',
    ['provider', 'key', 'code'],
    (all) => all.tries,
  );
  counter('easel_prompt_tokens_total', 'As gateways count them.', maker, (all) => all.promptTokens);
  counter(
    'easel_completion_tokens_total',
    'As gateways count them.',
    maker,
    (all) => all.completionTokens,
  );
  counter(
    'easel_cost_dollars_total',
    'As gateways say, else by the prices that are set.',
    maker,
    (all) => all.dollars,
  );
}

function addGauges(registry: Registry, report: Sources['report']): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('easel_jobs_waiting', 'Jobs in line.', () => report().queue.waiting);
  gauge('easel_jobs_running', 'Jobs that are painted.', () => report().queue.running);
  gauge('easel_start_time_seconds', 'Unix time of the start.', () => report().startedAt / 1_000);
  gauge('easel_resident_memory_bytes', 'Of the process.', () => report().memoryBytes);
  gauge('easel_event_loop_delay_p99_seconds', 'Since the last scrape.', createLoopDelay());
  new Gauge({
    name: 'easel_platform_connected',
    help: '1 when people are served there.',
    labelNames: ['platform'],
    registers: [registry],
    collect() {
      for (const { name, state } of report().platforms) {
        this.set({ platform: name }, state === 'connected' ? 1 : 0);
      }
    },
  });
}

/** Measured from the first scrape on: it wakes the process every 20 ms. */
function createLoopDelay(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return () => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return seconds;
  };
}

/** The library can only observe, and all of this is over: each bucket's news are given as their mean. */
function createDurations(registry: Registry): (totals: Totals) => void {
  const histogram = new Histogram({
    name: 'easel_gateway_answer_seconds',
    help: 'Until the whole answer, where it went well.',
    labelNames: ['provider'],
    buckets: DURATION_LIMITS_MS.map((limitMs) => limitMs / 1_000),
    registers: [registry],
  });
  const told = new Map<string, { count: number; sumMs: number }>();
  return ({ durations }) => {
    for (const { provider, buckets } of durations) {
      for (const [at, { count, sumMs }] of buckets.entries()) {
        const key = `${provider} ${at}`;
        const before = told.get(key) ?? { count: 0, sumMs: 0 };
        told.set(key, { count, sumMs });
        const news = count - before.count;
        // What sums round off must not lift it into the next bucket.
        const limitMs = DURATION_LIMITS_MS[at] ?? Number.POSITIVE_INFINITY;
        const meanMs = Math.min((sumMs - before.sumMs) / news, limitMs);
        for (let left = news; left > 0; left -= 1) histogram.observe({ provider }, meanMs / 1_000);
      }
    }
  };
}
