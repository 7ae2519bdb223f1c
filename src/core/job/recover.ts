/** What becomes of the jobs that the last process left behind: nothing is paid again, and nobody is left waiting. */
import { EaselError } from '../errors.ts';
import { isWaiting, type Job } from './job.ts';
import type { JobRow } from './job-row.ts';
import { fail, type RunOptions } from './run-job.ts';

export interface RecoverOptions {
  run: RunOptions;
  /** This process: what it took itself is not left behind. */
  processId: string;
  /** Undefined for jobs of other platforms. */
  take: (row: JobRow) => Job | undefined;
  start: (job: Job) => Promise<void>;
}

/** A job that was under way at this many ends of the process is taken for their cause. */
const MAX_STARTS = 2;

/** Resolves when every job is under way again; what cannot be posted yet does not hold the others up. */
export async function recoverJobs(options: RecoverOptions): Promise<void> {
  const { run, processId, take, start } = options;
  for (const row of await run.rows.unended()) {
    const job = row.process === processId ? undefined : take({ ...row, process: processId });
    if (job === undefined) continue;
    run.logger.info({ job: row.id, state: row.state }, 'job taken up');
    if (await judge(job, run)) void start(job);
  }
}

/** Decides how the job goes on: as it was, as interrupted, or put aside. False: not at all. */
async function judge(job: Job, run: RunOptions): Promise<boolean> {
  const { row } = job;
  const { id, state, starts } = row;
  if (state === 'generating') {
    job.stoppedBy = 'shutdown';
    await fail(job, new EaselError('cancelled', { billed: 'maybe' }), run);
  } else if (starts >= MAX_STARTS) {
    run.logger.error({ job: id, state, starts }, 'job put aside');
    // Not even its last word could be said: it is kept, for the operator to look at.
    if (row.failure !== undefined) return run.rows.file(row).then(() => false);
    await fail(job, new EaselError('internal', { billed: isWaiting(row) ? 'no' : 'maybe' }), run);
  } else {
    const isCounted = !isWaiting(row);
    job.row = { ...row, starts: starts + (isCounted ? 1 : 0) };
    await run.rows.save(job.row);
    const { result } = row;
    if (result !== undefined && 'turn' in result) await run.conversations.save(result.turn);
  }
  return true;
}
