/** Presses that take a while: each button begins one thing at a time, and nobody waits for it. */
import type { Engine } from '../job/engine.ts';
import { type Language, say } from '../job/words.ts';
import type { Logger } from '../ports.ts';
import type { PressAnswer } from '../types.ts';

/** Begins the work of a button behind the answer; `note` is said of it. */
export type Begin = (
  button: string,
  language: Language,
  order: { work: () => Promise<void>; note: string },
) => PressAnswer;

export interface BeginOptions {
  engine: Pick<Engine, 'isOrdered'>;
  logger: Logger;
}

/** The engine knows a button only once its job is made; until then, and for what is no job, this does. */
export function createBegin({ engine, logger }: BeginOptions): Begin {
  const begun = new Set<string>();
  return (button, language, { work, note }) => {
    if (begun.has(button) || engine.isOrdered(button))
      return noteOf(say(language, 'press.running'));
    begun.add(button);
    void work()
      .catch((error: unknown) => logger.error({ error }, 'what a button began has failed'))
      .finally(() => begun.delete(button));
    return noteOf(note);
  };
}

export function noteOf(text: string): PressAnswer {
  return { type: 'note', text };
}
