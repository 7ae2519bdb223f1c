/** The last hour, minute by minute. */
import { median } from './median.ts';
import type { MinuteReport } from './report.ts';
import { type EndFact, isFailure } from './watch.ts';

export interface Minutes {
  note(fact: EndFact): void;
  /** 60 of them, oldest first, up to the present one. */
  report(): MinuteReport[];
}

const MINUTE_MS = 60_000;
const KEPT = 60;
/** In one minute; a median of more says nothing else. */
const MAX_DURATIONS = 500;

interface Minute {
  pictures: number;
  failures: number;
  durationsMs: number[];
}

export function createMinutes(): Minutes {
  const minutes = new Map<number, Minute>();
  const present = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

  function begin(at: number): Minute {
    // Also those of a clock that was set back.
    for (const old of minutes.keys()) {
      if (old > at || old <= at - KEPT * MINUTE_MS) minutes.delete(old);
    }
    const minute = { pictures: 0, failures: 0, durationsMs: [] };
    minutes.set(at, minute);
    return minute;
  }

  return {
    note(fact) {
      const at = present();
      const minute = minutes.get(at) ?? begin(at);
      minute.pictures += fact.pictures;
      if (isFailure(fact)) minute.failures += 1;
      const { durationsMs } = minute;
      if (fact.outcome === 'delivered' && durationsMs.length < MAX_DURATIONS) {
        durationsMs.push(fact.durationMs);
      }
    },
    report() {
      const last = present();
      return Array.from({ length: KEPT }, (_, index) => {
        const at = last - (KEPT - 1 - index) * MINUTE_MS;
        const { pictures = 0, failures = 0, durationsMs = [] } = minutes.get(at) ?? {};
        const durationMs = median(durationsMs);
        return { at, pictures, failures, ...(durationMs !== undefined && { durationMs }) };
      });
    },
  };
}
