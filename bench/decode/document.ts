/** Puts the tables into BENCHMARKS.md, with what they were measured on. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Plan } from './plan.ts';
import type { Result } from './run.ts';
import { writeTables } from './table.ts';
import { writeTargets } from './targets.ts';

const BEGIN = '<!-- bench:decode begin -->';
const END = '<!-- bench:decode end -->';
const ROOT = new URL('../../', import.meta.url);

/** The part of BENCHMARKS.md that the command owns. */
export function writeReport(plan: Plan, results: readonly Result[]): string {
  const facts = [
    `Measured ${new Date().toISOString().slice(0, 10)}`,
    `Node ${process.versions.node}`,
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `medians of ${plan.repetitions}`,
    ...versions(),
  ];
  return [`${facts.join(', ')}.`, writeTargets(results), writeTables(results)].join('\n\n');
}

/** Of the packages compared, as pinned. */
function versions(): string[] {
  const pinned = { ...pinsOf('package.json'), ...pinsOf('bench/package.json') };
  const compared = [
    'eventsource-parser',
    'openai',
    'ai',
    '@openrouter/ai-sdk-provider',
    '@google/genai',
  ];
  return compared.map((name) => `${name} ${pinned[name]}`);
}

function pinsOf(path: string): Record<string, string> {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL(path, ROOT), 'utf8'),
  );
  return manifest.dependencies;
}

/** Replaces what stood between the two marks. @throws Error when a mark is missing */
export function keepReport(report: string): void {
  const path = new URL('BENCHMARKS.md', ROOT);
  const text = readFileSync(path, 'utf8');
  const [start, stop] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start === -1 || stop < start) throw new Error('BENCHMARKS.md has lost its marks');
  const before = text.slice(0, start + BEGIN.length);
  writeFileSync(path, `${before}\n\n${report}\n\n${text.slice(stop)}`);
}
