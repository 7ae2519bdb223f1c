/**
 * The whole bot under load, on loopback: `node bench/load.ts` takes about three minutes and keeps table and plot in
 * BENCHMARKS.md and bench/load/load.svg; with `--quick` it takes one, and only prints the table.
 */
import { parseArgs } from 'node:util';
import { createPhases } from './load/phases.ts';
import { keepReport, writeReport } from './load/report.ts';
import { runLoad } from './load/run.ts';

const FULL = { idleMs: 10_000, holdMs: 30_000, pacedCount: 60, floodMs: 30_000 };
const QUICK = { idleMs: 3_000, holdMs: 6_000, pacedCount: 10, floodMs: 10_000 };

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const phases = createPhases(values.quick ? QUICK : FULL);
const run = await runLoad(phases, (line) => process.stderr.write(`${line}\n`));
const report = writeReport(run);
process.stdout.write(`${report}\n`);
if (!values.quick) keepReport(run, report);
