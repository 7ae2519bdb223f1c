import { beforeEach, describe, expect, it } from 'vitest';
import { ADA, CHAT, compose, createWorld, picture, turn, type World } from './world.ts';

const BOB = 'fake:bob';

let world: World;
beforeEach(async () => {
  world = createWorld();
  const { conversations } = world;
  const shared = picture('shared');
  const signature = world.addSeal('seal', 9);
  const parts = [{ type: 'image' as const, picture: shared, signature }];
  await conversations.save(turn('ada-1', { inputs: [picture('photo')] }));
  await conversations.save(turn('ada-2', { parent: 'ada-1', pictures: [shared], parts }));
  await conversations.save(
    turn('bob-1', { parent: 'ada-2', personId: BOB, inputs: [shared], chat: 'fake:group' }),
  );
  await conversations.link('fake:chat:1', { turn: 'ada-1' });
  await conversations.link('fake:group:2', { turn: 'bob-1' });
  await conversations.link('fake:group:3', { turn: 'ada-2', picture: 0 });
});

describe('forgetting a person', () => {
  it('leaves no turn, place or message of theirs', async () => {
    const { conversations } = world;
    await conversations.forget(ADA);
    expect(await conversations.find('ada-1')).toBeUndefined();
    expect(await conversations.find('ada-2')).toBeUndefined();
    expect(await conversations.parentOf('branch', { chat: CHAT, personId: ADA })).toBeUndefined();
    expect(await conversations.resolve('fake:chat:1')).toBeUndefined();
    expect(await conversations.resolve('fake:group:3')).toBeUndefined();
  });

  it('leaves no handle of what they sent, whoever’s chat it was sent to', async () => {
    const { conversations } = world;
    const attachments = [{ platform: 'fake', id: 'handle' }];
    await conversations.link('fake:group:4', { attachments, personId: ADA });
    await conversations.link('fake:group:5', { turn: 'bob-1', attachments, personId: ADA });
    await conversations.link('fake:group:6', { attachments, personId: BOB });
    await conversations.forget(ADA);
    expect(await conversations.resolve('fake:group:4')).toBeUndefined();
    expect(await conversations.resolve('fake:group:5')).toBeUndefined();
    expect(await conversations.resolve('fake:group:6')).toEqual({ attachments, personId: BOB });
  });

  it('deletes their pictures and seals, but those that others’ turns show', async () => {
    await world.conversations.forget(ADA);
    expect([...world.gone].sort()).toEqual(['ada-1-made', 'photo', 'seal']);
  });

  it('deletes pictures that came into no turn of theirs, but those that others’ turns show', async () => {
    await world.conversations.forget('fake:nobody', [picture('loaded'), picture('shared')]);
    expect([...world.gone]).toEqual(['loaded']);
  });

  it('leaves everybody else where they were, and able to go on', async () => {
    const { conversations } = world;
    await conversations.forget(ADA);
    const where = { chat: 'fake:group', personId: BOB };
    const place = await conversations.parentOf('branch', where);
    expect(place?.parent.id).toBe('bob-1');
    expect(await conversations.resolve('fake:group:2')).toEqual({ turn: 'bob-1' });
    if (place === undefined) throw new Error('no place');
    const wish = { prompt: 'more', inputs: [], ...place, options: {} };
    const { messages } = await compose(world, wish);
    expect(JSON.stringify(messages)).not.toContain('ada');
  });

  it('again, or of someone unknown, changes nothing', async () => {
    const { conversations } = world;
    await conversations.forget('fake:nobody');
    expect(await conversations.find('ada-1')).toBeDefined();
    await conversations.forget(ADA);
    world.gone.clear();
    await conversations.forget(ADA);
    expect([...world.gone]).toEqual([]);
    expect(await conversations.find('bob-1')).toBeDefined();
  });

  it('can be taken up where a crash ended it', async () => {
    const { conversations } = world;
    const stillThere = world.gone.add.bind(world.gone);
    let left = 1;
    world.gone.add = (name) => {
      if (left === 0) throw new Error('crash');
      left -= 1;
      return stillThere(name);
    };
    await expect(conversations.forget(ADA)).rejects.toThrow('crash');
    world.gone.add = stillThere;
    await conversations.forget(ADA);
    expect([...world.gone].sort()).toEqual(['ada-1-made', 'photo', 'seal']);
    expect(await conversations.find('ada-1')).toBeUndefined();
  });
});
