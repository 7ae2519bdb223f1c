/** The status message of one job: the latest state wins, at the platform's pace. */
import type { Platform } from '../ports.ts';
import type { ReplyTarget } from '../types.ts';
import type { AnswerEvent } from '../wire/types.ts';
import { cancelButton } from './buttons.ts';
import { type Language, say } from './words.ts';

const MAX_HEADLINE = 80;
/** Thoughts kept to find the last headline in. */
const MAX_THOUGHT = 4_000;

export interface ProgressOptions {
  platform: Platform;
  language: Language;
  jobId: string;
}

export interface Progress {
  /**
   * Shows the status message; `ahead` tells how many are before it whenever it is asked. Gives the target that names
   * the status message. @throws as the platform does
   */
  begin(ahead: () => number): Promise<ReplyTarget>;
  /** The job's turn has come: from here on seconds count. */
  start(): void;
  event(event: AnswerEvent): void;
  /** The gateway asked to wait. */
  waiting(waitMs: number): void;
  /** The pictures are done, and the platform does not take them yet: said once, without a way to cancel. */
  delivering(): Promise<void>;
  /** No more edits from here on; the target that names the status message. */
  stop(): Promise<ReplyTarget>;
}

export function createProgress(
  target: ReplyTarget,
  { platform, language, jobId }: ProgressOptions,
): Progress {
  const buttons = [[cancelButton(language, jobId)]];
  const painting = createPainting(language);
  let current = target;
  let describe = () => say(language, 'status.started');
  let shown = '';
  let flight: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function show(text: string): Promise<void> {
    shown = text;
    try {
      current = await platform.showStatus(current, { text, buttons });
    } finally {
      flight = undefined;
    }
  }

  /** At the platform's pace; skipped while an edit is on its way, so that edits never pile up. */
  function tick(): void {
    const text = describe();
    if (text === shown || flight !== undefined) return;
    flight = show(text);
    // A status that cannot be shown must not end the job.
    flight.catch(() => {});
  }

  return {
    async begin(ahead) {
      describe = () => waitingText(language, ahead());
      flight = show(describe());
      await flight;
      timer = setInterval(tick, platform.limits.statusIntervalMs);
      timer.unref();
      return current;
    },
    start() {
      painting.start();
      describe = painting.text;
    },
    event: painting.event,
    waiting: painting.waiting,
    async delivering() {
      const text = say(language, 'status.delivering');
      await platform.showStatus(current, { text, buttons: [] }).catch(() => {});
    },
    async stop() {
      clearInterval(timer);
      await flight?.catch(() => {});
      return current;
    },
  };
}

function waitingText(language: Language, ahead: number): string {
  return ahead === 0
    ? say(language, 'status.started')
    : say(language, 'status.queued', { position: ahead });
}

/** What the status says from the job's turn on. */
function createPainting(language: Language) {
  let startedAt = 0;
  let thought = '';
  let pausedUntil = 0;

  const secondsSince = (time: number) => Math.round((Date.now() - time) / 1_000);

  return {
    start() {
      startedAt = Date.now();
    },
    event(event: AnswerEvent) {
      pausedUntil = 0;
      if (event.type === 'thought') thought = (thought + event.text).slice(-MAX_THOUGHT);
    },
    waiting(waitMs: number) {
      pausedUntil = Date.now() + waitMs;
    },
    text() {
      const pause = -secondsSince(pausedUntil);
      if (pause > 0) return say(language, 'status.retrying', { seconds: pause });
      const headline = headlineOf(thought);
      const seconds = secondsSince(startedAt);
      return headline === undefined
        ? say(language, 'status.working', { seconds })
        : say(language, 'status.painting', { headline, seconds });
    },
  };
}

/** The last bold line of the model's thoughts: reasoning summaries begin each step with one. */
export function headlineOf(thought: string): string | undefined {
  const headline = [...thought.matchAll(/^[ \t]*\*\*([^*\n]+)\*\*/gm)].at(-1)?.[1]?.trim();
  if (headline === undefined || headline.length <= MAX_HEADLINE) return headline || undefined;
  // Half of a pair of surrogates is no letter.
  return `${headline.slice(0, MAX_HEADLINE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
