/** Facts to tell, and a log. */
import type { Logger } from '../../../src/core/ports.ts';
import type { EndFact, TryFact } from '../../../src/core/watch/watch.ts';

export const tryOf = (changes: Partial<TryFact> = {}): TryFact => ({
  provider: 'relay',
  key: 0,
  durationMs: 1_000,
  ...changes,
});

export const endOf = (changes: Partial<EndFact> = {}): EndFact => ({
  platform: 'fake',
  outcome: 'delivered',
  provider: 'relay',
  model: 'painter-1',
  pictures: 1,
  durationMs: 20_000,
  ...changes,
});

export function createLog() {
  const lines: string[] = [];
  const note = (_fields: object, message: string) => void lines.push(message);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  return { lines, logger };
}
