/** Long polling that confirms an update only when it was heard: a process that is killed before gets it again. */
import { type Api, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Logger } from '../core/index.ts';
import { type GrammySignal, POLL_SECONDS } from './client.ts';
import { failureFields } from './failure.ts';
import { pause, within } from './pause.ts';

export interface PollingOptions {
  api: Api;
  allowedUpdates: readonly ('message' | 'channel_post' | 'callback_query')[];
  /** Resolves when an update may be confirmed; must not throw. Called once for each update. */
  take: (update: Update) => Promise<void>;
  logger: Logger;
  /** Polls fail from now on, or go well again. */
  onReach: (isReached: boolean) => void;
  /** Polling has ended for good. */
  onEnd: (error: unknown) => void;
}

export interface Polling {
  /** Takes no more updates from now on; resolves within 2 s, when those that were taken are confirmed. */
  stop(): Promise<void>;
}

/** Pause after a failed poll: short, so that the bot is back within 5 s of Telegram (safety R36). */
const RETRY_INTERVAL_MS = 3000;
/** While some updates are not heard yet, Telegram gives them again with the new ones at once; this is the pace of asking. */
const BUSY_PAUSE_MS = 250;
/** An update that is not heard after this long is confirmed all the same, or a stuck one would hold up all others. */
const HEARING_MS = 15_000;
const STOP_MS = 1000;

export function startPolling(options: PollingOptions): Polling {
  const { api, take, logger, allowedUpdates } = options;
  const ended = new AbortController();
  /** Updates that are not confirmed yet, and those of them that are not heard yet. */
  const seen = new Set<number>();
  const open = new Map<number, Promise<void>>();
  let next = 0;
  let confirmed = 0;
  let isReached = true;

  function note(reached: boolean): void {
    if (reached !== isReached) options.onReach(reached);
    isReached = reached;
  }

  /** The first that is not heard, or the one after all. */
  function nextOffset(): number {
    const offset = open.size === 0 ? next : Math.min(...open.keys());
    for (const id of seen) if (open.size === 0 || id < offset) seen.delete(id);
    return offset;
  }

  async function fetchUpdates(more: object, signal: AbortSignal): Promise<Update[]> {
    const offset = nextOffset();
    const updates = await api.getUpdates({ offset, ...more }, signal as GrammySignal);
    confirmed = offset;
    return updates;
  }

  function begin(update: Update): void {
    const { update_id: id } = update;
    if (seen.has(id)) return;
    seen.add(id);
    next = id + 1;
    const hearing = within(take(update), HEARING_MS).then(() => void open.delete(id));
    open.set(id, hearing);
  }

  async function poll(): Promise<void> {
    const wish = { timeout: POLL_SECONDS, allowed_updates: allowedUpdates };
    const updates = await fetchUpdates(wish, ended.signal);
    if (ended.signal.aborted) return;
    updates.forEach(begin);
    if (open.size > 0) await within(Promise.all(open.values()), BUSY_PAUSE_MS);
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        await poll();
        note(true);
      } catch (error) {
        if (ended.signal.aborted) return;
        if (isFinal(error)) return options.onEnd(error);
        const level = isReached ? 'warn' : 'debug';
        logger[level](failureFields(error), 'telegram: a poll failed');
        note(false);
        await pause(RETRY_INTERVAL_MS, ended.signal);
      }
    }
  }

  const running = run();

  return {
    async stop() {
      ended.abort();
      await running;
      if (open.size > 0) await within(Promise.all(open.values()), STOP_MS);
      if (nextOffset() === confirmed) return;
      // Best effort: what is given again after a restart is known by its id.
      await fetchUpdates({ limit: 1, timeout: 0 }, AbortSignal.timeout(STOP_MS)).catch(() => {});
    },
  };
}

/** The token was revoked, or another process polls with it. */
function isFinal(error: unknown): boolean {
  return error instanceof GrammyError && (error.error_code === 401 || error.error_code === 409);
}
