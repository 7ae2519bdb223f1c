/** The last steps of a job: what it made, or why it made nothing, reaches its person. */
import type { Conversations } from '../conversation/conversations.ts';
import { type Place, placeOf, shown } from '../conversation/place.ts';
import { descriptionOf } from '../conversation/turn.ts';
import { EaselError } from '../errors.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { Logger } from '../ports.ts';
import type { Reply } from '../types.ts';
import { resultButtons, retryButton } from './buttons.ts';
import { captionOf } from './caption.ts';
import type { Job } from './job.ts';
import type { JobResult } from './job-row.ts';
import { canTryAgain, failureMessage, interruptionMessage } from './messages.ts';

export interface DeliverOptions {
  conversations: Conversations;
  pictures: Pick<PictureStore, 'locate'>;
  logger: Logger;
}

/** How many pictures were posted. @throws EaselError as `Platform.deliver` */
export async function deliver(
  job: Job,
  result: JobResult,
  options: DeliverOptions,
): Promise<number> {
  const { platform, progress, row, language } = job;
  if ('words' in result) {
    await tell(job, { text: result.words, buttons: [] }, options);
    return 0;
  }
  const target = await progress.stop();
  const { turn, truncated } = result;
  const pictures = turn.pictures.slice(0, platform.limits.pictures);
  const posted = await platform.deliver(target, {
    pictures: pictures.map(options.pictures.locate),
    text: captionOf({ ...turn, pictures, truncated }, row.request.options, language),
    sources: turn.sources,
    buttons: resultButtons(language, turn),
    description: descriptionOf(turn),
    asFiles: false,
  });
  const links = posted.map(({ message, picture }) => ({ message, place: shown(turn.id, picture) }));
  await linkAll(links, job, options);
  return pictures.length;
}

type Telling = Pick<DeliverOptions, 'conversations' | 'logger'>;

/** What was posted stands: a message that cannot be found again later is no reason to post it twice. */
async function linkAll(
  links: { message: string; place: Place }[],
  { row }: Job,
  { conversations, logger }: Telling,
): Promise<void> {
  try {
    for (const { message, place } of links) await conversations.link(message, place);
  } catch (error) {
    logger.error({ job: row.id, error }, 'messages not linked to their turn');
  }
}

/** In the status message's place. An answer in other words means the pictures that this is about. */
async function tell(job: Job, reply: Reply, options: Telling): Promise<void> {
  const { platform, progress } = job;
  const { message } = await platform.close(await progress.stop(), reply);
  const { request } = job.row;
  const place = placeOf(request, request.person.id);
  if (place !== undefined) await linkAll([{ message, place }], job, options);
}

/** Says why there are no pictures, in the status message's place. @throws EaselError as `Platform.close` */
export async function tellFailure(
  job: Job,
  facts: { operatorTold: boolean; values: Record<string, string | number> },
  options: Telling,
): Promise<void> {
  await tell(job, failureReply(job, facts), options);
}

function failureReply(
  { row, language }: Job,
  facts: { operatorTold: boolean; values: Record<string, string | number> },
): Reply {
  const { code, ...rest } = row.failure ?? { code: 'internal' as const };
  const error = new EaselError(code, rest);
  const isInterrupted = row.state === 'interrupted';
  const text = isInterrupted
    ? interruptionMessage(language, error)
    : failureMessage(language, error, facts);
  const retry = retryButton(language, row.id, error.billed === 'maybe');
  return { text, buttons: isInterrupted || canTryAgain(code) ? [[retry]] : [] };
}
