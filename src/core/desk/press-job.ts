/** Buttons of a job: stop it, or try it again. */
import type { CancelOutcome, Engine } from '../job/engine.ts';
import type { JobRow, JobState } from '../job/job-row.ts';
import { say, type WordKey } from '../job/words.ts';
import type { Press, PressAnswer } from '../types.ts';
import type { Caller } from './callers.ts';
import { type Begin, noteOf } from './orders.ts';
import { maySpeakFor } from './press-owner.ts';

export interface PressJobOptions {
  engine: Pick<Engine, 'find' | 'cancel' | 'submit'>;
  begin: Begin;
  admins: readonly string[];
}

/** What is cancelled says so itself, in the place of its status. */
const CANCEL_WORDS: Record<Exclude<CancelOutcome, 'cancelled'>, WordKey> = {
  'not-yours': 'cancel.not-yours',
  nothing: 'cancel.nothing',
};

export async function pressCancel(
  jobId: string,
  press: Press,
  { language }: Caller,
  { engine }: PressJobOptions,
): Promise<PressAnswer> {
  const outcome = engine.cancel(jobId, press.person.id);
  const isForChat = outcome === 'not-yours' && (await speaksForOwner(jobId, press, engine));
  const last = isForChat ? engine.cancel(jobId, press.chat) : outcome;
  return noteOf(last === 'cancelled' ? '' : say(language, CANCEL_WORDS[last]));
}

async function speaksForOwner(
  jobId: string,
  press: Press,
  { find }: Pick<Engine, 'find'>,
): Promise<boolean> {
  const owner = (await find(jobId))?.request.person.id;
  return owner !== undefined && maySpeakFor(owner, press, []);
}

const AT_WORK: readonly JobState[] = ['accepted', 'queued', 'generating', 'stored'];

/** One failed job makes one more at most, however often it is pressed: the new request's id comes from the job's. */
export async function pressRetry(
  jobId: string,
  press: Press,
  { language }: Caller,
  { engine, begin, admins }: PressJobOptions,
): Promise<PressAnswer> {
  const row = await engine.find(jobId);
  if (row === undefined) return noteOf(say(language, 'press.gone'));
  if (!(await maySpeakFor(row.request.person.id, press, admins))) {
    return noteOf(say(language, 'press.not-yours'));
  }
  if (AT_WORK.includes(row.state)) return noteOf(say(language, 'press.running'));
  const work = () => engine.submit(requestAgain(row, press));
  return begin(press.button, language, { work, note: '' });
}

function requestAgain({ id, request }: JobRow, { button, takeOver }: Press) {
  return { ...request, id: `retry:${id}`, button, target: takeOver };
}
