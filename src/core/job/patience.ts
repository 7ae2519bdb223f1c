/** Posting what must not be lost, for as long as it may take a platform to come back. */
import { toEaselError } from '../errors.ts';

/** Quick at first, since most troubles pass; then at a pace that a struggling platform can bear. */
const DELAYS_MS = [2_000, 10_000, 30_000, 120_000, 300_000, 900_000];
/** A day: longer than any outage of a platform that people would still wait for. */
const GIVE_UP_MS = 86_400_000;

/**
 * Repeats `post` until it resolves, fails for good (anything but `delivery-failed`), or a day is over.
 * @throws EaselError of the last try; `cancelled` when `signal` aborts, which leaves it to the next process
 */
export async function postPatiently<T>(
  post: () => Promise<T>,
  { signal, onFailure }: { signal: AbortSignal; onFailure: (waitMs: number) => void },
): Promise<T> {
  const startedAt = Date.now();
  for (let tries = 0; ; tries += 1) {
    try {
      return await post();
    } catch (thrown) {
      const error = toEaselError(thrown);
      const waitMs = DELAYS_MS[Math.min(tries, DELAYS_MS.length - 1)] ?? 0;
      const isOver = Date.now() + waitMs - startedAt > GIVE_UP_MS;
      if (error.code !== 'delivery-failed' || isOver) throw error;
      onFailure(waitMs);
      await sleep(waitMs, signal);
    }
  }
}

/** The global timer, and not Node's promise of one, so that tests can let a day pass. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
