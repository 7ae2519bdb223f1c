/** Who paints when: each person in the order of asking, and everybody gets a turn before anyone gets many. */

export interface LineOptions {
  /** Jobs that run at once, in all and for one person; both at least 1. */
  concurrency: number;
  userConcurrency: number;
}

export interface Entrant {
  personId: string;
  chat: string;
  /** Waits for all that its person asked for before in this chat: it goes on from where they end. */
  isOrdered: boolean;
  signal: AbortSignal;
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
  enter(entrant: Entrant): Place;
  /** Jobs whose turn has not come, of all or of one person. */
  waiting(personId?: string): number;
}

interface Waiter extends Omit<Entrant, 'signal'> {
  /** Counts up in the order of asking. */
  order: number;
  start: () => void;
}

/** One person's jobs: those `taken` on to where everybody waits, and the others, in the order of asking. */
interface Lane {
  taken: Waiter[];
  waiting: Waiter[];
}

const NOBODY: Lane = { taken: [], waiting: [] };

export function createLine({ concurrency, userConcurrency }: LineOptions): Line {
  const lanes = new Map<string, Lane>();
  const ready: Waiter[] = [];
  const running = new Set<Waiter>();
  let lastOrder = 0;

  function advance(personId: string, lane: Lane): void {
    while (lane.taken.length < userConcurrency) {
      const next = lane.waiting.find((waiter) => !isBehindOthers(waiter, lane));
      if (next === undefined) break;
      remove(lane.waiting, next);
      lane.taken.push(next);
      ready.push(next);
    }
    while (running.size < concurrency && ready.length > 0) {
      for (const next of ready.splice(0, 1)) {
        running.add(next);
        next.start();
      }
    }
    if (lane.taken.length + lane.waiting.length === 0) lanes.delete(personId);
  }

  function leave(waiter: Waiter): void {
    const lane = lanes.get(waiter.personId);
    if (lane === undefined) return;
    running.delete(waiter);
    for (const waiters of [ready, lane.taken, lane.waiting]) remove(waiters, waiter);
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
    enter({ signal, ...entrant }) {
      const { promise: turn, resolve: start } = Promise.withResolvers<void>();
      lastOrder += 1;
      const waiter = { ...entrant, order: lastOrder, start };
      const lane = lanes.get(entrant.personId) ?? { taken: [], waiting: [] };
      lanes.set(entrant.personId, lane);
      lane.waiting.push(waiter);
      advance(entrant.personId, lane);
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

function isBehindOthers(waiter: Waiter, { taken, waiting }: Lane): boolean {
  if (!waiter.isOrdered) return false;
  const isBefore = ({ order, chat }: Waiter) => order < waiter.order && chat === waiter.chat;
  return [...taken, ...waiting].some(isBefore);
}

function remove(waiters: Waiter[], waiter: Waiter): void {
  const at = waiters.indexOf(waiter);
  if (at >= 0) waiters.splice(at, 1);
}
