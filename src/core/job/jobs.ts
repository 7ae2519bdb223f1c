/** The jobs that have not ended in this process, and how they are stopped. */
import type { Logger } from '../ports.ts';
import type { JobReport } from '../watch/report.ts';
import type { CancelOutcome } from './engine.ts';
import { type Job, stopJob } from './job.ts';

export interface Jobs {
  /** Keeps the job until its work, which never rejects, has ended. */
  add(job: Job, work: Promise<void>): void;
  find(jobId: string): Job | undefined;
  /** All of them, oldest first. */
  list(): JobReport[];
  isOrdered(button: string): boolean;
  /** The last that its person asked for in this chat. */
  lastOf(where: { personId: string; chat: string }): Job | undefined;
  /** `mayStop` decides for everyone but the owner. */
  cancel(jobId: string, personId: string, mayStop: boolean): CancelOutcome;
  /** How many of the person's jobs were stopped. */
  cancelAll(personId: string): number;
  /** Stops every job of the person, posts nothing more of them, and resolves when none is left. */
  drop(personId: string): Promise<void>;
  /** Interrupts what waits, lets the others end within `graceMs`, then interrupts them too. */
  close(graceMs: number): Promise<void>;
}

/** For the last words of interrupted jobs; with the grace of 25 s before it, a container's 30 s are kept. */
const LAST_WORDS_MS = 4_000;

export function createJobs(logger: Logger): Jobs {
  const works = new Map<Job, Promise<void>>();
  const all = () => [...works.keys()];
  const ownedBy = (personId: string) =>
    all().filter(({ row }) => row.request.person.id === personId);

  function interrupt(jobs: Job[]): void {
    for (const job of jobs) stopJob(job, 'shutdown');
  }

  const find = (jobId: string) => all().find(({ row }) => row.id === jobId);

  return {
    find,
    list: () =>
      all()
        .map(toReport)
        .sort((a, b) => a.acceptedAt - b.acceptedAt),
    isOrdered: (button) => all().some(({ row }) => row.request.button === button),
    lastOf: ({ personId, chat }) =>
      ownedBy(personId).findLast(({ row }) => row.request.chat === chat),
    add(job, work) {
      works.set(
        job,
        work.then(() => {
          works.delete(job);
        }),
      );
    },
    cancel(jobId, personId, mayStop) {
      const job = find(jobId);
      if (job === undefined) return 'nothing';
      if (!mayStop && job.row.request.person.id !== personId) return 'not-yours';
      return stopJob(job, 'owner') ? 'cancelled' : 'nothing';
    },
    cancelAll: (personId) => ownedBy(personId).filter((job) => stopJob(job, 'owner')).length,
    async drop(personId) {
      const own = ownedBy(personId);
      for (const job of own) {
        stopJob(job, 'owner');
        job.dropped.abort();
      }
      await Promise.all(own.map((job) => works.get(job)));
    },
    async close(graceMs) {
      // A job that starts now would most likely be paid for and then cut off.
      interrupt(all().filter(({ phase }) => phase === 'waiting'));
      if (await endWithin(graceMs, works.values())) return;
      interrupt(all());
      if (await endWithin(LAST_WORDS_MS, works.values())) return;
      logger.error({ jobs: works.size }, 'jobs left without a last word');
    },
  };
}

function toReport({ row, phase }: Job): JobReport {
  const { id, createdAt: acceptedAt, request } = row;
  return { id, platform: request.target.platform, phase, kind: request.kind, acceptedAt };
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
