/**
 * Loaded into the bot by `--import`, since it has no code for measurements: each second it tells the process that
 * started the bot how late the event loop was. A message from there begins a new span.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds, beyond the timer's own period. */
export interface Lateness {
  p50: number;
  p99: number;
  max: number;
}

export interface Report {
  /** Of the last second. */
  second: Lateness;
  /** Since the span began. */
  span: Lateness;
}

const RESOLUTION_MS = 10;
const INTERVAL_MS = 1_000;

const second = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
const span = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

/** Node records the time from one tick to the next, the period included. */
function latenessOf(histogram: typeof second): Lateness {
  const read = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const [p50, p99] = [histogram.percentile(50), histogram.percentile(99)].map(read);
  return { p50: p50 ?? 0, p99: p99 ?? 0, max: read(histogram.max) };
}

function report(): void {
  const one: Report = { second: latenessOf(second), span: latenessOf(span) };
  process.send?.(one);
  second.reset();
}

second.enable();
span.enable();
setInterval(report, INTERVAL_MS).unref();
process.on('message', () => span.reset());
// A bot must not outlive a measurement that was broken off.
process.on('disconnect', () => process.exit());
// Listening must not keep the bot alive.
process.channel?.unref();
