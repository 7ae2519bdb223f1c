import { toEaselError } from '../errors.ts';
import type { TryFact } from '../watch/watch.ts';

/** Runs one request, and tells how it went. */
export async function watched<Result>(
  request: () => Promise<Result>,
  tell: (fact: Pick<TryFact, 'durationMs' | 'code'>) => void,
): Promise<Result> {
  const begunAt = performance.now();
  const durationMs = () => performance.now() - begunAt;
  try {
    const result = await request();
    tell({ durationMs: durationMs() });
    return result;
  } catch (thrown) {
    tell({ durationMs: durationMs(), code: toEaselError(thrown).code });
    throw thrown;
  }
}
