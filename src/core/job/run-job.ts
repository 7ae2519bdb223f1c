/** One job from its turn to its last word. It ends in exactly one message, whatever happens. */
import { EaselError, toEaselError } from '../errors.ts';
import type { Logger } from '../ports.ts';
import type { Watch } from '../watch/watch.ts';
import { type DeliverOptions, deliver, tellFailure } from './deliver.ts';
import { endFactOf } from './end-fact.ts';
import { endStateOf, isWaiting, type Job, toFailure } from './job.ts';
import type { JobResult, JobRow } from './job-row.ts';
import type { JobRows } from './job-rows.ts';
import { failureMessage } from './messages.ts';
import { type PaintOptions, paint } from './paint.ts';
import { postPatiently } from './patience.ts';
import type { Quota } from './quota.ts';
import { unmadeSubject } from './unmade.ts';

type PaintNeeds = Omit<PaintOptions, 'beforeSending' | 'onFailover' | 'pictures'>;

export interface RunOptions extends PaintNeeds, Omit<DeliverOptions, 'pictures'> {
  pictures: PaintOptions['pictures'] & DeliverOptions['pictures'];
  rows: JobRows;
  quota: Quota;
  /** Is told how each job ended; never throws. */
  watch: Pick<Watch, 'ended'>;
  logger: Logger;
  /** Gets every failure before its owner is told; true when the operator has had a notice of it. */
  onFailure: (error: EaselError) => Promise<boolean>;
  /** Fills the names in words of failure, such as `{limit}`. */
  valuesOf: (job: Job) => Record<string, string | number>;
  /** Aborts when this process ends: what is not posted by then is the next one's to post. */
  closing: AbortSignal;
}

/** Until its pictures are stored or it has failed: the part that needs a place in the line. Never throws. */
export async function makeResult(job: Job, options: RunOptions): Promise<void> {
  if (!isWaiting(job.row)) return;
  try {
    const result = await paintOnce(job, options);
    job.phase = 'ending';
    await keep(job, { state: 'stored', result, starts: 1 }, options);
    if ('turn' in result) await options.conversations.save(result.turn);
  } catch (thrown) {
    // What is paid and stored is delivered, even if the database fails from here on.
    if (job.row.state === 'stored')
      options.logger.error({ job: job.row.id, error: thrown }, 'turn not saved');
    else await fail(job, failureOf(job, thrown), options);
  }
}

async function paintOnce(job: Job, options: RunOptions): Promise<JobResult> {
  job.phase = 'painting';
  await settleSubject(job, options);
  const loads = job.row.request.attachments.length > 0;
  // Only what can bring the process down before anything is paid has to be counted.
  if (loads) await write(job, { starts: job.row.starts + 1 }, options);
  const result = await paint(job, {
    ...options,
    // A gateway without credit must be mended even while another one serves.
    onFailover: (error) => void options.onFailure(error),
    beforeSending: () => write(job, { state: 'generating', starts: 1 }, options),
  });
  // Its owner has been told that it is cancelled; a shutdown has told nobody anything yet.
  if (job.stoppedBy === 'owner') throw new EaselError('cancelled', { billed: 'maybe' });
  return result;
}

/** Where nothing came of the job that this one waited for, that job's pictures are meant. */
async function settleSubject(job: Job, { rows, conversations }: RunOptions): Promise<void> {
  const { request, after } = job.row;
  const before = request.origin === 'branch' && after ? await rows.find(after) : undefined;
  const subject = before && unmadeSubject(before);
  if (before === undefined || subject === undefined) return;
  const { chat, person } = request;
  const leftAt = await conversations.leftAt({ chat, personId: person.id });
  if (before.createdAt >= (leftAt ?? 0))
    job.row = { ...job.row, request: { ...request, ...subject } };
}

/** Ends a job without pictures; its person is told by `finish`. */
export async function fail(job: Job, error: EaselError, options: RunOptions): Promise<void> {
  const failure = toFailure(error);
  const state = endStateOf(failure, job.stoppedBy);
  job.phase = 'ending';
  const { id } = job.row;
  options.logger.warn(
    { job: id, state, code: error.code, billed: error.billed, error },
    'job failed',
  );
  await keep(job, { state, failure, starts: 1 }, options);
}

