/** Puts jobs, conversations and the desk on top of what paints: the whole of what adapters talk to. */
import { createConversations } from './conversation/create-conversations.ts';
import type { Painter } from './create-painter.ts';
import { createDesk } from './desk/create-desk.ts';
import type { Desk } from './desk/desk.ts';
import type { StyleEntry } from './desk/styles.ts';
import { sweepPictures } from './image/picture-sweep.ts';
import { type AccessOptions, createAccess } from './job/access.ts';
import { createEngine } from './job/create-engine.ts';
import type { LineOptions } from './job/line.ts';
import type { Language } from './job/words.ts';
import type { Logger } from './ports.ts';
import type { Store } from './store/store.ts';
import type { Figures } from './watch/create-watch.ts';
import { makeReport } from './watch/make-report.ts';
import { createPlatformStates } from './watch/platform-states.ts';
import type { PlatformReport, Report } from './watch/report.ts';
import type { Totals } from './watch/totals.ts';

export interface CoreOptions extends LineOptions {
  painter: Painter;
  store: Store;
  /** Closed with the core. */
  watch: Figures;
  access: AccessOptions;
  /** As `loadStyles` gives them. */
  styles: readonly StyleEntry[];
  /** For people whose platform names no language that we speak. */
  language: Language;
  /** 0 for none. */
  dailyImagesPerUser: number;
  /** For one attachment. */
  maxImageBytes: number;
  /** How long conversations, their pictures and ended jobs are kept; for ever without. */
  retentionMs?: number;
  logger: Logger;
}

export interface Core {
  desk: Desk;
  /** What is heard of a platform: the report begins with those that the operator has set, as `connecting`. */
  notePlatform(name: string, state: PlatformReport['state']): void;
  /** What can be seen of all this now. */
  report(): Report;
  totals(): Totals;
  /** As `JobOverview.stop`. */
  stopJob(jobId: string): boolean;
  /** As `Engine.close`. */
  close(graceMs: number): Promise<void>;
}

/** Pictures that one request may bring: the most that a Gemini model takes (Google's image guide). */
const MAX_ATTACHMENTS = 14;
const SWEEP_EVERY_MS = 6 * 3_600_000;

export function createCore(options: CoreOptions): Core {
  const { painter, store, watch, access, logger, retentionMs } = options;
  const { admins } = access;
  const conversations = createConversations({ ...painter, store, retentionMs });
  const engine = createEngine({ ...options, ...painter, conversations, admins });
  const desk = createDesk({
    ...options,
    ...painter,
    engine,
    conversations,
    access: createAccess(access),
    admins,
    listModels: () => painter.provider.models(AbortSignal.timeout(LIST_TIMEOUT_MS)),
    maxAttachments: MAX_ATTACHMENTS,
  });
  const platforms = createPlatformStates();
  const stopSweeping = sweepRegularly(painter.pictureDir, retentionMs, logger);
  return {
    desk,
    notePlatform: platforms.note,
    report: () =>
      makeReport({
        figures: watch,
        platforms: platforms.report(),
        gateways: painter.gateways(),
        jobs: engine.list(),
      }),
    totals: watch.totals,
    stopJob: engine.stop,
    async close(graceMs) {
      stopSweeping();
      await engine.close(graceMs);
      await watch.close();
    },
  };
}

/** A list of models that takes longer is not worth waiting for. */
const LIST_TIMEOUT_MS = 15_000;

/** Gives the function that ends it. */
function sweepRegularly(
  directory: string,
  retentionMs: number | undefined,
  logger: Logger,
): () => void {
  const sweep = async () => {
    const deleted = await sweepPictures({ directory, retentionMs });
    if (deleted > 0) logger.info({ deleted }, 'old pictures deleted');
  };
  const timer = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  timer.unref();
  void sweep();
  return () => clearInterval(timer);
}
