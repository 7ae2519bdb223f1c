/** The limits on one request's time. Each ends it through one signal. */

export interface DeadlineOptions {
  /** For each step of connecting. */
  connectMs: number;
  /** From the start to the first byte of the answer. */
  firstByteMs: number;
  /** Between two bytes of the answer, whatever they say: comments count. */
  silenceMs: number;
  /** For everything; keep-alives do not extend it. */
  totalMs: number;
}

export interface Deadlines {
  /** Aborts when the caller's signal does, or when time is up. */
  signal: AbortSignal;
  /** A byte came. */
  alive(): void;
  stop(): void;
}

export function createDeadlines(limits: DeadlineOptions, signal: AbortSignal): Deadlines {
  const controller = new AbortController();
  const end = (what: string) => () => controller.abort(new Error(`${what} limit reached`));
  const total = setTimeout(end('total'), limits.totalMs);
  let quiet = setTimeout(end('first byte'), Math.min(limits.firstByteMs, limits.totalMs));
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    alive() {
      clearTimeout(quiet);
      quiet = setTimeout(end('silence'), limits.silenceMs);
    },
    stop() {
      clearTimeout(total);
      clearTimeout(quiet);
    },
  };
}
