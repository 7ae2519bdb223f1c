import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../../../src/core/image/payload-store.ts';
import { fill, payloadStoreContract } from '../../contract/payload-store.contract.ts';
import { createFakePayloads, readPayload } from '../../fakes/payloads.ts';

const root = mkdtempSync(join(tmpdir(), 'easel-payload-'));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const newDirectory = () => join(root, `store-${++count}`);

for (const memoryBytes of [0, 700, 2_000_000, Number.POSITIVE_INFINITY]) {
  payloadStoreContract(`${memoryBytes} bytes in memory`, () =>
    createPayloadStore({ directory: newDirectory(), memoryBytes }),
  );
}

payloadStoreContract('the fake', createFakePayloads);

describe('payload files', () => {
  it('are private, unguessable, and go with the payload', async () => {
    const directory = newDirectory();
    const sink = createPayloadStore({ directory, memoryBytes: 10 }).createSink();
    await fill(sink, randomBytes(5_000), [500]);
    const payload = await sink.finish();
    const [name = '', ...others] = readdirSync(directory);
    expect(others).toEqual([]);
    expect(name).toMatch(/^payload-[0-9a-f-]{36}$/);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    await payload.discard();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('of an earlier run are removed; other files, and those of a process at work, are not', () => {
    const directory = newDirectory();
    createPayloadStore({ directory, memoryBytes: 0 });
    const hoursAgo = Date.now() / 1_000 - 7_200;
    for (const name of ['payload-1', 'payload-2', 'other']) {
      writeFileSync(join(directory, name), 'left');
      if (name !== 'payload-2') utimesSync(join(directory, name), hoursAgo, hoursAgo);
    }
    createPayloadStore({ directory, memoryBytes: 0 });
    expect(readdirSync(directory)).toEqual(['other', 'payload-2']);
  });

  it('are not made for small payloads, nor any directory when all is kept in memory', async () => {
    const directory = newDirectory();
    const small = createPayloadStore({ directory, memoryBytes: 1_000 }).createSink();
    await fill(small, randomBytes(1_000), [100]);
    await small.finish();
    expect(readdirSync(directory)).toEqual([]);

    const unused = newDirectory();
    const sink = createPayloadStore({ directory: unused, memoryBytes: Infinity }).createSink();
    await fill(sink, randomBytes(100_000), [1_000]);
    expect(await readPayload(await sink.finish())).toHaveLength(100_000);
    expect(existsSync(unused)).toBe(false);
  });

  it('that cannot be written fail the payload by a closed code', async () => {
    const directory = newDirectory();
    const store = createPayloadStore({ directory, memoryBytes: 0 });
    rmSync(directory, { recursive: true });
    const sink = store.createSink();
    sink.reserve(3).write('abc');
    sink.commit(3);
    await expect(sink.finish()).rejects.toMatchObject({ code: 'internal' });
  });

  it('make the decoder wait for the disk, and two buffers are then enough', async () => {
    const sink = createPayloadStore({ directory: newDirectory(), memoryBytes: 0 }).createSink();
    const buffers = new Set<ArrayBufferLike>();
    let waits = 0;
    for (let turn = 0; turn < 400; turn += 1) {
      buffers.add(sink.reserve(49_152).buffer);
      sink.commit(49_152);
      const drained = sink.drain();
      if (drained !== undefined) waits += 1;
      await drained;
    }
    const payload = await sink.finish();
    expect(payload.size).toBe(400 * 49_152);
    expect(waits).toBeGreaterThan(0);
    expect(buffers.size).toBeLessThanOrEqual(3);
    await payload.discard();
  });
});
