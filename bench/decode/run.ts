/** Runs the plan: a server process, and one process for every measurement. */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPicture, hashPicture } from './formats.ts';
import type { Measurement } from './measure.ts';
import type { Cost } from './meter.ts';
import { peers } from './peers/peers.ts';
import { type Case, casesOf, describeSituation, type Plan } from './plan.ts';
import { medianCost } from './statistics.ts';

/** The medians of one case. */
export interface Result {
  one: Case;
  cost: Cost;
}

// The slowest single case needs about 7 s.
const TIMEOUT_MS = 60_000;

/** @throws Error when a peer fails, or gives a picture with another hash */
export async function runPlan(plan: Plan, say: (line: string) => void): Promise<Result[]> {
  const server = await startServer();
  const runs = plan.situations.flatMap(casesOf).map((one) => ({ one, costs: [] as Cost[] }));
  try {
    for (let round = 1; round <= plan.repetitions; round += 1) {
      for (const { one, costs } of runs) {
        costs.push(await runCase(one, server.origin));
        say(progress(one, `round ${round}/${plan.repetitions}`, costs));
      }
    }
  } finally {
    server.stop();
  }
  return runs.map(({ one, costs }) => ({ one, cost: medianCost(costs) }));
}

function progress(one: Case, round: string, costs: Cost[]): string {
  const last = costs.at(-1);
  return `${round}  ${describeSituation(one)}  ${one.peer}  ${last?.cpuMs.toFixed(0)} ms of CPU`;
}

async function startServer() {
  const child = fork(pathOf('server.ts'));
  const [address]: { port: number }[] = await once(child, 'message');
  return { origin: `http://127.0.0.1:${address?.port}`, stop: () => child.disconnect() };
}

async function runCase(one: Case, origin: string): Promise<Cost> {
  const command = ['--expose-gc', pathOf('measure.ts'), JSON.stringify(one), origin];
  const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: TIMEOUT_MS });
  const { hashes, ...cost }: Measurement = JSON.parse(stdout);
  await checkPictures(one, hashes);
  return cost;
}

async function checkPictures(one: Case, hashes: string[]): Promise<void> {
  const { decodes } = peers[one.peer];
  const right = await hashPicture([createPicture(one.bytes)]);
  const count = decodes ? one.streams : 0;
  if (hashes.length === count && hashes.every((hash) => hash === right)) return;
  throw new Error(`${one.peer} gave other pictures than it was sent (${describeSituation(one)})`);
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
