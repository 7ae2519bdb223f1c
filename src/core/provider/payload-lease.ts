/** The payloads of one answer: each is in the answer, or gone. */
import { payloadsOf } from '../wire/answer-payloads.ts';
import type { Answer, Payload, PayloadStore } from '../wire/types.ts';

export interface PayloadLease extends PayloadStore {
  /** Discards what was begun and is not in `answer`; without one, everything. Never throws. */
  settle(answer?: Answer): Promise<void>;
}

/** A store that remembers its sinks, since an answer that breaks off leaves some of them unfinished. */
export function leasePayloads(payloads: PayloadStore): PayloadLease {
  const finishers: (() => Promise<Payload>)[] = [];
  return {
    createSink() {
      const sink = payloads.createSink();
      let finished: Promise<Payload> | undefined;
      const finish = () => {
        finished ??= sink.finish();
        return finished;
      };
      finishers.push(finish);
      return { ...sink, finish };
    },
    async settle(answer) {
      const kept = new Set(answer === undefined ? [] : payloadsOf(answer));
      const discard = async (finish: () => Promise<Payload>) => {
        const payload = await finish();
        if (!kept.has(payload)) await payload.discard();
      };
      await Promise.allSettled(finishers.map(discard));
    },
  };
}

/** Gives up an answer that nobody wants. */
export async function discardAnswer(answer: Answer): Promise<void> {
  await Promise.allSettled(payloadsOf(answer).map((payload) => payload.discard()));
}
