/** What words behind a job are about where no turn came of it. */
import type { PictureRequest } from '../types.ts';
import type { JobRow, JobState } from './job-row.ts';

const UNMADE: readonly JobState[] = ['failed', 'cancelled', 'interrupted', 'unknown'];

/**
 * The pictures that the job was about; undefined where it had none, where they became a turn, or where it is not over. A
 * description makes no turn either, so its pictures are spoken of from the beginning.
 */
export function unmadeSubject({
  state,
  request,
}: JobRow): Pick<PictureRequest, 'origin' | 'attachments' | 'inputs'> | undefined {
  const { kind, origin, attachments, inputs } = request;
  if (kind === 'picture' && !UNMADE.includes(state)) return undefined;
  const hasPictures = attachments.length + inputs.length > 0 || typeof origin === 'object';
  return hasPictures ? { origin, attachments, inputs } : undefined;
}
