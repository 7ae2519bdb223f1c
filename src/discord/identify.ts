/** When a shard may identify. Discord allows 1000 a day and takes the bot's token back for more. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IIdentifyThrottler } from 'discord.js';

/** After this long since its last identify, a shard owes no extra pause. */
const CALM_MS = 30 * 60_000;
/** Doubles for every identify of a shard that follows soon on another. */
const FIRST_PAUSE_MS = 5000;
/** At most one in ten minutes in the long run: 144 a day. */
const MAX_PAUSE_MS = 10 * 60_000;

/**
 * Puts growing pauses before the identifies of a shard that keeps losing its session, up to ten minutes; `inner` keeps
 * Discord's own pace (one per 5 s) among all shards.
 */
export function createPatientThrottler(inner: IIdentifyThrottler): IIdentifyThrottler {
  const last = new Map<number, { at: number; pauseMs: number }>();

  return {
    async waitForIdentify(shardId, signal) {
      const { at, pauseMs } = last.get(shardId) ?? { at: Number.NEGATIVE_INFINITY, pauseMs: 0 };
      const sinceMs = Date.now() - at;
      if (sinceMs < pauseMs) await sleep(pauseMs - sinceMs, undefined, { signal });
      await inner.waitForIdentify(shardId, signal);
      last.set(shardId, { at: Date.now(), pauseMs: nextPause(pauseMs, sinceMs) });
    },
  };
}

function nextPause(pauseMs: number, sinceMs: number): number {
  return sinceMs > CALM_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
}
