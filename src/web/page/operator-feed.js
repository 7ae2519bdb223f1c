/** The way to the server: what it knows, asked for again and again. */

const EVERY_MS = 2_000;
/** A server that lives answers in a few ms; a telephone at night may need its second. */
const TIMEOUT_MS = 6_000;

async function ask(path, options) {
  const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
  if (response.ok) return response.json();
  throw Object.assign(new Error(`${path}: ${response.status}`), { status: response.status });
}

export const getWords = () => ask('/operator/words');

/** Whether there was something to stop. */
export async function cancelJob(id) {
  const path = `/operator/jobs/${encodeURIComponent(id)}/cancel`;
  const { isStopped } = await ask(path, { method: 'POST' });
  return isStopped;
}

/**
 * Calls back with each report, and with why there was none: `lost`, or `closed` to this browser. Gives the way to ask at
 * once.
 */
export function watchReport({ onReport, onMissing }) {
  let timer;
  async function look() {
    clearTimeout(timer);
    timer = undefined;
    try {
      onReport(await ask('/operator/report'));
    } catch (error) {
      onMissing(error.status === 403 ? 'closed' : 'lost');
    }
    timer = setTimeout(look, EVERY_MS);
  }
  /** Not while an answer is on its way. */
  const lookNow = () => timer !== undefined && void look();
  // A telephone that wakes up has slept with its timers.
  document.addEventListener('visibilitychange', () => document.hidden || lookNow());
  void look();
  return lookNow;
}
