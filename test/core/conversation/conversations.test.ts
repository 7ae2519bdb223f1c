import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ADA, CHAT, createWorld, picture, saveLine, turn, type World } from './world.ts';

const HERE = { chat: CHAT, personId: ADA };
const BOB = { chat: CHAT, personId: 'fake:bob' };
const ELSEWHERE = { chat: 'fake:other', personId: ADA };

let world: World;
beforeEach(() => {
  world = createWorld();
});

describe('where a person is', () => {
  const place = async (where = HERE) =>
    (await world.conversations.parentOf('branch', where))?.parent.id;

  it('is the turn that was saved last, in that chat', async () => {
    expect(await place()).toBeUndefined();
    await saveLine(world, turn('first'), turn('second'));
    expect(await place()).toBe('second');
    expect([await place(BOB), await place(ELSEWHERE)]).toEqual([undefined, undefined]);
  });

  it('is nowhere after leaving, until a turn that was asked for later', async () => {
    await saveLine(world, turn('first'));
    await world.conversations.leave(HERE);
    expect(await place()).toBeUndefined();
    const leftAt = (await world.conversations.leftAt(HERE)) ?? 0;
    await saveLine(world, turn('still painted', { createdAt: leftAt - 1 }));
    expect(await place()).toBeUndefined();
    await saveLine(world, turn('second', { createdAt: leftAt }));
    expect(await place()).toBe('second');
    await saveLine(world, turn('slow', { createdAt: leftAt - 1 }));
    expect(await place()).toBe('second');
  });

  it('does not change when a turn is saved again', async () => {
    await saveLine(world, turn('first'), turn('second'));
    await world.conversations.save(turn('first', { prompt: 'changed' }));
    expect(await place()).toBe('second');
    expect(await world.conversations.find('first')).toEqual(turn('first'));
    await world.conversations.leave(HERE);
    await world.conversations.save(turn('second'));
    expect(await place()).toBeUndefined();
  });
});

describe('the turn that an origin means', () => {
  beforeEach(async () => {
    const pictures = [picture('a'), picture('b')];
    await saveLine(world, turn('several', { pictures }), turn('last'));
  });

  it.each([
    ['new', undefined],
    ['branch', { parent: 'last' }],
    [{ turn: 'several' }, { parent: 'several' }],
    [
      { turn: 'several', picture: 1 },
      { parent: 'several', chosen: 1 },
    ],
    [{ turn: 'several', picture: 2 }, { parent: 'several' }],
    [{ turn: 'nothing' }, undefined],
  ] as const)('%j', async (origin, expected) => {
    const meant = await world.conversations.parentOf(origin, HERE);
    expect(meant && { ...meant, parent: meant.parent.id }).toEqual(expected);
  });
});

it('keeps the files of a turn as long as the turn, however old they are', async () => {
  const seal = world.addSeal('seal', 9);
  const made = picture('made');
  const parts = [{ type: 'image' as const, picture: made, signature: seal }];
  const whole = turn('turn', { inputs: [picture('input')], pictures: [made], parts });
  await world.conversations.save(whole);
  expect(world.renewed).toEqual(['input', 'made', 'seal']);
  await world.conversations.save(whole);
  expect(world.renewed).toHaveLength(3);
});

describe('a message', () => {
  it('stands for what it was linked to last', async () => {
    const { conversations } = world;
    const album = { attachments: [{ platform: 'fake', id: 'file' }], personId: ADA };
    await conversations.link('fake:chat:1', { turn: 'first', picture: 2 });
    await conversations.link('fake:chat:2', album);
    expect(await conversations.resolve('fake:chat:1')).toEqual({ turn: 'first', picture: 2 });
    expect(await conversations.resolve('fake:chat:2')).toEqual(album);
    await conversations.link('fake:chat:1', { turn: 'second' });
    expect(await conversations.resolve('fake:chat:1')).toEqual({ turn: 'second' });
    expect(await conversations.resolve('fake:chat:3')).toBeUndefined();
  });
});

describe('a group with a new id', () => {
  it('takes everybody’s place along, and nothing else', async () => {
    const { conversations } = world;
    await conversations.save(turn('ada'));
    await conversations.save(turn('bob', { personId: BOB.personId }));
    await conversations.save(turn('other', { chat: 'fake:chat2' }));
    await conversations.moveChat(CHAT, 'fake:new');
    const placeIn = async (chat: string, personId = ADA) =>
      (await conversations.parentOf('branch', { chat, personId }))?.parent.id;
    expect(await placeIn('fake:new')).toBe('ada');
    expect(await placeIn('fake:new', BOB.personId)).toBe('bob');
    expect(await placeIn('fake:chat2')).toBe('other');
  });

  it('counts its messages anew: none of them stands for what the same number was before', async () => {
    const { conversations } = world;
    await conversations.link('fake:chat:1', { turn: 'ada' });
    await conversations.moveChat(CHAT, 'fake:new');
    expect(await conversations.resolve('fake:new:1')).toBeUndefined();
  });

  it('is found by its old id too: by a job that was under way, and by buttons from before', async () => {
    const { conversations } = world;
    await conversations.save(turn('first'));
    await conversations.moveChat(CHAT, 'fake:new');
    const there = { chat: 'fake:new', personId: ADA };
    expect((await conversations.parentOf('branch', HERE))?.parent.id).toBe('first');
    await conversations.save(turn('second', { parent: 'first' }));
    expect((await conversations.parentOf('branch', there))?.parent.id).toBe('second');
    await conversations.leave(HERE);
    expect(await conversations.parentOf('branch', there)).toBeUndefined();
  });

  it('is forgotten with its people', async () => {
    const { conversations } = world;
    await conversations.save(turn('first'));
    await conversations.moveChat(CHAT, 'fake:new');
    await conversations.save(turn('second'));
    await conversations.forget(ADA);
    const there = { chat: 'fake:new', personId: ADA };
    expect(await conversations.find('second')).toBeUndefined();
    expect(await conversations.parentOf('branch', there)).toBeUndefined();
  });

  it('leaves those where they are who have begun there', async () => {
    const { conversations } = world;
    await conversations.save(turn('old'));
    await conversations.save(turn('young', { chat: 'fake:new' }));
    await conversations.moveChat(CHAT, 'fake:new');
    const place = await conversations.parentOf('branch', { chat: 'fake:new', personId: ADA });
    expect(place?.parent.id).toBe('young');
  });
});

describe('the retention', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    [1_000, 999, true],
    [1_000, 1_001, false],
    [undefined, 1e12, true],
  ])('of %s ms: after %i ms there is something: %s', async (retentionMs, passedMs, isThere) => {
    const { conversations } = createWorld(retentionMs === undefined ? {} : { retentionMs });
    await conversations.save(turn('turn'));
    await conversations.link('fake:chat:1', { turn: 'turn' });
    vi.setSystemTime(Date.now() + passedMs);
    expect((await conversations.find('turn')) !== undefined).toBe(isThere);
    expect((await conversations.parentOf('branch', HERE)) !== undefined).toBe(isThere);
    expect((await conversations.resolve('fake:chat:1')) !== undefined).toBe(isThere);
  });
});
