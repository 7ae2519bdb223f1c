/** Where jobs are kept: those that have not ended apart from those that have, so that a start reads the former only. */
import { createHash } from 'node:crypto';
import type { Store } from '../store/store.ts';
import type { PictureRequest, StoredPicture } from '../types.ts';
import type { JobRow } from './job-row.ts';

export interface JobRows {
  /** Whether a request is one that was taken before. */
  isKnown(id: string): Promise<boolean>;
  find(id: string): Promise<JobRow | undefined>;
  /** Writes a job that has not ended. Durable when it resolves. */
  save(row: JobRow): Promise<void>;
  /** The job has ended, and its person knows. */
  file(row: JobRow): Promise<void>;
  unended(): Promise<JobRow[]>;
  /** Deletes what a person's jobs say, but not that they were; the pictures that they alone knew of. */
  forget(personId: string): Promise<StoredPicture[]>;
}

/** Platforms deliver an update again for a day at most (Bot API, getUpdates); and one more for clocks. */
const REDELIVERY_MS = 48 * 3_600_000;

/** `retentionMs`: for how long an ended job can be tried again; never shorter than updates are delivered again. */
export function createJobRows(store: Store, { retentionMs }: { retentionMs?: number }): JobRows {
  const ttl = retentionMs === undefined ? {} : { ttlMs: Math.max(retentionMs, REDELIVERY_MS) };
  const running = store.table<JobRow>('jobs');
  const ended = store.table<JobRow>('jobs-ended', ttl);
  const forgotten = store.table<true>('jobs-forgotten', { ttlMs: REDELIVERY_MS });

  const find = async (id: string) => (await running.get(id)) ?? ended.get(id);

  return {
    find,
    save: (row) => running.set(row.id, row),
    async isKnown(id) {
      return (await find(id)) !== undefined || (await forgotten.get(id)) !== undefined;
    },
    async file(row) {
      await ended.set(row.id, row);
      await running.delete(row.id);
    },
    async unended() {
      const rows: JobRow[] = [];
      for await (const [, row] of running.entries()) rows.push(row);
      return rows.sort((a, b) => a.createdAt - b.createdAt);
    },
    async forget(personId) {
      const pictures: StoredPicture[] = [];
      for (const table of [running, ended]) {
        for await (const [id, row] of table.entries()) {
          if (row.request.person.id !== personId) continue;
          pictures.push(...(row.loaded ?? []));
          await forgotten.set(id, true);
          await table.delete(id);
        }
      }
      return pictures;
    },
  };
}

/** 12 letters of base64url, 72 bits: short enough for buttons, and the same for the same request. */
export function jobIdOf({ id }: Pick<PictureRequest, 'id'>): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 12);
}
