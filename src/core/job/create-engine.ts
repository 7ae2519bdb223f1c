/** Requests become jobs here; what one job does is in `run-job.ts`. */
import { EaselError, toEaselError } from '../errors.ts';
import type { Platform } from '../ports.ts';
import type { PictureRequest } from '../types.ts';
import type { Access } from './access.ts';
import { admit } from './admission.ts';
import type { Engine } from './engine.ts';
import { createJob } from './job.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createLine, type Line, type LineOptions } from './line.ts';
import { failureMessage, interruptionMessage } from './messages.ts';
import { createOperatorNotices } from './operators.ts';
import { type RunOptions, runJob } from './run-job.ts';
import { type Language, resolveLanguage } from './words.ts';

export interface EngineOptions extends Omit<RunOptions, 'onFailure'>, LineOptions {
  access: Access;
  /** `platform:id` of who is told of what only an operator can mend. */
  admins: readonly string[];
  /** For people whose platform names no language that we speak. */
  language: Language;
  /** Pictures that one request may bring. */
  maxAttachments: number;
  /** As in `access`, for the words of a refusal. */
  dailyImagesPerUser: number;
}

/** Updates remembered, so that one that comes twice makes one job. */
const MAX_REMEMBERED = 5_000;

export function createEngine(options: EngineOptions): Engine {
  const { access, admins, language, logger, maxAttachments } = options;
  const platforms = new Map<string, Platform>();
  const line = createLine(options);
  const jobs = createJobs(logger);
  const isNew = createMemory(MAX_REMEMBERED);
  const onFailure = createOperatorNotices({ admins, language, platforms });
  const start = createStart({ ...options, onFailure }, line, jobs);
  const refuse = createRefusal(options, line);
  let isClosing = false;

  async function accept(request: PictureRequest, platform: Platform): Promise<void> {
    try {
      if (isClosing) throw new EaselError('cancelled');
      await start(admit(request, { access, maxAttachments, waiting: line.waiting }), platform);
    } catch (thrown) {
      await refuse(request, platform, toEaselError(thrown));
    }
  }

  return {
    connect(name, platform) {
      platforms.set(name, platform);
    },
    async submit(request) {
      const platform = platforms.get(request.target.platform);
      if (platform !== undefined && isNew(request.id)) await accept(request, platform);
    },
    cancel: jobs.cancel,
    cancelAll: jobs.cancelAll,
    close(graceMs) {
      isClosing = true;
      return jobs.close(graceMs);
    },
  };
}

type Start = (request: PictureRequest, platform: Platform) => Promise<void>;

/** Resolves when the status message stands; the job goes on behind it. @throws EaselError `daily-limit` */
function createStart(options: EngineOptions & RunOptions, line: Line, jobs: Jobs): Start {
  const { access, language, logger } = options;
  return async (request, platform) => {
    const personId = request.person.id;
    const settle = access.reserve(personId, request.options.count ?? 1);
    const job = createJob(request, platform, resolveLanguage(request.person.language, language));
    const place = line.enter(personId, job.controller.signal);
    const shown = job.progress.begin(place.ahead).catch((error: unknown) => {
      logger.warn({ job: job.id, error }, 'status not shown');
    });
    const run = async () => {
      try {
        await Promise.all([place.turn, shown]);
        settle(await runJob(job, options));
      } finally {
        place.leave();
      }
    };
    jobs.add(job, run());
    await shown;
  };
}

type Refuse = (request: PictureRequest, platform: Platform, error: EaselError) => Promise<void>;

/** Says why there is no job; never throws. */
function createRefusal(options: EngineOptions, line: Line): Refuse {
  const { logger, maxAttachments, dailyImagesPerUser } = options;
  return async (request, platform, error) => {
    const { person, target } = request;
    logger.info({ code: error.code, person: person.id }, 'request refused');
    const language = resolveLanguage(person.language, options.language);
    const limit = error.code === 'daily-limit' ? dailyImagesPerUser : maxAttachments;
    const values = { person: person.id, waiting: line.waiting(), limit };
    const text =
      error.code === 'cancelled'
        ? interruptionMessage(language, error)
        : failureMessage(language, error, { values });
    try {
      await platform.close(target, text);
    } catch (cause) {
      logger.warn({ error: cause }, 'refusal not posted');
    }
  };
}

/** Whether an id is met for the first time; the oldest ones are forgotten. */
function createMemory(maxIds: number): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= maxIds) break;
      seen.delete(oldest);
    }
    return true;
  };
}
