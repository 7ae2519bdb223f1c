import type { Logger } from '../ports.ts';
import type { Watch } from './watch.ts';

/** Figures are extra: a watch that throws, or that is not there, hurts nobody who tells it something. */
export function guardWatch(watch: Watch | undefined, logger: Logger): Watch {
  const guarded =
    <Fact>(tell: (fact: Fact) => void) =>
    (fact: Fact) => {
      try {
        tell(fact);
      } catch (error) {
        logger.warn({ error }, 'a figure was not taken');
      }
    };
  return {
    tried: guarded((fact) => watch?.tried(fact)),
    ended: guarded((fact) => watch?.ended(fact)),
  };
}
