/** The real bot in a process of its own, and what can be seen of it from outside. Linux: read from /proc. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { now } from './clock.ts';
import type { Report } from './monitor.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MONITOR = new URL('monitor.ts', import.meta.url).href;
/** As in `npm start`; the cache is filled by the sandbox's run before, as it is by an operator's first start. */
const FLAGS = ['--max-semi-space-size=2'];
const CACHE = 'node_modules/.cache/easel';
const TOKEN = '4242:load';
/** USER_HZ, which is 100 wherever Node runs on Linux. */
const TICK_MS = 10;

export interface Bot {
  /** From the start of the process to its word that it is ready. */
  readyMs: number;
  residentMegabytes(): number;
  /** User and system time of all its threads since it began. */
  cpuMs(): number;
  /** The latest figures of its event loop. */
  report(): Report | undefined;
  /** The next reports are of the span that begins now. */
  beginSpan(): void;
  stop(): Promise<void>;
}

/** @throws Error when it ends before it is ready */
export async function startBot(api: string, gateway: string): Promise<Bot> {
  const dataDir = mkdtempSync(join(tmpdir(), 'easel-load-'));
  const startedAt = now();
  const child = spawn(process.execPath, [...FLAGS, '--import', MONITOR, 'src/main.ts'], {
    cwd: ROOT,
    env: { ...environment(api, gateway), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'close');
  let report: Report | undefined;
  child.on('message', (one: Report) => {
    report = one;
  });
  const readyMs = (await wrote(child.stdout, 'Easel is ready')) - startedAt;
  const read = (file: string) => readFileSync(`/proc/${child.pid}/${file}`, 'latin1');
  return {
    readyMs,
    residentMegabytes: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(read('status'))?.[1]) / 1_024,
    cpuMs: () => cpuTicks(read('stat')) * TICK_MS,
    report: () => report,
    beginSpan: () => child.send('span'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true });
    },
  };
}

function environment(api: string, gateway: string): NodeJS.ProcessEnv {
  const { PATH, NODE_OPTIONS } = process.env;
  return {
    PATH,
    NODE_COMPILE_CACHE: CACHE,
    // For a profile: NODE_OPTIONS=--cpu-prof
    ...(NODE_OPTIONS !== undefined && { NODE_OPTIONS }),
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: api,
    PROVIDERS: 'newapi',
    NEWAPI_API_KEY: 'sk-load',
    NEWAPI_BASE_URL: gateway,
    CONCURRENCY: '200',
    USER_CONCURRENCY: '200',
  };
}

/** When it wrote `words`. What it writes is read to its end, or it would stand still. */
async function wrote(output: Readable | null, words: string): Promise<number> {
  let written = '';
  return new Promise((resolve, reject) => {
    output?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-10_000);
      if (written.includes(words)) resolve(now());
    });
    output?.once('end', () => reject(new Error(`the bot ended early:\n${written}`)));
  });
}

/** Fields 14 and 15 of proc(5), /proc/pid/stat; the name before them may hold anything. */
function cpuTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
