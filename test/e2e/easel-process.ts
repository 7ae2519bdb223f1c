import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As in `npm start`, but for the port, which may be taken. */
const ENVIRONMENT = { NODE_COMPILE_CACHE: 'node_modules/.cache/easel', HTTP_PORT: '0' };
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface EaselProcess {
  /** Everything that it wrote so far. */
  output(): string;
  /** Resolves when it has written `text`; rejects when it ended before. */
  wrote(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code. */
  ended: Promise<number | null>;
  dataDir: string;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

/** Runs Easel as `npm start` does, with these variables and no others of ours. */
export function runEasel(
  env: Record<string, string>,
  { script = 'src/main.ts', args = [] }: { script?: string; args?: string[] } = {},
): EaselProcess {
  const dataDir = mkdtempSync(join(tmpdir(), 'easel-e2e-'));
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...ENVIRONMENT, PATH: process.env.PATH, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const watcher of [...watchers]) watcher();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    dataDir,
    ended,
    output: () => output,
    wrote: (text) =>
      new Promise((resolve, reject) => {
        const watcher = () => output.includes(text) && resolve();
        watchers.add(watcher);
        watcher();
        ended.then(() => reject(new Error(`ended without "${text}":\n${output}`)));
      }),
    kill: (signal) => child.kill(signal),
    async dispose() {
      await end(child, ended);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await ended;
}
