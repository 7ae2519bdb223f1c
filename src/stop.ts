/** How the process ends: the intake first, then the jobs with their grace, then what they needed. */
import type { EaselError, Logger } from './core/index.ts';

type Step = () => Promise<unknown>;

export interface Stop {
  /** Runs before the jobs are waited for: whatever brings new ones. */
  first(step: Step): void;
  /** Ends the jobs within a grace. */
  jobs(step: (graceMs: number) => Promise<void>): void;
  /** Runs when the jobs have ended, the latest registered first. */
  last(step: Step): void;
  /** Ends the process with 1, and logs why. */
  because(error: EaselError): Promise<void>;
  isStopping(): boolean;
}

/** SIGTERM and SIGINT stop the intake, let running jobs end, and leave with 0; a second one leaves at once. */
export function createStop({ graceMs, logger }: { graceMs: number; logger: Logger }): Stop {
  const firsts: Step[] = [];
  const lasts: Step[] = [];
  let endJobs: (graceMs: number) => Promise<void> = async () => {};
  let leaving: Promise<void> | undefined;
  let isAsked = false;

  /** Whoever asks again waits with the first. */
  function leave(exitCode: number): Promise<void> {
    leaving ??= stopAll().then(() => {
      process.exitCode = exitCode;
      logger.info({}, 'stopped');
    });
    return leaving;
  }

  async function stopAll(): Promise<void> {
    await Promise.all(firsts.map((step) => step()));
    await endJobs(graceMs);
    for (const step of lasts.toReversed()) await step();
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      logger.info({ signal }, 'stopping');
      leave(0).then(
        () => process.exit(),
        () => process.exit(1),
      );
    });
  }

  return {
    first: (step) => void firsts.push(step),
    jobs: (step) => {
      endJobs = step;
    },
    last: (step) => void lasts.push(step),
    isStopping: () => leaving !== undefined,
    async because(error) {
      logger.error({ error, setting: error.subject, detail: error.detail }, 'Easel cannot go on');
      await leave(1).catch(() => {});
      process.exit(1);
    },
  };
}
