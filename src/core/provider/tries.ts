/** Key after key, then try after try, as far as the payment rule goes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EaselError, toEaselError } from '../errors.ts';
import type { KeyRing } from './keys.ts';
import { keyRest, retryDelay } from './retry.ts';

export interface TriesOptions {
  keys: KeyRing;
  /** The limit for all tries and the waits between them. */
  timeoutMs: number;
  /** Another provider stands ready, so that waiting for this one is worth less than asking that one. */
  hasSuccessor: boolean;
  signal: AbortSignal;
  /** Called before a wait. */
  onWait?: ((waitMs: number) => void) | undefined;
  onRefusal(refusal: EaselError): void;
  /** Whether the next try differs in what this refusal named; false once there is nothing left to change. */
  canMend(refusal: EaselError): boolean;
  /** Rejects when `signal` aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Calls `attempt` with a key and the time left until it succeeds, or fails in a way after which nothing may be sent
 * again.
 * @throws EaselError the last one; where one key after the other was refused, the first that was told why
 */
export async function tryKeys<Result>(
  attempt: (key: string, leftMs: number) => Promise<Result>,
  { keys, timeoutMs, hasSuccessor, signal, onWait, onRefusal, canMend, wait }: TriesOptions,
): Promise<Result> {
  const endsAt = performance.now() + timeoutMs;
  const refusals: EaselError[] = [];
  for (let tries = 0; ; ) {
    // Asking with a key at rest is free; only a successor is worth more.
    const key = keys.take() ?? (hasSuccessor ? undefined : keys.soonest());
    if (key === undefined) throw new EaselError('rate-limited', { subject: 'keys at rest' });
    let refusal: EaselError;
    try {
      return await attempt(key, endsAt - performance.now());
    } catch (thrown) {
      refusal = toEaselError(thrown);
    }
    refusals.push(refusal);
    onRefusal(refusal);
    if (canMend(refusal)) continue;
    const restMs = keyRest(refusal);
    if (restMs !== undefined) keys.rest(key, restMs);
    // Each key once: those whose rest is short are not asked round and round.
    if (restMs !== undefined && refusals.length < keys.size && keys.hasFresh()) continue;
    // A gateway that is only out of reach for a moment gets its tries before the next one is asked.
    const isLeft = hasSuccessor && refusal.code !== 'unreachable';
    const waitMs = isLeft ? undefined : retryDelay(refusal, tries);
    if (waitMs === undefined || performance.now() + waitMs >= endsAt) throw mostTelling(refusals);
    tries += 1;
    onWait?.(waitMs);
    await wait(waitMs, signal);
  }
}

function mostTelling(refusals: EaselError[]): EaselError | undefined {
  const areKeysAtFault = refusals.every((refusal) => keyRest(refusal) !== undefined);
  const told = areKeysAtFault ? refusals.find(({ detail }) => detail !== undefined) : undefined;
  return told ?? refusals.at(-1);
}

/** @throws EaselError `cancelled` */
export async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    throw new EaselError('cancelled', { cause });
  }
}
