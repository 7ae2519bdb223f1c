/**
 * What it costs to turn a streamed answer into picture bytes, side by side: `node bench/decode.ts` measures everything
 * and keeps the tables in BENCHMARKS.md; with `--quick` it measures less and only prints them.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keepReport, writeReport } from './decode/document.ts';
import { createPlan } from './decode/plan.ts';
import { runPlan } from './decode/run.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
if (!existsSync(new URL('node_modules', import.meta.url))) {
  throw new Error('the packages to compare with are missing: npm ci --prefix bench');
}
const plan = createPlan(values);
const results = await runPlan(plan, (line) => process.stderr.write(`${line}\n`));
const report = writeReport(plan, results);
if (!values.quick) keepReport(report);
process.stdout.write(`${report}\n`);
