/** What a job keeps of its wish: the turn that it goes on from, and the words that people read. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import type { JobRow } from '../../../src/core/job/job-row.ts';
import type { PictureRequest } from '../../../src/core/types.ts';
import { createWorld as createConversationWorld } from '../conversation/world.ts';
import { createWorld, type Painting, pictureOf, requestOf } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const overloaded = new EaselError('overloaded');

type World = ReturnType<typeof createWorld>;

async function ask(world: World, changes: Parameters<typeof requestOf>[1]) {
  await world.engine.submit(requestOf('fake:ada', changes));
  await settle();
  const painting = world.paintings.at(-1);
  if (painting === undefined) throw new Error('nothing is painted');
  return painting;
}

async function finish(world: World, changes: Parameters<typeof requestOf>[1]): Promise<string> {
  (await ask(world, changes)).finish();
  await settle();
  return [...world.disk.turns.keys()].at(-1) ?? '';
}

const endedRow = ({ disk }: World): JobRow => disk.rows('jobs-ended').at(-1);

describe('a wish that goes on where its person is', () => {
  it('goes on from the same turn when it is tried again, wherever they are by then', async () => {
    const world = createWorld();
    const fox = await finish(world, { prompt: 'a fox' });
    const first = await ask(world, { prompt: 'make it night', origin: 'branch' });
    expect(first.wish.parent?.id).toBe(fox);
    first.fail(overloaded);
    await settle();
    const { request } = endedRow(world);
    expect(request.origin).toEqual({ turn: fox });
    await finish(world, { prompt: 'a cat' });
    const second = await ask(world, { ...request, id: 'again' });
    expect(second.wish.parent?.id).toBe(fox);
  });

  it('begins anew again where it began anew', async () => {
    const world = createWorld();
    const first = await ask(world, { origin: 'branch' });
    first.fail(overloaded);
    await settle();
    const { request } = endedRow(world);
    await finish(world, { prompt: 'a cat' });
    const second = await ask(world, { ...request, id: 'again' });
    expect([request.origin, second.wish.parent]).toEqual(['new', undefined]);
  });

  it('is known by its turn from before the request leaves, whatever becomes of the process', async () => {
    const world = createWorld();
    const fox = await finish(world, { prompt: 'a fox' });
    await ask(world, { prompt: 'make it night', origin: 'branch' });
    const [row]: JobRow[] = world.disk.rows('jobs');
    expect(row).toMatchObject({ state: 'generating', request: { origin: { turn: fox } } });
  });
});

describe('a wish behind one that is at work', () => {
  const attachments = [{ platform: 'fake', id: 'photo' }];
  const load = vi.fn(async () => new Uint8Array(1));
  const behind = { prompt: 'and a moon', origin: 'branch' as const };

  /** Ada has a fox, and asks for a change of her photo, then for more. */
  async function begin(first: Partial<PictureRequest> = { attachments }) {
    const world = createWorld({ platform: { load } });
    const fox = await finish(world, { prompt: 'a fox' });
    const painting = await ask(world, first);
    await ask(world, behind);
    return { world, fox, painting };
  }
  const last = ({ paintings }: World) => paintings.at(-1)?.wish;

  it('means the pictures of the one that fails, and not those from before it', async () => {
    const { world, painting } = await begin();
    expect(world.paintings).toHaveLength(2);
    painting.fail(overloaded);
    await settle();
    expect(last(world)).toMatchObject({ prompt: 'and a moon', inputs: [{ hash: 'input-0' }] });
    expect(last(world)?.parent).toBeUndefined();
  });

  it('is counted like one that loads them itself, should they bring the process down', async () => {
    const { world, painting } = await begin();
    load.mockReturnValueOnce(new Promise(() => {}));
    painting.fail(overloaded);
    await settle();
    const [row]: JobRow[] = world.disk.rows('jobs').filter(({ state }) => state === 'queued');
    expect(row).toMatchObject({ starts: 1, request: { prompt: 'and a moon', attachments } });
  });

  it('means them through any number that fail', async () => {
    const { world, painting } = await begin();
    await ask(world, { ...behind, prompt: 'and stars' });
    painting.fail(overloaded);
    await settle();
    world.paintings.at(-1)?.fail(overloaded);
    await settle();
    expect(last(world)).toMatchObject({ prompt: 'and stars', inputs: [{ hash: 'input-0' }] });
  });

  it('means none of them when its person has started over in between', async () => {
    const world = createWorld({ platform: { load } });
    const painting = await ask(world, { attachments });
    const { chat, person } = requestOf('fake:ada');
    vi.advanceTimersByTime(1);
    await world.conversations.leave({ chat, personId: person.id });
    await ask(world, behind);
    painting.fail(overloaded);
    await settle();
    expect(last(world)).toMatchObject({ prompt: 'and a moon', inputs: [] });
  });

  it('goes on from what is painted', async () => {
    const { world, painting } = await begin();
    painting.finish();
    await settle();
    expect(last(world)).toMatchObject({ parent: { inputs: [{ hash: 'input-0' }] }, inputs: [] });
  });

  it('keeps pictures that are stored already, as those of a button', async () => {
    const inputs = [
      { hash: 'kept', mediaType: 'image/png' as const, width: 1, height: 1, bytes: 1 },
    ];
    const { world, painting } = await begin({ inputs });
    painting.fail(overloaded);
    await settle();
    expect(last(world)).toMatchObject({ prompt: 'and a moon', inputs });
  });

  it.each<[string, Partial<PictureRequest>]>([
    ['another person’s', { person: { id: 'fake:bob' }, attachments }],
    ['that of another chat', { chat: 'fake:other', attachments }],
    ['one that had no pictures', {}],
  ])('has nothing to do with %s', async (_which, first) => {
    const { world, fox, painting } = await begin(first);
    painting.fail(overloaded);
    await settle();
    expect(last(world)).toMatchObject({ prompt: 'and a moon', parent: { id: fox }, inputs: [] });
  });
});

