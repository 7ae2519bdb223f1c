/** The jobs that have not ended, in memory, and how they are stopped. */
import type { Logger } from '../ports.ts';
import type { CancelOutcome } from './engine.ts';
import { type Job, stopJob } from './job.ts';

export interface Jobs {
  /** Keeps the job until its work, which never rejects, has ended. */
  add(job: Job, work: Promise<void>): void;
  cancel(jobId: string, personId: string): CancelOutcome;
  /** How many of the person's jobs were stopped. */
  cancelAll(personId: string): number;
  /** Interrupts what waits, lets the others end within `graceMs`, then interrupts them too. */
  close(graceMs: number): Promise<void>;
}

/** For the last words of interrupted jobs; with the grace of 25 s before it, a container's 30 s are kept. */
const LAST_WORDS_MS = 4_000;

export function createJobs(logger: Logger): Jobs {
  const works = new Map<Job, Promise<void>>();

  function interrupt(jobs: Job[]): void {
    for (const job of jobs) stopJob(job, 'shutdown');
  }

  return {
    add(job, work) {
      works.set(
        job,
        work.then(() => {
          works.delete(job);
        }),
      );
    },
    cancel(jobId, personId) {
      const job = [...works.keys()].find(({ id }) => id === jobId);
      if (job === undefined) return 'nothing';
      if (job.request.person.id !== personId) return 'not-yours';
      return stopJob(job, 'owner') ? 'cancelled' : 'nothing';
    },
    cancelAll(personId) {
      const own = [...works.keys()].filter(({ request }) => request.person.id === personId);
      return own.filter((job) => stopJob(job, 'owner')).length;
    },
    async close(graceMs) {
      // A job that starts now would most likely be paid for and then cut off.
      interrupt([...works.keys()].filter(({ phase }) => phase === 'waiting'));
      if (await endWithin(graceMs, works.values())) return;
      interrupt([...works.keys()]);
      if (await endWithin(LAST_WORDS_MS, works.values())) return;
      logger.error({ jobs: works.size }, 'jobs left without a last word');
    },
  };
}

async function endWithin(limitMs: number, works: Iterable<Promise<void>>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  const all = Promise.all(works).then(() => true);
  try {
    return await Promise.race([all, late]);
  } finally {
    clearTimeout(timer);
  }
}
