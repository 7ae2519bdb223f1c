import type { EndFact, Outcome } from '../watch/watch.ts';
import type { JobRow, JobState } from './job-row.ts';

/** What an ended job tells whoever watches; `pictures` were delivered. */
export function endFactOf(
  { state, request, result, failure, createdAt }: JobRow,
  pictures: number,
): EndFact {
  const made = result !== undefined && 'turn' in result ? result.turn : result;
  const { model, usage } = made ?? {};
  const provider = failure?.provider ?? made?.provider;
  return {
    platform: request.target.platform,
    outcome: outcomeOf(state),
    ...(failure !== undefined && { code: failure.code }),
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    pictures,
    ...(usage !== undefined && { usage }),
    durationMs: Date.now() - createdAt,
  };
}

/** Whoever has gone (`/forget`) before the last word has cancelled, whatever was done by then. */
function outcomeOf(state: JobState): Outcome {
  switch (state) {
    case 'accepted':
    case 'queued':
    case 'generating':
    case 'stored':
      return 'cancelled';
    default:
      return state;
  }
}
