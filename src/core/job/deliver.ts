/** The last steps of a job: what it made, or why it made nothing, reaches its person. */
import type { Conversations } from '../conversation/conversations.ts';
import { EaselError } from '../errors.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { Logger, Posted } from '../ports.ts';
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
  const target = await progress.stop();
  if ('words' in result) {
    await platform.close(target, { text: result.words, buttons: [] });
    return 0;
  }
  const { turn, truncated } = result;
  const shown = turn.pictures.slice(0, platform.limits.pictures);
  const posted = await platform.deliver(target, {
    pictures: shown.map(options.pictures.locate),
    text: captionOf({ ...turn, pictures: shown, truncated }, row.request.options, language),
    sources: turn.sources,
    buttons: resultButtons(language, turn),
    description: turn.prompt,
    asFiles: false,
  });
  await linkAll(posted, turn.id, options);
  return shown.length;
}

/** The pictures stand: a message that cannot be found again later is no reason to post them twice. */
async function linkAll(posted: Posted[], turn: string, options: DeliverOptions): Promise<void> {
  try {
    for (const { message, picture } of posted) {
      const place = picture === undefined ? { turn } : { turn, picture };
      await options.conversations.link(message, place);
    }
  } catch (error) {
    options.logger.error({ job: turn, error }, 'messages not linked to their turn');
  }
}

/** Says why there are no pictures, in the status message's place. @throws EaselError as `Platform.close` */
export async function tellFailure(
  job: Job,
  facts: { operatorTold: boolean; values: Record<string, string | number> },
): Promise<void> {
  await job.platform.close(await job.progress.stop(), failureReply(job, facts));
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
