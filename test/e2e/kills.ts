/** Kills Easel at random instants of its jobs, starts it again each time, and compares what everybody noted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRow } from '../../src/core/job/job-row.ts';
import { openStore } from '../../src/core/store/open-store.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';
/** From the update to the picture and a little more: the sandbox paints as slowly as makes this so. */
const JOB_MS = 700;
const SETTLE_MS = 20_000;

export interface KillOptions {
  jobs: number;
  seed: number;
}

/** What became of every job, by what the gateway, the chat and the store say. */
export interface KillLedger {
  delivered: number;
  /** Told as interrupted, or as failed. */
  told: number;
  paidTwice: number;
  /** No pictures and no last word. */
  silent: number;
  /** Pictures posted again, since the process died before it knew that they were. */
  postedTwice: number;
  /** Status messages left behind, since the process died before it knew of them. */
  stale: number;
  /** Jobs whose ledgers contradict each other. */
  disagreements: string[];
}

export async function killJobs({ jobs, seed }: KillOptions): Promise<KillLedger> {
  const random = createRandom(seed);
  const paid: string[] = [];
  const telegram = await createFakeTelegram({ token: TOKEN });
  const sandbox = await createSandbox({
    delayMs: 5,
    journal: ({ method, body }) => void (method === 'POST' && paid.push(JSON.stringify(body))),
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'easel-kills-'));
  const start = () => startEasel({ telegram, origin: sandbox.origin, dataDir });
  let easel = await start();
  try {
    for (let job = 0; job < jobs; job += 1) {
      telegram.person({ id: personId(job) }).says(wordsOf(job));
      await sleep(random() * JOB_MS);
      easel.kill('SIGKILL');
      await easel.ended;
      easel = await start();
      // Killed by its own and perhaps the next one's: a third would have it put aside, however well it is done.
      await settled(telegram, job);
    }
    await settled(telegram, jobs);
    // What follows the last post: the status message goes, the row is filed.
    await sleep(1_000);
    easel.kill('SIGTERM');
    await easel.ended;
    return judge({ jobs, paid, telegram, rows: await readRows(dataDir) });
  } finally {
    await easel.dispose();
    await Promise.all([telegram.close(), sandbox.close()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const personId = (job: number) => 5_000 + job;
const wordsOf = (job: number) => `fox number ${job}.`;

/** Mulberry32: the same instants for the same seed, as far as a machine's pace allows. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function startEasel(world: {
  telegram: FakeTelegram;
  origin: string;
  dataDir: string;
}): Promise<EaselProcess> {
  const easel = runEasel({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: world.telegram.origin,
    PROVIDERS: 'newapi',
    NEWAPI_API_KEY: 'sk-canary-key',
    NEWAPI_BASE_URL: `${world.origin}/newapi`,
    DATA_DIR: world.dataDir,
  });
  await easel.wrote('Easel is ready');
  return easel;
}

interface Seen {
  pictures: number;
  /** Of messages that are no pictures. */
  words: string[];
  working: number;
}

/** A chat as its person sees it now. */
function lookAt(telegram: FakeTelegram, job: number): Seen {
  const own = telegram.messages(personId(job)).filter(({ from }) => from?.is_bot);
  const words = own.flatMap(({ text }) => (text === undefined ? [] : [text]));
  return {
    pictures: own.filter(({ photo, document }) => photo ?? document).length,
    words,
    working: words.filter((text) => /^(?:🎨|⏳|📮)/.test(text)).length,
  };
}

/** Until the first `jobs` chats have their pictures or a last word. */
async function settled(telegram: FakeTelegram, jobs: number): Promise<void> {
  const isDone = (job: number) => {
    const { pictures, words, working } = lookAt(telegram, job);
    return pictures + words.length - working > 0;
  };
  const all = Array.from({ length: jobs }, (_, job) => job);
  await telegram.waitFor(() => all.every(isDone), SETTLE_MS).catch(() => {});
}

async function readRows(dataDir: string): Promise<Map<string, JobRow>> {
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const store = await openStore({ url: 'sqlite:', dataDir, logger: quiet });
  const rows = new Map<string, JobRow>();
  for (const name of ['jobs', 'jobs-ended']) {
    for await (const [, row] of store.table<JobRow>(name).entries()) {
      rows.set(row.request.prompt, row);
    }
  }
  await store.close();
  return rows;
}

interface Evidence {
  jobs: number;
  paid: string[];
  telegram: FakeTelegram;
  rows: Map<string, JobRow>;
}

function judge({ jobs, paid, telegram, rows }: Evidence): KillLedger {
  const ledger: KillLedger = {
    delivered: 0,
    told: 0,
    paidTwice: 0,
    silent: 0,
    postedTwice: 0,
    stale: 0,
    disagreements: [],
  };
  for (let job = 0; job < jobs; job += 1) {
    const payments = paid.filter((body) => body.includes(wordsOf(job))).length;
    const { pictures, words, working } = lookAt(telegram, job);
    const lastWords = words.length - working;
    const state = rows.get(wordsOf(job))?.state;
    ledger.delivered += pictures > 0 ? 1 : 0;
    ledger.told += pictures === 0 && lastWords > 0 ? 1 : 0;
    ledger.paidTwice += payments > 1 ? 1 : 0;
    ledger.silent += pictures + lastWords === 0 ? 1 : 0;
    ledger.postedTwice += pictures > 1 ? 1 : 0;
    ledger.stale += working;
    const agrees =
      state === 'delivered'
        ? pictures > 0 && payments === 1
        : ['interrupted', 'failed', 'unknown'].includes(state ?? '') && pictures === 0;
    if (!agrees) {
      ledger.disagreements.push(
        `${job}: ${state}, paid ${payments}, ${pictures} pictures, ${words}`,
      );
    }
  }
  return ledger;
}
