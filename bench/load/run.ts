/** Runs the phases on one bot, and keeps what was seen. */
import { setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { type Bot, startBot } from './bot.ts';
import { now } from './clock.ts';
import { createJournal, type Journal, type Life } from './journal.ts';
import type { Lateness } from './monitor.ts';
import type { Phase } from './phases.ts';
import { startServer } from './server.ts';

/** One look at the bot. */
export interface Sample {
  /** Since the first phase began. */
  ms: number;
  residentMegabytes: number;
  /** Answers under way at the gateway. */
  streams: number;
  /** Pictures so far. */
  delivered: number;
  /** Event-loop delay of the last second, p99. */
  delayMs: number;
}

export interface PhaseRun {
  name: string;
  /** As in `Sample`. */
  startMs: number;
  endMs: number;
  lateness: Lateness;
  cpuMs: number;
  lives: Life[];
  samples: Sample[];
}

export interface Run {
  readyMs: number;
  phases: PhaseRun[];
}

const SAMPLE_MS = 250;
/** The last report of a phase comes up to a second behind its end. */
const REPORT_MS = 1_100;
const REHEARSALS = 4;

/** @throws Error when one picture is missing or wrong */
export async function runLoad(phases: Phase[], say: (line: string) => void): Promise<Run> {
  const journal = createJournal();
  const api = await startServer('bot-api.ts', journal.note);
  const gateway = await startServer('gateway.ts', journal.note);
  try {
    await rehearse(journal, api);
    const bot = await startBot(api.origin, gateway.origin);
    try {
      say(`ready after ${bot.readyMs.toFixed(0)} ms`);
      return { readyMs: bot.readyMs, phases: await runPhases(phases, { bot, journal, api }, say) };
    } finally {
      await bot.stop();
    }
  } finally {
    api.stop();
    gateway.stop();
  }
}

type Stage = { bot: Bot } & Parameters<Phase['run']>[0];

/** The same bot on the sandbox, which really paints: what the load is made of also works on a whole gateway. */
async function rehearse(journal: Journal, api: Stage['api']): Promise<void> {
  const sandbox = await createSandbox();
  const bot = await startBot(api.origin, `${sandbox.origin}/newapi`);
  try {
    for (let user = 1; user <= REHEARSALS; user += 1) {
      const { wish, delivered } = journal.open('rehearsal', user, { thinkMs: 0, sendMs: 0 });
      api.say([wish]);
      await delivered;
    }
  } finally {
    await bot.stop();
    await sandbox.close();
  }
}

async function runPhases(
  phases: Phase[],
  stage: Stage,
  say: (line: string) => void,
): Promise<PhaseRun[]> {
  const begunAt = now();
  const samples: Sample[] = [];
  const sampling = setInterval(() => samples.push(look(stage, begunAt)), SAMPLE_MS);
  const runs: PhaseRun[] = [];
  try {
    for (const phase of phases) {
      const first = samples.length;
      const run = await runPhase(phase, stage, begunAt);
      runs.push({ ...run, samples: samples.slice(first) });
      say(`${phase.name}: ${run.lives.length} pictures`);
    }
  } finally {
    clearInterval(sampling);
  }
  return runs;
}

async function runPhase(
  { name, run }: Phase,
  stage: Stage,
  begunAt: number,
): Promise<Omit<PhaseRun, 'samples'>> {
  const { bot, journal } = stage;
  bot.beginSpan();
  const [startMs, cpu] = [now() - begunAt, bot.cpuMs()];
  await run(stage);
  const [endMs, cpuMs] = [now() - begunAt, bot.cpuMs() - cpu];
  await sleep(REPORT_MS);
  const lateness = bot.report()?.span;
  if (lateness === undefined) throw new Error('the bot does not report its event loop');
  const lives = journal.lives.filter(({ phase }) => phase === name);
  return { name, startMs, endMs, lateness, cpuMs, lives };
}

function look({ bot, journal }: Stage, begunAt: number): Sample {
  return {
    ms: now() - begunAt,
    residentMegabytes: bot.residentMegabytes(),
    streams: journal.streams(),
    delivered: journal.delivered(),
    delayMs: bot.report()?.second.p99 ?? 0,
  };
}
