/** Whether there is room for one more job. */
import { EaselError } from '../errors.ts';

/** With more jobs than this in line, the last one would wait for the better part of an hour. */
const MAX_WAITING = 200;
/** Of one person: nobody may fill the line alone. */
const MAX_OWN_WAITING = 20;

/** `waiting` counts the jobs in line now, of all or of one person. @throws EaselError `queue-full` */
export function checkRoom(personId: string, waiting: (personId?: string) => number): void {
  if (waiting() >= MAX_WAITING || waiting(personId) >= MAX_OWN_WAITING) {
    throw new EaselError('queue-full');
  }
}
