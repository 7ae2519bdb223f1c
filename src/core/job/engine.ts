import type { Platform } from '../ports.ts';
import type { PictureRequest } from '../types.ts';

/** What became of a wish to cancel; `nothing` also when it came too late. */
export type CancelOutcome = 'cancelled' | 'not-yours' | 'nothing';

/** The core as adapters see it. */
export interface Engine {
  /** Makes a platform known by the name that its targets and attachments carry. */
  connect(name: string, platform: Platform): void;
  /**
   * Takes a request. Resolves as soon as the person sees that work began, or why not; the work goes on behind it.
   * Never throws. The same `request.id` twice makes one job.
   */
  submit(request: PictureRequest): Promise<void>;
  /** Stops one job (by the id that its status message carried) for its owner. */
  cancel(jobId: string, personId: string): CancelOutcome;
  /** Stops every job of one person; how many were stopped. */
  cancelAll(personId: string): number;
  /**
   * No new jobs from here on. Those in line are interrupted at once, running ones after `graceMs`; each is told so, for
   * which there are 4 seconds more. Resolves as soon as there are no jobs.
   */
  close(graceMs: number): Promise<void>;
}
