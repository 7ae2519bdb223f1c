import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PayloadSink, PayloadStore } from '../../src/core/wire/types.ts';
import { readPayload } from '../fakes/payloads.ts';

/** Commits `bytes` in pieces of the given sizes (the last size repeats), draining as the port asks. */
export async function fill(sink: PayloadSink, bytes: Uint8Array, sizes: number[]): Promise<void> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = Math.min(sizes[turn] ?? sizes.at(-1) ?? 1, bytes.length - at);
    const space = sink.reserve(size);
    expect(space.length).toBeGreaterThanOrEqual(size);
    space.set(bytes.subarray(at, at + size));
    sink.commit(size);
    at += size;
    await sink.drain();
  }
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What every `PayloadStore` keeps. */
export function payloadStoreContract(name: string, createStore: () => PayloadStore): void {
  describe(`payload store: ${name}`, () => {
    it('gives back what was committed, however it was cut', async () => {
      const store = createStore();
      await fc.assert(
        fc.asyncProperty(
          fc.uint8Array({ maxLength: 5_000 }),
          fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 }),
          async (bytes, sizes) => {
            const sink = store.createSink();
            await fill(sink, bytes, sizes);
            const payload = await sink.finish();
            expect(payload.size).toBe(bytes.length);
            expect([...payload.head]).toEqual([...bytes.subarray(0, 64)]);
            expect(hash(await readPayload(payload))).toBe(hash(bytes));
            await payload.discard();
          },
        ),
        { numRuns: 40 },
      );
    });

    it('holds megabytes, opens twice and keeps the order', async () => {
      const bytes = randomBytes(5 * 1024 * 1024 + 7);
      const sink = createStore().createSink();
      await fill(sink, bytes, [1, 200_000, 49_152]);
      const payload = await sink.finish();
      expect(hash(await readPayload(payload))).toBe(hash(bytes));
      expect(hash(await readPayload(payload))).toBe(hash(bytes));
      await payload.discard();
    });

    it('takes pieces larger than any buffer, and many without a drain', async () => {
      const bytes = randomBytes(6 * 1024 * 1024);
      const sink = createStore().createSink();
      for (const part of [bytes.subarray(0, 3_000_000), bytes.subarray(3_000_000)]) {
        sink.reserve(part.length).set(part);
        sink.commit(part.length);
      }
      expect(hash(await readPayload(await sink.finish()))).toBe(hash(bytes));
    });

    it('counts only what was committed', async () => {
      const sink = createStore().createSink();
      sink.reserve(100_000);
      sink.reserve(10).write('abc', 'latin1');
      sink.commit(2);
      sink.reserve(1).write('!', 'latin1');
      sink.commit(1);
      expect(String(await readPayload(await sink.finish()))).toBe('ab!');
    });

    it('does not give back what was discarded; discarding twice is harmless', async () => {
      const sink = createStore().createSink();
      await fill(sink, Buffer.from('gone'), [4]);
      const payload = await sink.finish();
      await payload.discard();
      await payload.discard();
      await expect(readPayload(payload)).rejects.toThrow();
    });

    it('can be empty', async () => {
      const payload = await createStore().createSink().finish();
      expect(payload.size).toBe(0);
      expect(await readPayload(payload)).toHaveLength(0);
    });
  });
}
