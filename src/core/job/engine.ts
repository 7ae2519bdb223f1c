import type { Platform } from '../ports.ts';
import type { PictureRequest, StoredPicture } from '../types.ts';
import type { JobReport } from '../watch/report.ts';
import type { JobRow } from './job-row.ts';

/** What became of a wish to cancel; `nothing` also when it came too late. */
export type CancelOutcome = 'cancelled' | 'not-yours' | 'nothing';

/** Jobs as the desk sees them. */
export interface Engine {
  /**
   * Makes a platform known, which can be posted to from now on, and takes up the jobs that the last process left there.
   */
  connect(name: string, platform: Platform): void;
  /**
   * Makes a request a job, or says why not. Resolves as soon as the person sees that work began, or why not; the work
   * goes on behind it. Never throws. The same `request.id` twice makes one job, also across restarts.
   */
  submit(request: PictureRequest): Promise<void>;
  /** Whether a job that this button ordered has not ended. */
  isOrdered(button: string): boolean;
  /** A job that has not ended, or ended within the retention. */
  find(jobId: string): Promise<JobRow | undefined>;
  /** Stops one job for its owner, or for an admin. */
  cancel(jobId: string, personId: string): CancelOutcome;
  /** Stops every job of one person; how many were stopped. */
  cancelAll(personId: string): number;
  /** Pictures that a person has had today (UTC), with those that are being made. */
  imagesToday(personId: string): Promise<number>;
  /**
   * Stops every job of a person and deletes what is kept of them; resolves when nothing of them is left here, to the
   * pictures that these jobs loaded and that came into no turn.
   */
  forget(personId: string): Promise<StoredPicture[]>;
  /**
   * No new jobs from here on. Those in line are interrupted at once, running ones after `graceMs`; each is told so, for
   * which there are 4 seconds more. Resolves as soon as there are no jobs.
   */
  close(graceMs: number): Promise<void>;
}

/** Jobs as the operator sees them: everybody's, and nothing of what anybody said. */
export interface JobOverview {
  /** Those that have not ended, oldest first. */
  list(): JobReport[];
  /** Stops any job, for whom the gate has let in, and tells its person; false when there is none, or it is too late. */
  stop(jobId: string): boolean;
}
