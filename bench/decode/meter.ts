/** What a piece of work cost this process. Linux: memory is read from /proc. */
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Cost {
  /** User and system time of all threads. */
  cpuMs: number;
  wallMs: number;
  /** Highest resident memory above that of the idle process. */
  peakMegabytes: number;
  /** Longest event-loop delay. */
  delayMs: number;
}

// Long enough for timers, sockets and freed memory of the warm-up to settle.
const IDLE_MS = 100;
const NANOSECONDS = 1e6;

/** Runs `work` in a process that has come to rest, and says what it cost. */
export async function meter<Result>(
  work: () => Promise<Result>,
): Promise<{ cost: Cost; result: Result }> {
  globalThis.gc?.();
  await sleep(IDLE_MS);
  globalThis.gc?.();
  // Linux: makes the peak what is resident now (proc(5), /proc/pid/clear_refs).
  writeFileSync('/proc/self/clear_refs', '5');
  const idle = residentMegabytes('VmRSS');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(10);
  delay.reset();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const peakMegabytes = residentMegabytes('VmHWM') - idle;
  // A delay shows once the timer behind it has fired.
  await sleep(2);
  delay.disable();
  const delayMs = delay.max / NANOSECONDS;
  return { cost: { cpuMs: (user + system) / 1_000, wallMs, peakMegabytes, delayMs }, result };
}

function residentMegabytes(field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'latin1');
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`no ${field} in /proc/self/status`);
  return Number(kibibytes) / 1_024;
}
