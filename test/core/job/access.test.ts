import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../src/core/job/access.ts';

const OPEN = { users: [], chats: [], admins: [], dailyImagesPerUser: 0 };
const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const LIMIT = { code: 'daily-limit' };

describe('who may ask', () => {
  it.each([
    ['everyone where nobody is listed', {}, true],
    ['a listed person', { users: ['fake:ada'] }, true],
    ['a listed chat', { chats: ['fake:club'] }, true],
    ['an admin, though others are listed', { users: ['fake:bob'], admins: ['fake:ada'] }, true],
    ['everyone where only admins are listed', { admins: ['fake:bob'] }, true],
    ['nobody else in a list of persons', { users: ['fake:bob'] }, false],
    ['nobody else in a list of chats', { chats: ['fake:other'] }, false],
    ['nobody with the same id on another platform', { users: ['other:ada'] }, false],
  ])('%s', (_name, lists, allowed) => {
    const access = createAccess({ ...OPEN, ...lists });
    const check = () => access.check({ person: { id: 'fake:ada' }, chat: 'fake:club' });
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'access-denied' }));
  });
});

describe('the pictures of a day', () => {
  function open(dailyImagesPerUser: number, admins: string[] = []) {
    const clock = { now: NOON };
    const access = createAccess({ ...OPEN, admins, dailyImagesPerUser }, () => clock.now);
    const take = (count: number, person = 'fake:ada') => access.reserve(person, count);
    const left = (person?: string) => {
      let count = 0;
      while (count < 20) {
        try {
          take(1, person);
        } catch {
          return count;
        }
        count += 1;
      }
      return count;
    };
    return { clock, take, left };
  }

  it('end, for each person apart', () => {
    const { take, left } = open(3);
    take(2);
    expect(() => take(2)).toThrow(expect.objectContaining(LIMIT));
    expect([left(), left('fake:bob')]).toEqual([1, 3]);
  });

  it.each([
    ['nothing was delivered', 0, 3],
    ['less was delivered', 1, 2],
    ['all was delivered', 2, 1],
    ['more was delivered', 3, 0],
  ])('are settled when %s', (_name, delivered, expected) => {
    const { take, left } = open(3);
    take(2)(delivered);
    expect(left()).toBe(expected);
  });

  it('have no end without a limit, nor for admins', () => {
    expect(open(0).left()).toBe(20);
    expect(open(1, ['fake:ada']).left()).toBe(20);
  });

  it('are new with the UTC day', () => {
    const { clock, left } = open(2);
    expect(left()).toBe(2);
    clock.now = Date.UTC(2026, 0, 5, 23, 59, 59, 999);
    expect(left()).toBe(0);
    clock.now += 1;
    expect(left()).toBe(2);
  });

  it('are not given twice when a job of yesterday ends without a picture', () => {
    const { clock, take, left } = open(2);
    const settle = take(2);
    clock.now += 24 * HOUR;
    take(2);
    settle(0);
    expect(left()).toBe(0);
  });

  it('are not given twice when the clock is set back over midnight', () => {
    const { clock, take, left } = open(2);
    clock.now = Date.UTC(2026, 0, 6, 1);
    take(2);
    clock.now -= 2 * HOUR;
    expect(left()).toBe(0);
    clock.now += 2 * HOUR;
    expect(left()).toBe(0);
  });
});
