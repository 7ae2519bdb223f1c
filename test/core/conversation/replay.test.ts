import { beforeEach, describe, expect, it } from 'vitest';
import type { Wish } from '../../../src/core/conversation/conversations.ts';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import type { StoredPicture } from '../../../src/core/types.ts';
import { compose, createWorld, inBrief, picture, saveLine, turn, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const made = (hash: string, bytes: number) => picture(hash, { bytes });
const several = (count: number, bytes = 1) =>
  Array.from({ length: count }, (_, at) => made(`several-${at}`, bytes));

async function replayOf(parent: Turn, wish: Partial<Wish> = {}) {
  const whole = { prompt: 'add a hat', inputs: [], parent, options: {}, ...wish };
  const request = await compose(world, whole);
  expect(request.messages).toHaveLength(1);
  return request.replay;
}

const replayed = async (...args: Parameters<typeof replayOf>) =>
  inBrief((await replayOf(...args))?.messages);

/** A fox, then the turn in question. */
const behindFox = (changes: Partial<Turn> = {}) =>
  saveLine(
    world,
    turn('fox', { inputs: [made('photo', 1)], pictures: [made('fox', 2)] }),
    turn('night', { pictures: [made('night', 3)], ...changes }),
  );

describe('a replay', () => {
  it('is every turn as it was, with its seals, then the wish', async () => {
    const replay = await replayOf(await behindFox(), { inputs: [made('hat', 4)] });
    expect(replay).toMatchObject({ provider: 'gateway', model: 'painter', dialect: 'gemini' });
    expect(inBrief(replay?.messages)).toEqual([
      'user: 1 | fox prompt',
      'model: fox words [fox seal] | 2',
      'user: night prompt',
      'model: night words [night seal] | 3',
      'user: 4 | add a hat',
    ]);
  });

  it('has the model’s own bytes, and long seals from their files', async () => {
    const png = picture('png', { mediaType: 'image/png', bytes: 5_000_000, width: 4_096 });
    const signature = world.addSeal('seal', 448_212);
    const parts = [{ type: 'image' as const, picture: png, signature }];
    expect(await replayed(turn('one', { pictures: [png], parts }))).toEqual([
      'user: one prompt',
      'model: 5000000 [448212]',
      'user: add a hat',
    ]);
  });

  it.each<[string, Partial<Turn>]>([
    ['another dialect', { dialect: 'openai-chat' }],
    ['another provider', { provider: 'other' }],
    ['another model', { model: 'other' }],
    ['a turn without parts', { parts: [] }],
  ])('is none behind %s', async (_name, changes) => {
    expect(await replayOf(await behindFox(changes))).toBeUndefined();
    const last = await behindFox();
    const { parent: _parent, ...first } = { ...turn('fox'), ...changes };
    await world.conversations.save({ ...first, id: 'first' });
    expect(await replayOf({ ...last, parent: 'first' })).toBeUndefined();
  });

  it('is none for another model than the path’s', async () => {
    const parent = await behindFox();
    expect(await replayOf(parent, { options: { model: 'other' } })).toBeUndefined();
    expect(await replayOf(parent, { options: { model: 'painter' } })).toBeDefined();
  });

  it.each<[string, StoredPicture[], number | undefined, boolean]>([
    ['no picture is meant', several(2), undefined, true],
    ['the only one is meant', several(1), 0, true],
    ['one of several is meant', several(2), 1, false],
  ])('where %s', async (_name, pictures, chosen, isReplayed) => {
    const meant = chosen === undefined ? {} : { chosen };
    const last = turn('several', { pictures });
    expect((await replayOf(last, meant)) !== undefined).toBe(isReplayed);
    const next = await saveLine(world, last, turn('next', meant));
    expect((await replayOf(next)) !== undefined).toBe(isReplayed);
  });

  it.each(['photo', 'fox', 'night'])('is none when %s is gone', async (hash) => {
    const parent = await behindFox();
    world.gone.add(hash);
    const request = replayOf(parent);
    if (hash === 'night') await expect(request).rejects.toMatchObject({ code: 'attachment-gone' });
    else expect(await request).toBeUndefined();
  });

  it('is none when a seal is gone', async () => {
    const signature = world.addSeal('seal', 9);
    world.gone.add('seal');
    const parts = [{ type: 'text' as const, text: 'a', signature }];
    expect(await replayOf(turn('one', { parts }))).toBeUndefined();
  });
});

describe('what a replay leaves out', () => {
  it.each<[string, number, number, string[]]>([
    ['nothing for 14 pictures', 6, 7, ['first', 'second', 'now']],
    ['the oldest exchange for 15', 7, 7, ['second', 'now']],
    ['the oldest exchange, however small', 1, 13, ['second', 'now']],
  ])('%s (%i, %i and a new one)', async (_name, first, second, expected) => {
    const parent = await saveLine(
      world,
      turn('first', { pictures: several(first) }),
      turn('second', { pictures: several(second) }),
    );
    const messages = await replayed(parent, { prompt: 'now prompt', inputs: [made('hat', 1)] });
    const users = messages?.filter((message) => message.startsWith('user'));
    expect(users?.map((message) => /(\w+) prompt/.exec(message)?.[1])).toEqual(expected);
  });

  it.each<[string, number, number, number]>([
    ['nothing for what fits', 5_000_000, 5_000_000, 5],
    ['the oldest for pictures that are too large together', 7_000_000, 6_000_000, 3],
  ])('%s', async (_name, first, second, messages) => {
    const seal = world.addSeal('seal', 2_000_000);
    const sealed = (id: string, bytes: number) => {
      const one = made(id, bytes);
      const parts = [{ type: 'image' as const, picture: one, signature: seal }];
      return turn(id, { pictures: [one], parts });
    };
    const parent = await saveLine(world, sealed('first', first), sealed('second', second));
    expect(await replayed(parent)).toHaveLength(messages);
  });

  it.each<[string, StoredPicture[], Partial<Wish>]>([
    ['14 pictures and a new one', several(14), { inputs: [made('hat', 1)] }],
    ['pictures beyond 14.5 MB', several(3, 5_000_000), {}],
    ['a picture beyond 7 MB', several(1, 7_000_001), {}],
  ])('is all of it, for %s', async (_name, pictures, wish) => {
    expect(await replayOf(turn('last', { pictures }), wish)).toBeUndefined();
  });
});
