/** What a phase comes to. */
import type { Lateness } from './monitor.ts';
import type { PhaseRun, Run } from './run.ts';
import type { Moment } from './stamps.ts';

/** Milliseconds; NaN where nothing was measured. */
export interface Spread {
  p50: number;
  p99: number;
}

export interface Figures {
  name: string;
  results: number;
  perSecond: number;
  /** Update handed out → status message posted. */
  acknowledged: Spread;
  /** The gateway's last byte → the first byte of the upload. */
  added: Spread;
  /** First byte of the upload → its last. */
  upload: Spread;
  cpuMsPerResult: number;
  residentMegabytes: { median: number; max: number };
  lateness: Lateness;
}

export function figuresOf(phase: PhaseRun): Figures {
  const { name, lives, samples, lateness } = phase;
  const resident = samples.map(({ residentMegabytes }) => residentMegabytes);
  const between = (from: Moment, to: Moment) => {
    const spans = lives.map(({ at }) => (at[to] ?? Number.NaN) - (at[from] ?? Number.NaN));
    return { p50: quantile(spans, 0.5), p99: quantile(spans, 0.99) };
  };
  return {
    name,
    results: lives.length,
    perSecond: lives.length / ((phase.endMs - phase.startMs) / 1_000),
    acknowledged: between('told', 'acknowledged'),
    added: between('answered', 'uploading'),
    upload: between('uploading', 'delivered'),
    cpuMsPerResult: phase.cpuMs / lives.length,
    residentMegabytes: { median: quantile(resident, 0.5), max: quantile(resident, 1) },
    lateness,
  };
}

/** The smallest value that so large a part (0 to 1) of all does not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export interface Target {
  what: string;
  limit: number;
  unit: 's' | 'ms' | 'MB';
  value: number;
}

/** What Easel promises on two cores. */
export function targetsOf({ readyMs }: Run, phases: readonly Figures[]): Target[] {
  const [idle, held, paced] = ['idle', 'held', 'paced'].map((name) =>
    phases.find((phase) => phase.name === name),
  );
  const measured: [string, number, Target['unit'], number | undefined][] = [
    ['start to ready', 1.5, 's', readyMs / 1_000],
    ['resident memory, idle', 130, 'MB', idle?.residentMegabytes.max],
    ['resident memory, 100 streams', 450, 'MB', held?.residentMegabytes.max],
    ['acknowledged, 100 wishes at once, p99', 250, 'ms', held?.acknowledged.p99],
    ['acknowledged, one wish a second, p99', 250, 'ms', paced?.acknowledged.p99],
    ['added, one wish a second, p50', 30, 'ms', paced?.added.p50],
    ['event-loop delay, 100 streams, p99', 50, 'ms', held?.lateness.p99],
    ['event-loop delay, one wish a second, p99', 50, 'ms', paced?.lateness.p99],
  ];
  return measured.map(([what, limit, unit, value = Number.NaN]) => ({ what, limit, unit, value }));
}
