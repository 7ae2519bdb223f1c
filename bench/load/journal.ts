/** What became of every wish. */
import type { Moment, Pace, Stamp, Wish } from './stamps.ts';
import { promptFor } from './stamps.ts';

export interface Life {
  phase: string;
  user: number;
  /** When each moment came. */
  at: Partial<Record<Moment, number>>;
}

export interface Journal {
  readonly lives: Life[];
  /** Answers that the gateway has begun and not ended. */
  streams(): number;
  delivered(): number;
  note(stamp: Stamp): void;
  /** A new wish, and when its picture is there. */
  open(phase: string, user: number, pace: Pace): { wish: Wish; delivered: Promise<void> };
}

interface Entry extends Life {
  settle: { resolve(): void; reject(error: Error): void };
}

export function createJournal(): Journal {
  const entries = new Map<number, Entry>();
  const counts = { asked: 0, answered: 0, delivered: 0 };
  return {
    get lives() {
      return [...entries.values()];
    },
    streams: () => counts.asked - counts.answered,
    delivered: () => counts.delivered,
    note({ wish, moment, at, note }) {
      const entry = entries.get(wish);
      if (entry === undefined) throw new Error(`nobody wished for ${wish}`);
      entry.at[moment] ??= at;
      if (moment === 'asked' || moment === 'answered' || moment === 'delivered')
        counts[moment] += 1;
      if (moment === 'delivered') entry.settle.resolve();
      if (moment === 'failed') entry.settle.reject(new Error(`wish ${wish} failed: ${note}`));
    },
    open(phase, user, pace) {
      const { promise: delivered, ...settle } = Promise.withResolvers<void>();
      const id = entries.size + 1;
      entries.set(id, { phase, user, at: {}, settle });
      return { wish: { id, user, prompt: promptFor(id, pace) }, delivered };
    },
  };
}
