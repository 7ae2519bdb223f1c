/** Replays a conversation to the model that it came from, until the gateway refuses it (Q67). */
import type { EaselError } from '../errors.ts';
import type { Dialect, Message } from '../wire/types.ts';

/** A conversation as one model wrote it, signatures and all; only that model of that provider takes it. */
export interface Replay {
  provider: string;
  model: string;
  dialect: Dialect;
  /** Oldest first, the last one the user's. */
  messages: Message[];
}

export interface Replayer {
  /** What to send in place of the plain messages; undefined when it is those. */
  messages(): Message[] | undefined;
  /** True when the refusal is of the replay and cost nothing: then the plain messages are worth sending. */
  giveUp(refusal: EaselError): boolean;
}

/** A signature is worth something to the provider, model and dialect that made it, and to no other. */
export function createReplayer(
  replay: Replay | undefined,
  now: Pick<Replay, 'provider' | 'model' | 'dialect'>,
): Replayer {
  const isOurs =
    replay?.provider === now.provider &&
    replay.model === now.model &&
    replay.dialect === now.dialect;
  let messages = isOurs ? replay.messages : undefined;
  return {
    messages: () => messages,
    giveUp({ code, status, billed }) {
      // The plain messages hold fewer and smaller pictures, so they may pass where a replay is too large.
      const isOfReplay = code === 'signature-rejected' || status === 413;
      if (messages === undefined || !isOfReplay || billed !== 'no') return false;
      messages = undefined;
      return true;
    },
  };
}
