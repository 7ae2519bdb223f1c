/** What the program tells whoever watches it, as it happens. Facts hold no person, no prompt and no key. */
import type { ErrorCode } from '../errors.ts';
import type { Usage } from '../types.ts';

/** One request to a gateway has ended. */
export interface TryFact {
  provider: string;
  /** Counts from 0, in the order of the setting. */
  key: number;
  /** Until the whole answer, or the failure. */
  durationMs: number;
  /** None where it went well. */
  code?: ErrorCode;
}

/** How a job ended. */
export type Outcome = 'delivered' | 'failed' | 'cancelled' | 'interrupted' | 'unknown';

/** A job has ended, and its person has been told, or cannot be. */
export interface EndFact {
  platform: string;
  outcome: Outcome;
  /** Why there are no pictures. */
  code?: ErrorCode;
  /** That made it, or failed. */
  provider?: string;
  /** As the provider spells it; none where nothing was made. */
  model?: string;
  /** That were delivered. */
  pictures: number;
  usage?: Usage;
  /** Since it was accepted. */
  durationMs: number;
}

export interface Watch {
  tried(fact: TryFact): void;
  ended(fact: EndFact): void;
}

/** What went otherwise than its person wished. */
export function isFailure({ outcome }: Pick<EndFact, 'outcome'>): boolean {
  return outcome !== 'delivered' && outcome !== 'cancelled';
}
