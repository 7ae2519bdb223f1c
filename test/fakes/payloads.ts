import type { Payload, PayloadStore } from '../../src/core/wire/types.ts';

/** Payloads as plain arrays in memory; a sink's space is reused, so that a decoder which keeps it is found out. */
export function createFakePayloads(): PayloadStore {
  return {
    createSink() {
      const content: Buffer[] = [];
      let space = Buffer.alloc(0);
      return {
        reserve(bytes) {
          if (space.length < bytes) space = Buffer.alloc(bytes);
          return space;
        },
        commit(bytes) {
          content.push(Buffer.from(space.subarray(0, bytes)));
        },
        drain: () => undefined,
        finish: async () => toPayload(Buffer.concat(content)),
      };
    },
  };
}

function toPayload(bytes: Buffer): Payload {
  let gone = false;
  return {
    size: bytes.length,
    head: bytes.subarray(0, 64),
    async *open() {
      if (gone) throw new Error('discarded');
      yield bytes;
    },
    async discard() {
      gone = true;
    },
  };
}

/** Everything that a payload holds. */
export async function readPayload(payload: Payload): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
