import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../src/core/job/access.ts';

const OPEN = { users: [], chats: [], admins: [], gated: [] };

describe('who may ask', () => {
  it.each([
    ['everyone where nobody is listed', {}, true],
    ['a listed person', { users: ['fake:ada'] }, true],
    ['a listed chat', { chats: ['fake:club'] }, true],
    ['a chat of a listed server', { chats: ['fake:house'] }, true],
    ['an admin, though others are listed', { users: ['fake:bob'], admins: ['fake:ada'] }, true],
    ['everyone where only admins are listed', { admins: ['fake:bob'] }, true],
    ['everyone on a platform with a gate', { users: ['fake:bob'], gated: ['fake'] }, true],
    ['nobody behind the gate of another', { users: ['fake:bob'], gated: ['fak'] }, false],
    ['nobody else in a list of persons', { users: ['fake:bob'] }, false],
    ['nobody else in a list of chats', { chats: ['fake:other'] }, false],
    ['nobody with the same id on another platform', { users: ['other:ada'] }, false],
  ])('%s', (_name, lists, allowed) => {
    const access = createAccess({ ...OPEN, ...lists });
    const check = () =>
      access.check({ person: { id: 'fake:ada' }, chat: 'fake:club', server: 'fake:house' });
    if (allowed) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'access-denied' }));
  });
});
