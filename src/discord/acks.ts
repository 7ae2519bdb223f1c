/** The first answer to an interaction: due within three seconds, and only one. */
import type { APIInteraction } from 'discord.js';
import { DEFER_MESSAGE, DEFER_UPDATE, EPHEMERAL } from './api.ts';
import { failureOf, type Rest } from './rest.ts';
import { TOKEN_LIFE_MS, type Webhook } from './target.ts';

/** How an interaction was answered first: by the promise of a message, of an update, or by something complete. */
type How = 'reply' | 'update' | 'complete';

/** An interaction whose first answer is not decided yet. */
export interface Pending {
  readonly how: How | undefined;
  /** Resolves when a message of the core comes in consequence of the interaction. */
  readonly taken: Promise<void>;
  /** Answers, unless that was done; whether it was this one. */
  answer(how: How, answer: object): Promise<boolean>;
}

export interface Acks {
  open(interaction: Pick<APIInteraction, 'id' | 'token'>): Pending;
  /** Before something is written: sees to the first answer, and tells where the next message stands. */
  settle(webhook: Webhook, isEphemeral: boolean): Promise<'original' | 'followup'>;
}

/** Already acknowledged: by the same call, whose answer was lost, or for the same interaction when it came before. */
const KNOWN_ALREADY = 40_060;

/** @throws what REST rejects with, above all 10062: too late */
export async function respond(
  rest: Rest,
  { id, token }: Pick<APIInteraction, 'id' | 'token'>,
  answer: object,
): Promise<void> {
  const call = { body: answer, anonymous: true };
  await rest.post(`/interactions/${id}/${token}/callback`, call).catch((error: unknown) => {
    if (failureOf(error).code !== KNOWN_ALREADY) throw error;
  });
}

export function deferral(isEphemeral: boolean): object {
  return { type: DEFER_MESSAGE, ...(isEphemeral && { data: { flags: EPHEMERAL } }) };
}

export function createAcks(rest: Rest): Acks {
  const opened = new Map<string, ReturnType<typeof createPending>>();

  function open(interaction: Pick<APIInteraction, 'id' | 'token'>): Pending {
    const pending = createPending(rest, interaction);
    opened.set(interaction.token, pending);
    setTimeout(() => opened.delete(interaction.token), TOKEN_LIFE_MS).unref();
    return pending;
  }

  async function settle(
    { token, answering }: Webhook,
    isEphemeral: boolean,
  ): Promise<'original' | 'followup'> {
    const pending = opened.get(token);
    if (answering === 'given') return 'original';
    // After a restart nobody knows; a message too many is better than one that was written over.
    if (pending === undefined) return answering === 'update' ? 'original' : 'followup';
    const promise = answering === 'update' ? { type: DEFER_UPDATE } : deferral(isEphemeral);
    await pending.answer(answering, promise);
    return pending.take(answering) ? 'original' : 'followup';
  }

  return { open, settle };
}

function createPending(rest: Rest, interaction: Pick<APIInteraction, 'id' | 'token'>) {
  let how: How | undefined;
  let answered: Promise<void> = Promise.resolve();
  let isTaken = false;
  const { promise: taken, resolve: noteTaken } = Promise.withResolvers<void>();
  return {
    taken,
    get how() {
      return how;
    },
    async answer(wanted: How, answer: object): Promise<boolean> {
      const isFirst = how === undefined;
      if (isFirst) {
        how = wanted;
        answered = respond(rest, interaction, answer);
      }
      await answered;
      return isFirst;
    },
    /** Whether the place of the first answer is of this kind; that of a new message is taken once. */
    take(wanted: How): boolean {
      const isFree = how === wanted && (wanted === 'update' || !isTaken);
      isTaken = true;
      noteTaken();
      return isFree;
    },
  };
}
