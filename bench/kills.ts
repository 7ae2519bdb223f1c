/** 200 jobs, each killed at a random instant: `npm run bench:kills`, or with `-- <jobs> <seed>`. */
import { killJobs } from '../test/e2e/kills.ts';

const [jobs = 200, seed = 1] = process.argv.slice(2).map(Number);
const startedAt = Date.now();
const { disagreements, ...counts } = await killJobs({ jobs, seed });
const seconds = Math.round((Date.now() - startedAt) / 1000);
process.stdout.write(`${JSON.stringify({ jobs, seed, seconds, ...counts })}\n`);
for (const line of disagreements) process.stdout.write(`${line}\n`);
process.exitCode = counts.paidTwice + counts.silent + disagreements.length === 0 ? 0 : 1;
