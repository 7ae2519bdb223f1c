/** Runs all checks at once, and gives what they find in their order. */
import { setTimeout } from 'node:timers/promises';
import { about, type Check, type CheckContext, type Finding } from './finding.ts';

/** After its signal a check has so long to say what it knows; some libraries heed no signal. */
const LAST_WORDS_MS = 500;

export interface RunOptions extends Omit<CheckContext, 'signal'> {
  /** For each check, and so for all of them. */
  limitMs: number;
}

/** Each finding as soon as it and those before it are known. */
export async function* runChecks(
  checks: readonly Check[],
  options: RunOptions,
): AsyncGenerator<Finding> {
  const running = checks.map((check) => runCheck(check, options));
  for (const findings of running) yield* await findings;
}

async function runCheck(check: Check, { limitMs, ...context }: RunOptions): Promise<Finding[]> {
  const ended = new AbortController();
  const signal = AbortSignal.timeout(limitMs);
  try {
    return await Promise.race([
      check.run({ ...context, signal }),
      giveUp(check.name, limitMs, ended.signal),
    ]);
  } catch (error) {
    // A fault of ours; its words could hold anything.
    const kind = error instanceof Error ? error.name : 'unknown';
    return [about(check.name).bad(`this check failed (${kind})`, 'please report it')];
  } finally {
    ended.abort();
  }
}

async function giveUp(name: string, limitMs: number, signal: AbortSignal): Promise<Finding[]> {
  await setTimeout(limitMs + LAST_WORDS_MS, undefined, { signal }).catch(() => {});
  const text = `no answer within ${limitMs / 1000} s`;
  return [about(name).bad(text, 'try again; if it stays, look at the network and HTTPS_PROXY')];
}
