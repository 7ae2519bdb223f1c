/** Who paints when: each person in the order of asking, and everybody gets a turn before anyone gets many. */

export interface LineOptions {
  /** Jobs that run at once, in all and for one person; both at least 1. */
  concurrency: number;
  userConcurrency: number;
}

/** One job's place in the line. */
export interface Place {
  /** Resolves when its turn has come, or at once when its signal aborts. */
  readonly turn: Promise<void>;
  /** Jobs that must end before this one can start; 0 from its turn on. */
  ahead(): number;
  /** The job is over, or waits no longer: the next one moves up. Harmless twice. */
  leave(): void;
}

export interface Line {
  enter(personId: string, signal: AbortSignal): Place;
  /** Jobs whose turn has not come, of all or of one person. */
  waiting(personId?: string): number;
}

interface Waiter {
  personId: string;
  start: () => void;
}

/** One person's jobs: so many `taken` on to where everybody waits, the others behind them. */
interface Lane {
  taken: number;
  waiting: Waiter[];
}

const NOBODY: Lane = { taken: 0, waiting: [] };

export function createLine({ concurrency, userConcurrency }: LineOptions): Line {
  const lanes = new Map<string, Lane>();
  const ready: Waiter[] = [];
  const running = new Set<Waiter>();

  function advance(personId: string, lane: Lane): void {
    while (lane.taken < userConcurrency && lane.waiting.length > 0) {
      ready.push(...lane.waiting.splice(0, 1));
      lane.taken += 1;
    }
    while (running.size < concurrency && ready.length > 0) {
      for (const next of ready.splice(0, 1)) {
        running.add(next);
        next.start();
      }
    }
    if (lane.taken === 0) lanes.delete(personId);
  }

  function leave(waiter: Waiter): void {
    const lane = lanes.get(waiter.personId);
    if (lane === undefined) return;
    const wasTaken = running.delete(waiter) || remove(ready, waiter);
    if (wasTaken) lane.taken -= 1;
    else remove(lane.waiting, waiter);
    waiter.start();
    advance(waiter.personId, lane);
  }

  function ahead(waiter: Waiter): number {
    const at = ready.indexOf(waiter);
    if (at >= 0) return at + 1;
    const behindOwn = lanes.get(waiter.personId)?.waiting.indexOf(waiter) ?? -1;
    return behindOwn < 0 ? 0 : ready.length + behindOwn + 1;
  }

  return {
    enter(personId, signal) {
      const { promise: turn, resolve: start } = Promise.withResolvers<void>();
      const waiter = { personId, start };
      const lane = lanes.get(personId) ?? { taken: 0, waiting: [] };
      lanes.set(personId, lane);
      lane.waiting.push(waiter);
      advance(personId, lane);
      const stop = () => running.has(waiter) || leave(waiter);
      signal.addEventListener('abort', stop, { once: true });
      return { turn, ahead: () => ahead(waiter), leave: () => leave(waiter) };
    },
    waiting(personId) {
      const own = personId === undefined ? [...lanes.values()] : [lanes.get(personId) ?? NOBODY];
      const isOwn = (waiter: Waiter) => personId === undefined || waiter.personId === personId;
      return own.reduce((sum, lane) => sum + lane.waiting.length, ready.filter(isOwn).length);
    },
  };
}

function remove(waiters: Waiter[], waiter: Waiter): boolean {
  const at = waiters.indexOf(waiter);
  if (at >= 0) waiters.splice(at, 1);
  return at >= 0;
}
