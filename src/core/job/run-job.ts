/** One job from its turn to its last word. It ends in exactly one message, whatever happens. */
import { EaselError, toEaselError } from '../errors.ts';
import type { Generation, Generator } from '../generation/generate.ts';
import type { NormalisedPicture, Normaliser } from '../image/normalise.ts';
import type { Logger } from '../ports.ts';
import { captionOf } from './caption.ts';
import type { Job } from './job.ts';
import { failureMessage, interruptionMessage } from './messages.ts';

export interface RunOptions {
  generator: Generator;
  normaliser: Normaliser;
  logger: Logger;
  /** For one attachment. */
  maxImageBytes: number;
  /** Gets every failure before its owner is told; true when the operator has had a notice of it. */
  onFailure: (error: EaselError) => boolean;
}

/** How many pictures were delivered; never throws. */
export async function runJob(job: Job, options: RunOptions): Promise<number> {
  const { logger } = options;
  const startedAt = Date.now();
  try {
    const generation = await paint(job, options);
    job.phase = 'ending';
    const pictures = await deliver(job, generation);
    logger.info({ job: job.id, ms: Date.now() - startedAt, pictures }, 'job delivered');
    return pictures;
  } catch (thrown) {
    const error = failureOf(job, thrown);
    job.phase = 'ending';
    logger.warn({ job: job.id, code: error.code, billed: error.billed, error }, 'job failed');
    await tellFailure(job, options, error);
    return 0;
  }
}

async function paint(job: Job, options: RunOptions): Promise<Generation> {
  const { request, progress, controller } = job;
  const { signal } = controller;
  signal.throwIfAborted();
  job.phase = 'painting';
  progress.start();
  const images = await loadImages(job, options);
  const wish = { prompt: request.prompt, images, options: request.options };
  const generation = await options.generator.generate(wish, {
    signal,
    onEvent: progress.event,
    onWait: progress.waiting,
    // A gateway without credit must be mended even while another one serves.
    onFailover: options.onFailure,
  });
  // Its owner has been told that it is cancelled; a shutdown has told nobody anything yet.
  if (job.stoppedBy === 'owner') throw new EaselError('cancelled', { billed: 'maybe' });
  return generation;
}

/** One after the other: each may be large, and one decoder serves all jobs. */
async function loadImages(job: Job, options: RunOptions): Promise<NormalisedPicture[]> {
  const { request, platform, controller } = job;
  const { signal } = controller;
  const images: NormalisedPicture[] = [];
  for (const attachment of request.attachments) {
    const bytes = await platform.load(attachment, { maxBytes: options.maxImageBytes, signal });
    images.push(await options.normaliser.normalise(bytes, { signal }));
    signal.throwIfAborted();
  }
  return images;
}

/** @throws EaselError `delivery-failed`, billed `maybe`, since the pictures are made */
async function deliver(job: Job, generation: Generation): Promise<number> {
  const { platform, progress, request, language } = job;
  const pictures = generation.pictures.slice(0, platform.limits.pictures);
  const text = captionOf({ ...generation, pictures }, request.options, language);
  const target = await progress.stop();
  try {
    await platform.deliver(target, { pictures, text, sources: generation.sources });
  } catch (cause) {
    throw new EaselError('delivery-failed', { billed: 'maybe', cause });
  }
  return pictures.length;
}

/** What fails because it was stopped is not a failure of its own. */
function failureOf({ phase, controller }: Job, thrown: unknown): EaselError {
  const error = toEaselError(thrown);
  if (phase === 'ending' || !controller.signal.aborted) return error;
  return new EaselError('cancelled', { billed: error.billed, cause: thrown });
}

async function tellFailure(job: Job, options: RunOptions, error: EaselError): Promise<void> {
  const { language, platform, progress } = job;
  const operatorTold = options.onFailure(error);
  const values = { megabytes: Math.round(options.maxImageBytes / 1024 / 1024) };
  const text =
    job.stoppedBy === 'shutdown' && error.code === 'cancelled'
      ? interruptionMessage(language, error)
      : failureMessage(language, error, { values, operatorTold });
  try {
    await platform.close(await progress.stop(), text);
  } catch (cause) {
    options.logger.error({ job: job.id, error: cause }, 'last word not posted');
  }
}
