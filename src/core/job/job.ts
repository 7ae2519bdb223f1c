/** One job in this process: its row, and what only lives while it runs. */
import { EaselError } from '../errors.ts';
import type { Platform } from '../ports.ts';
import type { JobFailure, JobRow, JobState } from './job-row.ts';
import { createProgress, type Progress } from './progress.ts';
import type { Language } from './words.ts';

export interface Job {
  /** As it was last written, or should have been. */
  row: JobRow;
  readonly platform: Platform;
  readonly language: Language;
  readonly progress: Progress;
  readonly controller: AbortController;
  /** Aborts when its person wants nothing more of it: what is not posted by then never will be. */
  readonly dropped: AbortController;
  /** `ending` from when its last word is known: too late to stop it. */
  phase: 'waiting' | 'painting' | 'ending';
  stoppedBy: 'owner' | 'shutdown' | undefined;
}

export function createJob(row: JobRow, platform: Platform, language: Language): Job {
  return {
    row,
    platform,
    language,
    progress: createProgress(row.request.target, { platform, language, jobId: row.id }),
    controller: new AbortController(),
    dropped: new AbortController(),
    phase: 'waiting',
    stoppedBy: undefined,
  };
}

/** False when it was too late. */
export function stopJob(job: Job, by: 'owner' | 'shutdown'): boolean {
  if (job.phase === 'ending') return false;
  job.stoppedBy ??= by;
  job.controller.abort(new EaselError('cancelled'));
  return true;
}

/** Nothing has been asked of a gateway yet. */
export function isWaiting({ state }: Pick<JobRow, 'state'>): boolean {
  return state === 'accepted' || state === 'queued';
}

/** The connection broke, or nothing came in time: nobody knows what became of the request. */
const OPEN_ENDS = new Set(['connection-lost', 'timeout']);

/** How a job without pictures ends. */
export function endStateOf({ code, billed }: JobFailure, stoppedBy: Job['stoppedBy']): JobState {
  if (code === 'cancelled') return stoppedBy === 'shutdown' ? 'interrupted' : 'cancelled';
  return billed === 'maybe' && OPEN_ENDS.has(code) ? 'unknown' : 'failed';
}

/** Facts only: what a row may keep of an error. */
export function toFailure({ code, billed, detail, subject, provider }: EaselError): JobFailure {
  return {
    code,
    billed,
    ...(detail !== undefined && { detail }),
    ...(subject !== undefined && { subject }),
    ...(provider !== undefined && { provider }),
  };
}