describe('words for people', () => {
  it.each([
    ['their own, where the model is told something else', { description: '一只狐狸' }, '一只狐狸'],
    ['the prompt', {}, 'Make a variation'],
  ])('are %s', async (_which, some, description) => {
    const deliver = vi.fn(async () => []);
    const world = createWorld({ platform: { deliver } });
    const painting = await ask(world, { prompt: 'Make a variation', ...some });
    expect(painting.wish.prompt).toBe('Make a variation');
    painting.finish();
    await settle();
    const target = expect.anything();
    expect(deliver).toHaveBeenCalledWith(target, expect.objectContaining({ description }));
    const [turn] = world.disk.turns.values();
    expect(turn).toMatchObject({ prompt: 'Make a variation', ...some });
  });
});

describe('an answer to what is said of a wish', () => {
  const attachments = [{ platform: 'fake', id: 'photo' }];
  const load = async () => new Uint8Array(1);
  const sent = { attachments, personId: 'fake:ada' };
  const { path: _path, ...kept } = pictureOf('kept');
  const inputs = [kept];
  const fail = (painting: Painting) => painting.fail(overloaded);
  const describe = (painting: Painting) => painting.finish({ text: 'A fox.' });

  it.each<[string, Partial<PictureRequest>, (painting: Painting) => void, object | undefined]>([
    ['the pictures that could not be changed', { attachments }, fail, sent],
    ['the pictures that a button brought', { inputs }, fail, { ...sent, attachments: [], inputs }],
    ['the pictures that are described', { attachments, kind: 'words' }, describe, sent],
    ['the turn where its person was', { origin: 'branch' }, fail, { turn: expect.any(String) }],
    ['nothing where there was nothing', {}, fail, undefined],
  ])('means %s', async (_what, changes, end, place) => {
    const world = createWorld({ platform: { load } });
    await finish(world, {});
    end(await ask(world, changes));
    await settle();
    const { id } = world.seen.messages.at(-1) ?? {};
    expect(world.disk.links.get(`fake:chat:${id}`)).toEqual(place);
  });
});

it('a job that is stopped while its pictures are made ready does not go on with them', async () => {
  const stopped = Promise.withResolvers<unknown>();
  const world = createWorld({
    conversations: {
      ...createConversationWorld().conversations,
      compose: (_wish, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped.resolve(signal.reason);
            reject(signal.reason);
          });
        }),
    },
  });
  await world.engine.submit(requestOf());
  await settle();
  expect(world.engine.cancelAll('fake:ada')).toBe(1);
  expect(await stopped.promise).toMatchObject({ code: 'cancelled' });
  await settle();
  expect([world.texts(), world.paintings]).toEqual([['Cancelled.'], []]);
});
