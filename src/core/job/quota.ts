/** How many pictures each person has had on each day (UTC), in the store. */
import { createHash } from 'node:crypto';
import { EaselError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { createSerial } from './serial.ts';

export interface QuotaOptions {
  store: Store;
  /** Free of the limit. */
  admins: readonly string[];
  /** 0 for none. */
  dailyImagesPerUser: number;
}

/** Pictures of one job on the account of the day when it was made. */
export interface QuotaEntry {
  personId: string;
  jobId: string;
  /** Unix ms of the job's creation, which names the day for good, whatever the clock says later. */
  createdAt: number;
  pictures: number;
}

export interface Quota {
  /** Takes pictures from the day's account before they are made. @throws EaselError `daily-limit` */
  reserve(entry: QuotaEntry): Promise<void>;
  /** Puts what was delivered in place of what was reserved. */
  settle(entry: QuotaEntry): Promise<void>;
  usedToday(personId: string): Promise<number>;
}

/** By job, so that a crash between two steps, and the second try after it, count nothing twice. */
type Account = Record<string, number>;

/** Days are asked for while they last; a clock set back by less than this finds its account again. */
const KEPT_MS = 3 * 86_400_000;

export function createQuota(
  { store, admins, dailyImagesPerUser: limit }: QuotaOptions,
  now: () => number = Date.now,
): Quota {
  const accounts = store.table<Account>('quota', { ttlMs: KEPT_MS });
  const inTurn = createSerial();

  function write(entry: QuotaEntry, maxPictures: number): Promise<void> {
    const key = keyOf(entry.personId, entry.createdAt);
    return inTurn(key, async () => {
      const { [entry.jobId]: _before, ...others } = (await accounts.get(key)) ?? {};
      if (sum(others) + entry.pictures > maxPictures) throw new EaselError('daily-limit');
      await accounts.set(key, { ...others, [entry.jobId]: entry.pictures });
    });
  }

  return {
    reserve(entry) {
      const isFree = limit === 0 || admins.includes(entry.personId);
      return write(entry, isFree ? Number.POSITIVE_INFINITY : limit);
    },
    settle: (entry) => write(entry, Number.POSITIVE_INFINITY),
    async usedToday(personId) {
      return sum((await accounts.get(keyOf(personId, now()))) ?? {});
    },
  };
}

/** The account outlives `/forget`, which would give a day's pictures anew; so it does not say whose it is. */
function keyOf(personId: string, time: number): string {
  const day = new Date(time).toISOString().slice(0, 10);
  return `${day}|${createHash('sha256').update(personId).digest('base64url').slice(0, 16)}`;
}

function sum(account: Account): number {
  return Object.values(account).reduce((total, pictures) => total + pictures, 0);
}
