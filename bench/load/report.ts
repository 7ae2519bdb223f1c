/** The figures as Markdown, and where they are kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Figures, figuresOf, type Spread, targetsOf } from './figures.ts';
import { drawPlot } from './plot.ts';
import type { Run } from './run.ts';

const BEGIN = '<!-- bench:load begin -->';
const END = '<!-- bench:load end -->';
const PAPER = new URL('../../BENCHMARKS.md', import.meta.url);
const PLOT = new URL('load.svg', import.meta.url);

export function writeReport(run: Run): string {
  const phases = run.phases.map(figuresOf);
  const facts = [
    `Measured ${new Date().toISOString().slice(0, 10)}`,
    `Node ${process.versions.node}`,
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
  ];
  return [`${facts.join(', ')}.`, targetTable(run, phases), phaseTable(phases)].join('\n\n');
}

function targetTable(run: Run, phases: Figures[]): string {
  const rows = targetsOf(run, phases).map(({ what, limit, unit, value }) => {
    const shown = unit === 's' ? value.toFixed(2) : round(value);
    return [what, `${limit} ${unit}`, `${shown} ${unit}`, value <= limit ? 'yes' : 'no'];
  });
  return table(['what', 'at most', 'measured', 'kept'], rows);
}

function phaseTable(phases: Figures[]): string {
  const head = [
    'phase',
    'results',
    'results/s',
    'acknowledged ms: p50 / p99',
    'added ms: p50 / p99',
    'upload ms: p50 / p99',
    'CPU ms per result',
    'resident MB: median / max',
    'loop delay ms: p50 / p99 / max',
  ];
  return table(head, phases.map(phaseRow));
}

function phaseRow(phase: Figures): string[] {
  const { median, max } = phase.residentMegabytes;
  const { lateness } = phase;
  return [
    phase.name,
    String(phase.results),
    round(phase.perSecond, 1),
    spread(phase.acknowledged),
    spread(phase.added),
    spread(phase.upload),
    round(phase.cpuMsPerResult),
    `${round(median)} / ${round(max)}`,
    [lateness.p50, lateness.p99, lateness.max].map((value) => round(value)).join(' / '),
  ];
}

function spread({ p50, p99 }: Spread): string {
  return Number.isFinite(p50) ? `${round(p50)} / ${round(p99)}` : '-';
}

function round(value: number, digits = 0): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Replaces what stood between the two marks in BENCHMARKS.md, and the plot. @throws Error when a mark is missing */
export function keepReport(run: Run, report: string): void {
  const text = readFileSync(PAPER, 'utf8');
  const [start, stop] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start === -1 || stop < start) throw new Error('BENCHMARKS.md has lost its marks');
  const before = text.slice(0, start + BEGIN.length);
  writeFileSync(PLOT, drawPlot(run));
  writeFileSync(PAPER, `${before}\n\n${report}\n\n${text.slice(stop)}`);
}
