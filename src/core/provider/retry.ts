/**
 * The payment rule: a request that may have been billed is never sent again by us. Only an explicit refusal before
 * work, or a connection that never stood, may be followed by another try, and few of them.
 */
import type { EaselError } from '../errors.ts';

/** The longest wait that a gateway may ask of a person who is looking at "painting". */
const MAX_WAIT_MS = 30_000;
/** Tries behind the first one. */
const MAX_RETRIES = { unreachable: 2, overloaded: 2, 'rate-limited': 1 } as const;
/** Doubled with each try, up to as much again added by chance, so that jobs do not come back all at once. */
const BACKOFF_MS = { unreachable: 500, overloaded: 2_000, 'rate-limited': 3_000 } as const;
/** Between two tries, whatever a gateway says. */
const MIN_WAIT_MS = 250;
/** How long a key rests that was refused: time enough for an operator to mend it, and to notice that it is mended. */
const KEY_REST_MS = { auth: 600_000, quota: 600_000, 'rate-limited': 60_000 } as const;
/** A gateway that names the end of a limit is believed between these. */
const MIN_REST_MS = 1_000;
const MAX_REST_MS = 600_000;

type Retryable = keyof typeof MAX_RETRIES;
type KeyTrouble = keyof typeof KEY_REST_MS;

/** The wait before the same provider is tried again; undefined when it must not be. `tries` counts from 0. */
export function retryDelay(
  error: EaselError,
  tries: number,
  random: () => number = Math.random,
): number | undefined {
  if (error.billed !== 'no' || !isRetryable(error.code)) return undefined;
  if (tries >= MAX_RETRIES[error.code]) return undefined;
  const backoff = BACKOFF_MS[error.code] * 2 ** tries * (1 + random());
  const wait = Math.max(error.retryAfterMs ?? backoff, MIN_WAIT_MS);
  return wait <= MAX_WAIT_MS ? wait : undefined;
}

/** How long the key rests that was answered so; undefined when the key is not at fault. */
export function keyRest(error: EaselError): number | undefined {
  if (error.billed !== 'no' || !isKeyTrouble(error.code)) return undefined;
  if (error.code !== 'rate-limited' || error.retryAfterMs === undefined) {
    return KEY_REST_MS[error.code];
  }
  return Math.min(Math.max(error.retryAfterMs, MIN_REST_MS), MAX_REST_MS);
}

/** Whether the next provider may be asked: this one certainly did no work, and the request itself is not at fault. */
export function mayFailOver(error: EaselError): boolean {
  return error.billed === 'no' && FAILOVER_CODES.has(error.code);
}

const FAILOVER_CODES = new Set<string>([
  'auth',
  'quota',
  'rate-limited',
  'no-model',
  'overloaded',
  'unreachable',
  'bad-config',
  'redirected',
]);

function isRetryable(code: string): code is Retryable {
  return Object.hasOwn(MAX_RETRIES, code);
}

function isKeyTrouble(code: string): code is KeyTrouble {
  return Object.hasOwn(KEY_REST_MS, code);
}
