import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { EaselError } from '../errors.ts';
import type { Payload, PayloadSink, PayloadStore } from '../wire/types.ts';
import { createFilePlace } from './payload-file.ts';
import { createMemoryPlace } from './payload-memory.ts';

/** Where committed bytes are kept until the payload is discarded. */
export interface PayloadPlace {
  reserve(bytes: number): Buffer;
  commit(bytes: number): void;
  drain(): Promise<void> | undefined;
  finish(): Promise<Pick<Payload, 'open' | 'discard'>>;
}

export interface PayloadStoreOptions {
  /** For temporary files; freed of what earlier runs left behind. Untouched when none is made. */
  directory: string;
  /** A payload that outgrows this moves to a file; Infinity keeps all in memory, 0 nothing. */
  memoryBytes: number;
}

/**
 * Decoded bytes in memory while they are few, in a private file beyond that, at constant memory.
 * @throws EaselError `bad-config` when the directory cannot be made or read
 */
export function createPayloadStore({ directory, memoryBytes }: PayloadStoreOptions): PayloadStore {
  if (memoryBytes !== Number.POSITIVE_INFINITY) prepareDirectory(directory);
  return { createSink: () => createSink(directory, memoryBytes) };
}

const PREFIX = 'payload-';
/** What is written to is younger: another process (the command line, a bot that is being replaced) may be at work here. */
const STALE_MS = 3_600_000;

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    accessSync(directory, constants.W_OK);
    for (const name of readdirSync(directory)) {
      if (name.startsWith(PREFIX) && isStale(join(directory, name))) {
        rmSync(join(directory, name), { force: true });
      }
    }
  } catch (cause) {
    throw new EaselError('bad-config', { subject: 'DATA_DIR', cause });
  }
}

function isStale(path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  return file !== undefined && Date.now() - file.mtimeMs > STALE_MS;
}

// `Payload.head` holds up to 64 bytes.
const HEAD_BYTES = 64;

function createSink(directory: string, memoryBytes: number): PayloadSink {
  const memory = createMemoryPlace();
  const head = Buffer.alloc(HEAD_BYTES);
  let place: PayloadPlace = memory;
  let reserved: Buffer = head.subarray(0, 0);
  let size = 0;
  return {
    reserve(bytes) {
      if (place === memory && size + bytes > memoryBytes) {
        place = createFilePlace(join(directory, `${PREFIX}${randomUUID()}`), memory.take());
      }
      reserved = place.reserve(bytes);
      return reserved;
    },
    commit(bytes) {
      if (size < HEAD_BYTES) reserved.copy(head, size, 0, bytes);
      reserved = reserved.subarray(bytes);
      size += bytes;
      place.commit(bytes);
    },
    drain: () => place.drain(),
    finish: async () => ({
      size,
      head: head.subarray(0, Math.min(size, HEAD_BYTES)),
      ...(await place.finish()),
    }),
  };
}
