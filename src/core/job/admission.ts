/** Whether a request becomes a job, and in which words it is asked. */
import { EaselError } from '../errors.ts';
import type { PictureRequest } from '../types.ts';
import type { Access } from './access.ts';
import { readInlineOptions } from './inline-options.ts';

export interface AdmissionOptions {
  access: Access;
  /** Pictures that one request may bring. */
  maxAttachments: number;
  /** Jobs in line now, of all or of one person. */
  waiting: (personId?: string) => number;
}

/** With more jobs than this in line, the last one would wait for the better part of an hour. */
const MAX_WAITING = 200;
/** Of one person: nobody may fill the line alone. */
const MAX_OWN_WAITING = 20;

/**
 * The request with its typed options read.
 * @throws EaselError `access-denied`, `option-invalid`, `prompt-missing`, `too-many-attachments`, `queue-full`
 */
export function admit(request: PictureRequest, options: AdmissionOptions): PictureRequest {
  options.access.check(request);
  const { prompt, options: typed } = readInlineOptions(request.prompt);
  if (prompt === '') throw new EaselError('prompt-missing');
  if (request.attachments.length > options.maxAttachments) {
    throw new EaselError('too-many-attachments');
  }
  const { waiting } = options;
  const isFull = waiting() >= MAX_WAITING || waiting(request.person.id) >= MAX_OWN_WAITING;
  if (isFull) throw new EaselError('queue-full');
  return { ...request, prompt, options: { ...request.options, ...typed } };
}
