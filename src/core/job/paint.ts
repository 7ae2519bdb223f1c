/** The part of a job that costs money: from its words and attachments to verified, stored pictures. */
import type { Conversations, Wish } from '../conversation/conversations.ts';
import { shown } from '../conversation/place.ts';
import type { Turn } from '../conversation/turn.ts';
import { EaselError, toEaselError } from '../errors.ts';
import type { Generation, Generator } from '../generation/generate.ts';
import type { Normaliser } from '../image/normalise.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { GenerateOptions } from '../provider/provider.ts';
import type { Attachment, Picture, PictureRequest, StoredPicture } from '../types.ts';
import type { Job } from './job.ts';
import type { JobResult } from './job-row.ts';

export interface PaintOptions {
  generator: Generator;
  conversations: Conversations;
  normaliser: Normaliser;
  pictures: Pick<PictureStore, 'addBytes'>;
  /** For one attachment. */
  maxImageBytes: number;
  /** A gateway refused, and the next one was asked: it must be mended although the person got pictures. */
  onFailover: (error: EaselError) => void;
  /** Called before the request may leave; when it rejects, nothing is sent. */
  beforeSending: () => Promise<void>;
}

/** @throws EaselError any code of loading or generating */
export async function paint(job: Job, options: PaintOptions): Promise<JobResult> {
  const { progress, controller, row } = job;
  const { signal } = controller;
  signal.throwIfAborted();
  progress.start();
  const wish = await makeWish(job, options);
  const request = await options.conversations.compose(wish, { signal });
  await options.beforeSending();
  signal.throwIfAborted();
  const generating: GenerateOptions = {
    signal,
    onEvent: progress.event,
    onWait: progress.waiting,
    onFailover: options.onFailover,
  };
  if (row.request.kind === 'words') {
    const words = await options.generator.describe(request, generating);
    const { text, provider, model, usage } = words;
    return { words: text, provider, model, ...(usage !== undefined && { usage }) };
  }
  const generation = await options.generator.generate(request, generating);
  return { turn: toTurn(job, wish, generation), truncated: generation.truncated };
}

async function makeWish(job: Job, options: PaintOptions): Promise<Wish> {
  const { request } = job.row;
  const where = { chat: request.chat, personId: request.person.id };
  const from = await options.conversations.parentOf(request.origin, where);
  if (from === undefined && typeof request.origin === 'object') {
    throw new EaselError('attachment-gone');
  }
  if (request.origin === 'branch') {
    // Whoever takes the job up later, or tries it again, goes on from the same turn, wherever its person is by then.
    const origin = from === undefined ? 'new' : shown(from.parent.id, from.chosen);
    job.row = { ...job.row, request: { ...request, origin } };
  }
  const inputs = [...request.inputs, ...(await loadInputs(job, options))];
  const { prompt } = request;
  const textOnly = request.kind === 'words';
  return { prompt, inputs, ...from, options: request.options, ...(textOnly && { textOnly }) };
}

/**
 * One after the other: each may be large, and one decoder serves all jobs. Those that cannot be used are all named, so
 * that they can be mended at once.
 */
async function loadInputs(job: Job, options: PaintOptions): Promise<StoredPicture[]> {
  const { attachments } = job.row.request;
  const inputs: StoredPicture[] = [];
  const failures: { at: number; error: EaselError }[] = [];
  for (const [at, attachment] of attachments.entries()) {
    try {
      inputs.push(await loadInput(attachment, job, options));
      job.row = { ...job.row, loaded: [...inputs] };
    } catch (thrown) {
      job.controller.signal.throwIfAborted();
      failures.push({ at: at + 1, error: toEaselError(thrown) });
    }
  }
  const [first] = failures;
  if (first === undefined) return inputs;
  if (attachments.length === 1) throw first.error;
  const { code, status, cause } = first.error;
  const subject = failures.map(({ at }) => at).join(', ');
  throw new EaselError(code, { subject, cause, ...(status !== undefined && { status }) });
}

async function loadInput(
  attachment: Attachment,
  { platform, controller: { signal } }: Job,
  { normaliser, pictures, maxImageBytes }: PaintOptions,
): Promise<StoredPicture> {
  const bytes = await platform.load(attachment, { maxBytes: maxImageBytes, signal });
  const { data, ...shape } = await normaliser.normalise(bytes, { signal });
  return withoutPath(await pictures.addBytes(data, shape));
}

function toTurn({ row }: Job, wish: Wish, generation: Generation): Turn {
  const { prompt, inputs, parent, chosen, options } = wish;
  const { text, sources, provider, model, dialect, parts, usage } = generation;
  const { person, chat, description }: PictureRequest = row.request;
  return {
    id: row.id,
    ...(parent !== undefined && { parent: parent.id }),
    personId: person.id,
    chat,
    createdAt: row.createdAt,
    prompt,
    ...(description !== undefined && { description }),
    inputs,
    ...(chosen !== undefined && { chosen }),
    options,
    pictures: generation.pictures.map(withoutPath),
    text,
    sources,
    provider,
    model,
    dialect,
    ...(parts !== undefined && { parts }),
    ...(usage !== undefined && { usage }),
  };
}

/** `DATA_DIR` may move; rows must not know where it was. */
function withoutPath({ hash, mediaType, width, height, bytes }: Picture): StoredPicture {
  return { hash, mediaType, width, height, bytes };
}
