import { describe, expect, it } from 'vitest';
import { createQuota } from '../../../src/core/job/quota.ts';
import { createDisk } from './world.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const LIMIT = { code: 'daily-limit' };

function open(dailyImagesPerUser: number, { admins = [] as string[], disk = createDisk() } = {}) {
  const clock = { now: NOON };
  const options = { store: disk.store, admins, dailyImagesPerUser };
  const quota = createQuota(options, () => clock.now);
  let jobs = 0;
  const entry = (pictures: number, personId = 'fake:ada') => {
    jobs += 1;
    return { personId, jobId: `job-${jobs}`, createdAt: clock.now, pictures };
  };
  const take = async (pictures: number, personId?: string) => {
    const taken = entry(pictures, personId);
    await quota.reserve(taken);
    return taken;
  };
  const left = async (personId?: string) => {
    let count = 0;
    while (count < 20 && (await take(1, personId).catch(() => undefined)) !== undefined) count += 1;
    return count;
  };
  return { clock, quota, take, left, disk };
}

describe('the pictures of a day', () => {
  it('end, for each person apart', async () => {
    const { take, left, quota } = open(3);
    await take(2);
    await expect(take(2)).rejects.toMatchObject(LIMIT);
    expect(await quota.usedToday('fake:ada')).toBe(2);
    expect([await left(), await left('fake:bob')]).toEqual([1, 3]);
  });

  it('end for requests that come at once', async () => {
    const { take, quota } = open(3);
    const taken = await Promise.allSettled([1, 1, 1, 1, 1].map((count) => take(count)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await quota.usedToday('fake:ada')).toBe(3);
  });

  it.each([
    ['nothing was delivered', 0, 3],
    ['less was delivered', 1, 2],
    ['all was delivered', 2, 1],
    ['more was delivered', 3, 0],
  ])('are settled when %s, and twice is once', async (_name, pictures, expected) => {
    const { quota, take, left } = open(3);
    const taken = await take(2);
    for (let at = 0; at < 2; at += 1) await quota.settle({ ...taken, pictures });
    expect(await left()).toBe(expected);
  });

  it('have no end without a limit, nor for admins, and are counted all the same', async () => {
    const free = open(0);
    expect(await free.left()).toBe(20);
    expect(await free.quota.usedToday('fake:ada')).toBe(20);
    expect(await open(1, { admins: ['fake:ada'] }).left()).toBe(20);
  });

  it('outlive the process', async () => {
    const before = open(3);
    await before.take(2);
    expect(await open(3, { disk: before.disk }).quota.usedToday('fake:ada')).toBe(2);
  });

  it('do not say whose they are', async () => {
    const { take, disk } = open(3);
    await take(1);
    expect(JSON.stringify(disk.rows('quota'))).not.toContain('ada');
  });

  it('are new with the UTC day', async () => {
    const { clock, left } = open(2);
    expect(await left()).toBe(2);
    clock.now = Date.UTC(2026, 0, 5, 23, 59, 59, 999);
    expect(await left()).toBe(0);
    clock.now += 1;
    expect(await left()).toBe(2);
  });

  it('are not given twice when a job of yesterday ends without a picture', async () => {
    const { clock, quota, take, left } = open(2);
    const taken = await take(2);
    clock.now += 24 * HOUR;
    await take(2);
    await quota.settle({ ...taken, pictures: 0 });
    expect(await left()).toBe(0);
  });

  it('are not given twice when the clock is set back over midnight', async () => {
    const { clock, take, left } = open(2);
    await take(2);
    clock.now = Date.UTC(2026, 0, 6, 1);
    await take(2);
    clock.now -= 2 * HOUR;
    expect(await left()).toBe(0);
    clock.now += 2 * HOUR;
    expect(await left()).toBe(0);
  });
});
