/** One accepted request on its way to its last word. */
import { randomUUID } from 'node:crypto';
import { EaselError } from '../errors.ts';
import type { Platform } from '../ports.ts';
import type { PictureRequest } from '../types.ts';
import { createProgress, type Progress } from './progress.ts';
import type { Language } from './words.ts';

export interface Job {
  readonly id: string;
  readonly request: PictureRequest;
  readonly platform: Platform;
  readonly language: Language;
  readonly progress: Progress;
  readonly controller: AbortController;
  /** `ending` from when its last word is known: too late to stop it. */
  phase: 'waiting' | 'painting' | 'ending';
  stoppedBy: 'owner' | 'shutdown' | undefined;
}

export function createJob(request: PictureRequest, platform: Platform, language: Language): Job {
  const id = randomUUID();
  return {
    id,
    request,
    platform,
    language,
    progress: createProgress(request.target, { platform, language, jobId: id }),
    controller: new AbortController(),
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
