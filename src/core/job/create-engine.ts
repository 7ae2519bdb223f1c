/** Requests become jobs here; what one job does is in `run-job.ts`. */
import { randomUUID } from 'node:crypto';
import { EaselError, toEaselError } from '../errors.ts';
import type { Platform } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { PictureRequest } from '../types.ts';
import { guardWatch } from '../watch/guard-watch.ts';
import type { Watch } from '../watch/watch.ts';
import { checkRoom } from './admission.ts';
import type { Engine, JobOverview } from './engine.ts';
import { createJob, isWaiting, type Job } from './job.ts';
import type { JobRow } from './job-row.ts';
import { createJobRows, jobIdOf } from './job-rows.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createLine, type Line, type LineOptions, type Place } from './line.ts';
import { createOperatorNotices } from './operators.ts';
import { createQuota } from './quota.ts';
import { recoverJobs } from './recover.ts';
import { fail, finish, makeResult, type RunOptions } from './run-job.ts';
import { type Language, resolveLanguage } from './words.ts';

type Wired = 'rows' | 'quota' | 'watch' | 'onFailure' | 'valuesOf' | 'closing';

export interface EngineOptions extends Omit<RunOptions, Wired>, LineOptions {
  store: Store;
  watch: Watch;
  /** `platform:id` of who is told of what only an operator can mend, and may stop every job. */
  admins: readonly string[];
  /** For people whose platform names no language that we speak. */
  language: Language;
  /** 0 for none. */
  dailyImagesPerUser: number;
  /** For how long ended jobs can be tried again; for ever without. */
  retentionMs?: number;
}

export function createEngine(options: EngineOptions): Engine & JobOverview {
  const { store, admins, language, logger, dailyImagesPerUser } = options;
  const platforms = new Map<string, Platform>();
  const closing = new AbortController();
  const rows = createJobRows(store, options);
  const quota = createQuota({ store, admins, dailyImagesPerUser });
  const jobs = createJobs(logger);
  const line = createLine(options);
  const run: RunOptions = {
    ...options,
    rows,
    quota,
    watch: guardWatch(options.watch, logger),
    onFailure: createOperatorNotices({ admins, language, platforms }),
    valuesOf: ({ row }) => ({
      megabytes: Math.round(options.maxImageBytes / 1024 / 1024),
      limit: dailyImagesPerUser,
      waiting: line.waiting(),
      person: row.request.person.id,
    }),
    closing: closing.signal,
  };
  const processId = randomUUID();
  /** Requests on their way to a row. */
  const arriving = new Set<string>();

  function take(row: JobRow): Job | undefined {
    const platform = platforms.get(row.request.target.platform);
    if (platform === undefined) return undefined;
    return createJob(row, platform, resolveLanguage(row.request.person.language, language));
  }

  async function accept(job: Job): Promise<void> {
    try {
      if (closing.signal.aborted) throw new EaselError('cancelled');
      checkRoom(job.row.request.person.id, line.waiting);
      await rows.save(job.row);
      await reserve(job.row, run);
      await start(job, { run, line, jobs });
    } catch (thrown) {
      await refuse(job, toEaselError(thrown), { run, jobs });
    }
  }

  async function submit(request: PictureRequest): Promise<void> {
    const id = jobIdOf(request);
    if (arriving.has(id)) return;
    arriving.add(id);
    try {
      const now = { createdAt: Date.now(), process: processId, starts: 0 };
      const row: JobRow = { id, state: 'accepted', request, ...now, ...behind(request, jobs) };
      const job = take(row);
      if (job !== undefined && !(await isKnown(id))) await accept(job);
    } finally {
      arriving.delete(id);
    }
  }

  function recover(platform: string): Promise<void> {
    return recoverJobs({
      run,
      processId,
      take: (row) => (row.request.target.platform === platform ? take(row) : undefined),
      start: (job) => start(job, { run, line, jobs }),
    });
  }

  /** A store that cannot be read is no reason for silence: the job is refused when it cannot be written. */
  const isKnown = (id: string): Promise<boolean> => rows.isKnown(id).catch(() => false);

  return {
    connect(name, platform) {
      platforms.set(name, platform);
      recover(name).catch((error: unknown) => {
        logger.error({ platform: name, error }, 'jobs of the last process not taken up');
      });
    },
    submit,
    isOrdered: jobs.isOrdered,
    find: async (jobId) => jobs.find(jobId)?.row ?? rows.find(jobId),
    cancel: (jobId, personId) => jobs.cancel(jobId, personId, admins.includes(personId)),
    cancelAll: jobs.cancelAll,
    list: jobs.list,
    stop: (jobId) => jobs.cancel(jobId, '', true) === 'cancelled',
    imagesToday: quota.usedToday,
    async forget(personId) {
      await jobs.drop(personId);
      return rows.forget(personId);
    },
    close(graceMs) {
      closing.abort();
      return jobs.close(graceMs);
    },
  };
}

/** Words behind a job that fails mean its pictures: where their person was before is another picture, and costs as much. */
function behind({ origin, person, chat }: PictureRequest, jobs: Jobs): Pick<JobRow, 'after'> {
  const before = origin === 'branch' ? jobs.lastOf({ personId: person.id, chat }) : undefined;
  return before === undefined ? {} : { after: before.row.id };
}

interface Running {
  run: RunOptions;
  line: Line;
  jobs: Jobs;
}

/** Resolves when the status message stands; the job goes on behind it. */
async function start(job: Job, { run, line, jobs }: Running): Promise<void> {
  if (!isWaiting(job.row)) return jobs.add(job, finish(job, run));
  const { person, chat, origin } = job.row.request;
  const place = line.enter({
    personId: person.id,
    chat,
    isOrdered: origin === 'branch',
    signal: job.controller.signal,
  });
  const shown = showQueued(job, place, run);
  const work = async () => {
    await Promise.all([place.turn, shown]);
    await makeResult(job, run);
    place.leave();
    await finish(job, run);
  };
  jobs.add(job, work());
  await shown;
}

/** The row learns which message is the status message, so that whoever finishes the job does not leave it behind. */
async function showQueued(job: Job, place: Place, { rows, logger }: RunOptions): Promise<void> {
  try {
    const target = await job.progress.begin(place.ahead);
    job.row = { ...job.row, state: 'queued', request: { ...job.row.request, target } };
    await rows.save(job.row);
  } catch (error) {
    logger.warn({ job: job.row.id, error }, 'status not shown');
  }
}

function reserve({ id: jobId, createdAt, request }: JobRow, { quota }: RunOptions): Promise<void> {
  const pictures = request.kind === 'words' ? 0 : (request.options.count ?? 1);
  return quota.reserve({ personId: request.person.id, jobId, createdAt, pictures });
}

/** A job that ends before it began. */
async function refuse(
  job: Job,
  error: EaselError,
  { run, jobs }: Pick<Running, 'run' | 'jobs'>,
): Promise<void> {
  if (run.closing.aborted) job.stoppedBy = 'shutdown';
  await fail(job, error, run);
  jobs.add(job, finish(job, run));
}