/** Posts what there is to post, then files the job. Never throws. */
export async function finish(job: Job, options: RunOptions): Promise<void> {
  const { closing, logger } = options;
  const onFailure = (waitMs: number) => {
    logger.warn({ job: job.row.id, waitMs }, 'not posted yet');
    if (job.row.state === 'stored') void job.progress.delivering();
  };
  const dropped = job.dropped.signal;
  const signal = AbortSignal.any([closing, dropped]);
  let pictures = 0;
  try {
    pictures = await postPatiently(() => post(job, options), { signal, onFailure });
    if (job.row.state === 'stored') job.row = { ...job.row, state: 'delivered' };
  } catch (thrown) {
    const error = toEaselError(thrown);
    // The next process posts it.
    if (closing.aborted && isTransient(error)) return;
    if (!dropped.aborted) await giveUp(job, error, options);
  }
  options.watch.ended(endFactOf(job.row, pictures));
  await settle(job, pictures, options);
  await file(job, options);
}

/** The wait was cut short, or the last try may go better another time. */
function isTransient({ code, cause }: EaselError): boolean {
  return code === 'delivery-failed' || (cause instanceof Error && cause.name === 'AbortError');
}

/** How many pictures were posted. */
async function post(job: Job, options: RunOptions): Promise<number> {
  const { row } = job;
  if (row.state === 'stored' && row.result !== undefined) {
    const pictures = await deliver(job, row.result, options);
    options.logger.info({ job: row.id, ms: Date.now() - row.createdAt, pictures }, 'job delivered');
    return pictures;
  }
  const { code, ...facts } = row.failure ?? { code: 'internal' as const };
  const operatorTold = await options.onFailure(new EaselError(code, facts));
  await tellFailure(job, { operatorTold, values: options.valuesOf(job) }, options);
  return 0;
}

/** What is made, or why nothing was made, cannot be shown where it was asked for: at least that is said, somewhere. */
async function giveUp(job: Job, error: EaselError, options: RunOptions): Promise<void> {
  const { row, platform, language } = job;
  options.logger.error({ job: row.id, state: row.state, error }, 'last word not posted');
  if (row.state !== 'stored') return;
  job.row = { ...row, state: 'failed', failure: { ...toFailure(error), billed: 'maybe' } };
  const text = failureMessage(language, new EaselError('delivery-failed', { billed: 'maybe' }));
  try {
    await platform.close(await job.progress.stop(), { text, buttons: [] });
  } catch {
    await platform.notify(row.request.person.id, text);
  }
}

async function settle({ row }: Job, pictures: number, options: RunOptions): Promise<void> {
  const { id: jobId, createdAt, request } = row;
  const entry = { personId: request.person.id, jobId, createdAt, pictures };
  await options.quota.settle(entry).catch((error: unknown) => {
    options.logger.error({ job: jobId, error }, 'quota not settled');
  });
}

async function file(job: Job, options: RunOptions): Promise<void> {
  // Pictures are found by their turn, if there is one; a row that can be tried again needs its request alone.
  const { result, loaded, ...rest } = job.row;
  const isTurns = result !== undefined && 'turn' in result;
  const row = loaded === undefined || isTurns ? rest : { ...rest, loaded };
  await options.rows.file(row).catch((error: unknown) => {
    options.logger.error({ job: row.id, error }, 'job not filed');
  });
}

/** @throws EaselError `internal`: nothing may be paid for that the store does not know */
async function write(job: Job, changes: Partial<JobRow>, { rows }: RunOptions): Promise<void> {
  job.row = { ...job.row, ...changes };
  await rows.save(job.row);
}

/** What happened has happened, whether or not the store can be told. */
async function keep(job: Job, changes: Partial<JobRow>, options: RunOptions): Promise<void> {
  await write(job, changes, options).catch((error: unknown) => {
    options.logger.error({ job: job.row.id, error }, 'job not saved');
  });
}

/** What fails because it was stopped is not a failure of its own. */
function failureOf({ phase, controller }: Job, thrown: unknown): EaselError {
  const error = toEaselError(thrown);
  if (phase === 'ending' || !controller.signal.aborted) return error;
  return new EaselError('cancelled', { billed: error.billed, cause: thrown });
}
