import { beforeEach, describe, expect, it } from 'vitest';
import type { Wish } from '../../../src/core/conversation/conversations.ts';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import { EaselError } from '../../../src/core/errors.ts';
import {
  compose as composeIn,
  createWorld,
  inBrief,
  picture,
  saveLine,
  turn,
  type World,
} from './world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const compose = (wish: Partial<Wish>) =>
  composeIn(world, { prompt: 'add a hat', inputs: [], options: {}, ...wish });
const collapsed = async (wish: Partial<Wish>) => inBrief((await compose(wish)).messages);

describe('a wish of its own', () => {
  it('is its pictures, then its words, with its options', async () => {
    const inputs = [picture('a', { bytes: 1 }), picture('b', { bytes: 2 })];
    const options = { aspectRatio: '16:9' as const };
    const request = await compose({ inputs, options });
    expect(inBrief(request.messages)).toEqual(['user: 1 | 2 | add a hat']);
    expect(request).toEqual({ messages: request.messages, options });
  });

  it('says nothing beside its pictures when it has no words', async () => {
    expect(await collapsed({ prompt: '', inputs: [picture('a', { bytes: 1 })] })).toEqual([
      'user: 1',
    ]);
  });

  it('whose picture is gone cannot be had', async () => {
    world.gone.add('a');
    const inputs = [picture('a'), picture('b')];
    await expect(compose({ inputs })).rejects.toMatchObject({ code: 'attachment-gone' });
  });

  it.each<[string, Parameters<typeof picture>[1], number]>([
    ['a JPEG', { bytes: 3_000_000 }, 3_000_000],
    ['a small PNG', { mediaType: 'image/png', bytes: 1_000_000 }, 1_000_000],
    ['a large PNG', { mediaType: 'image/png', bytes: 1_000_001 }, 900_000],
    ['a long JPEG', { width: 12_288, bytes: 50_000 }, 900_000],
    ['a WebP', { mediaType: 'image/webp', bytes: 50_000 }, 900_000],
  ])('%s (%j) goes with %i bytes', async (_name, shape, bytes) => {
    const inputs = [picture('a', shape)];
    expect(await collapsed({ inputs })).toEqual([`user: ${bytes} | add a hat`]);
  });
});

describe('a path in one turn', () => {
  const pictures = [1, 2, 3].map((bytes) => picture(`made-${bytes}`, { bytes }));

  async function line(changes: Partial<Turn> = {}): Promise<Turn> {
    const asked = (prompt: string) => turn(prompt, { prompt });
    return saveLine(
      world,
      asked('a fox'),
      asked('at\n night'),
      turn('snow', { pictures, ...changes }),
    );
  }

  it('is the last pictures, the new ones, and all words in order', async () => {
    const inputs = [picture('hat', { bytes: 9 })];
    expect(await collapsed({ parent: await line(), inputs })).toEqual([
      'user: 1 | 2 | 3 | 9 | So far I asked for:\n1. a fox\n2. at night\n3. snow prompt\n\nNow: add a hat',
    ]);
  });

  it('has only the picture that is meant', async () => {
    const [message] = (await collapsed({ parent: await line(), chosen: 1 })) ?? [];
    expect(message).toMatch(/^user: 2 \| So far/);
  });

  it('leaves out a picture that is lost', async () => {
    world.gone.add('made-2');
    const [message] = (await collapsed({ parent: await line() })) ?? [];
    expect(message).toMatch(/^user: 1 \| 3 \| So far/);
  });

  it('ends where none is left', async () => {
    for (const { hash } of pictures) world.gone.add(hash);
    const parent = await line();
    await expect(compose({ parent })).rejects.toMatchObject({ code: 'attachment-gone' });
    world.gone.delete('made-1');
    await expect(compose({ parent, chosen: 1 })).rejects.toMatchObject({ code: 'attachment-gone' });
  });

  it('begins behind a turn that is lost', async () => {
    const parent = turn('late', { parent: 'forgotten' });
    const [message] = (await collapsed({ parent })) ?? [];
    expect(message).toMatch(/So far I asked for:\n1\. late prompt\n\nNow: add a hat$/);
  });

  it('goes back fifty turns', async () => {
    const many = Array.from({ length: 60 }, (_, at) => turn(`${at}`, { prompt: `wish ${at}` }));
    const [message = ''] = (await collapsed({ parent: await saveLine(world, ...many) })) ?? [];
    expect(message).toContain('\n1. wish 10\n');
    expect(message).toContain('\n50. wish 59\n');
  });

  it('is nothing but pictures and the prompt where only words are asked for', async () => {
    const request = await compose({ parent: await line(), textOnly: true, prompt: 'What is it?' });
    expect(inBrief(request.messages)).toEqual(['user: 1 | 2 | 3 | What is it?']);
    expect(request).toMatchObject({ textOnly: true });
    expect(request).not.toHaveProperty('replay');
  });
});

describe('a job that is stopped while its pictures are made ready', () => {
  const signal = AbortSignal.abort(new EaselError('cancelled'));
  const large = (hash: string) => picture(hash, { width: 4_000 });

  it('reads and shrinks no more of them', async () => {
    const stop = new AbortController();
    world.onRead = () => stop.abort(new EaselError('cancelled'));
    const inputs = [large('a'), large('b'), large('c')];
    const wish = { prompt: 'mix them', inputs, options: {} };
    const composing = world.conversations.compose(wish, { signal: stop.signal });
    await expect(composing).rejects.toMatchObject({ code: 'cancelled' });
    expect(world.read).toEqual(['a']);
    expect(world.shrunk).toBe(0);
  });

  it('is not sent its conversation told anew instead of replayed', async () => {
    const parent = await saveLine(world, turn('first'), turn('second'));
    const stop = new AbortController();
    world.onRead = () => {
      // Its parent's picture is read to be told anew, and once more for the replay.
      if (world.read.length === 2) stop.abort(new EaselError('cancelled'));
    };
    const wish = { prompt: 'more', inputs: [], parent, options: {} };
    const composing = world.conversations.compose(wish, { signal: stop.signal });
    await expect(composing).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('reads nothing when it was stopped before', async () => {
    const wish = { prompt: 'mix them', inputs: [large('a')], options: {} };
    const composing = world.conversations.compose(wish, { signal });
    await expect(composing).rejects.toMatchObject({ code: 'cancelled' });
    expect(world.read).toEqual([]);
  });
});
