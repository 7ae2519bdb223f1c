import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import type { JobRow } from '../../../src/core/job/job-row.ts';
import type { Platform } from '../../../src/core/ports.ts';
import type { PictureRequest } from '../../../src/core/types.ts';
import { createDisk, createWorld, type Painting, picturesOf, requestOf } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const fail = () => Promise.reject(new EaselError('delivery-failed'));
const never = () => new Promise<never>(() => {});

type World = ReturnType<typeof createWorld>;
type Disk = ReturnType<typeof createDisk>;

/** The same chat and disk in the next process. */
function restart(before: World, overrides: Parameters<typeof createWorld>[0] = {}): World {
  const { platform, ...rest } = overrides;
  const chat: Partial<Platform> = { ...before.seen, ...platform };
  const world = createWorld({ ...rest, disk: before.disk, platform: chat });
  return { ...world, seen: before.seen, texts: before.texts };
}

const rowOf = (disk: Disk, table = 'jobs') => disk.rows(table)[0] as JobRow | undefined;
const INTERRUPTED =
  '⚠️ I had to stop for a restart before your picture was done.\n' +
  'It may have been charged, so I did not send it again. You can order a new one.';

describe('a process that is killed', () => {
  it('while a job waits: the next one paints it, in the same status message', async () => {
    const before = createWorld({ concurrency: 1 });
    await before.engine.submit(requestOf('fake:ada'));
    await before.engine.submit(requestOf('fake:bob', { prompt: 'a cat' }));
    await settle();
    const after = restart(before);
    await settle();
    expect(after.paintings.map(({ wish }) => wish.prompt)).toEqual(['a cat']);
    after.paintings[0]?.finish();
    await settle();
    expect(after.texts()).toEqual([INTERRUPTED, '']);
    expect(after.disk.rows('jobs')).toEqual([]);
  });

  it('while painting: told as interrupted, with a way to order anew, and nothing is sent', async () => {
    const before = createWorld();
    await before.engine.submit(requestOf());
    await settle();
    expect(rowOf(before.disk)?.state).toBe('generating');
    const after = restart(before);
    await settle();
    expect([after.texts(), after.paintings]).toEqual([[INTERRUPTED], []]);
    expect(after.seen.messages[0]?.buttons).toMatchObject([{ label: '🔁 Order a new one' }]);
    expect(rowOf(after.disk, 'jobs-ended')).toMatchObject({ state: 'interrupted' });
  });

  it('while delivering: the stored pictures are delivered, and nothing is paid again', async () => {
    const before = createWorld({ platform: { deliver: never } });
    await before.engine.submit(requestOf());
    await settle();
    before.paintings[0]?.finish({ pictures: picturesOf(2), text: 'Two foxes.' });
    await settle();
    expect(rowOf(before.disk)?.state).toBe('stored');
    before.disk.turns.clear();
    const after = restart(before, { platform: { deliver: before.seen.deliver } });
    await settle();
    expect(after.seen.messages).toMatchObject([
      { text: 'Two foxes.', pictures: ['hash-0', 'hash-1'] },
    ]);
    expect(after.paintings).toEqual([]);
    const [turn] = [...after.disk.turns.values()];
    expect([...after.disk.links.values()]).toEqual([
      { turn: turn?.id, picture: 0 },
      { turn: turn?.id, picture: 1 },
    ]);
    expect(rowOf(after.disk, 'jobs-ended')?.state).toBe('delivered');
  });

  it('before a failure was told: the next one tells it', async () => {
    const before = createWorld({ platform: { close: never } });
    await before.engine.submit(requestOf());
    await settle();
    before.paintings[0]?.fail(new EaselError('timeout', { billed: 'maybe' }));
    await settle();
    expect(rowOf(before.disk)?.state).toBe('unknown');
    const after = restart(before, { platform: { close: before.seen.close } });
    await settle();
    expect(after.texts()[0]).toContain('The gateway took too long.');
  });

  it('before anything was shown: the job runs once, though its update comes again', async () => {
    const request = requestOf();
    const before = createWorld({ platform: { showStatus: never } });
    void before.engine.submit(request);
    await settle();
    const after = restart(before, { platform: { showStatus: before.seen.showStatus } });
    await after.engine.submit(request);
    await settle();
    expect(after.paintings).toHaveLength(1);
    after.paintings[0]?.finish();
    await settle();
    await after.engine.submit(request);
    await settle();
    expect([after.paintings.length, after.seen.messages.length]).toEqual([1, 1]);
  });

  it('leaves a job alone whose platform is not connected any more', async () => {
    const before = createWorld();
    await before.engine.submit(requestOf());
    await settle();
    const [row] = before.disk.rows('jobs');
    row.request.target.platform = 'other';
    await before.disk.store.table('jobs').set(row.id, row);
    const after = restart(before);
    await settle();
    expect(after.texts()).toEqual(['🎨 On it…']);
    expect(after.disk.rows('jobs')).toHaveLength(1);
  });

  it.each([
    ['loads its picture', { load: never }, 'Something went wrong on my side.'],
    ['is delivered', { deliver: never }, 'Something went wrong on my side.'],
  ])('twice while a job %s: the job is put aside', async (_name, platform, text) => {
    const attachments = [{ platform: 'fake', id: '1' }];
    let world = createWorld({ platform: { load: async () => new Uint8Array(1), ...platform } });
    await world.engine.submit(requestOf('fake:ada', { attachments }));
    await settle();
    world.paintings[0]?.finish();
    await settle();
    const paid = world.paintings.length;
    for (let start = 2; start <= 3; start += 1) {
      world = restart(world, { platform });
      await settle();
    }
    expect(world.texts()[0]).toContain(text);
    expect(world.disk.rows('jobs')).toEqual([]);
    expect(world.paintings.length).toBe(0);
    expect(paid).toBeLessThanOrEqual(1);
  });

  it('by its own last word: the job is filed without one', async () => {
    let world = createWorld({ platform: { close: never } });
    await world.engine.submit(requestOf());
    await settle();
    world.paintings[0]?.fail(new EaselError('blocked'));
    await settle();
    for (let start = 2; start <= 3; start += 1) {
      world = restart(world, { platform: { close: never } });
      await settle();
    }
    expect([world.disk.rows('jobs').length, world.disk.rows('jobs-ended').length]).toEqual([0, 1]);
  });
});

it('a platform that connects again makes no job run twice', async () => {
  const world = createWorld();
  await world.engine.submit(requestOf());
  world.engine.connect('fake', world.seen);
  await settle();
  expect(world.paintings).toHaveLength(1);
});

describe('a platform that is away', () => {
  it('gets the pictures when it is back, paid once', async () => {
    let isAway = true;
    const world: World = createWorld({
      platform: { deliver: (...args) => (isAway ? fail() : world.seen.deliver(...args)) },
    });
    await world.engine.submit(requestOf());
    await settle();
    world.paintings[0]?.finish();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.texts()).toEqual(['📮 The picture is done; posting it…']);
    isAway = false;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(world.seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
    expect(world.paintings).toHaveLength(1);
  });

  it('holds up nobody else meanwhile', async () => {
    const world = createWorld({ concurrency: 1, userConcurrency: 1, platform: { deliver: fail } });
    await world.engine.submit(requestOf('fake:ada'));
    await settle();
    world.paintings[0]?.finish();
    await settle();
    await world.engine.submit(requestOf('fake:bob'));
    await settle();
    expect(world.paintings).toHaveLength(2);
  });

  it('for more than a day is given up, and the day gets its pictures back', async () => {
    const world = createWorld({ dailyImagesPerUser: 1, platform: { deliver: fail } });
    await world.engine.submit(requestOf());
    await settle();
    expect(await world.engine.imagesToday('fake:ada')).toBe(1);
    world.paintings[0]?.finish();
    await vi.advanceTimersByTimeAsync(25 * 3_600_000);
    expect(world.texts()[0]).toContain('I could not post it here');
    expect(rowOf(world.disk, 'jobs-ended')).toMatchObject({ state: 'failed' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not waited for when the process ends: the next one delivers', async () => {
    const before = createWorld({ platform: { deliver: fail } });
    await before.engine.submit(requestOf());
    await settle();
    before.paintings[0]?.finish();
    await settle();
    await before.engine.close(25_000);
    expect(rowOf(before.disk)?.state).toBe('stored');
    const after = restart(before, { platform: { deliver: before.seen.deliver } });
    await settle();
    expect(after.seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
  });
});

describe('a store that fails', () => {
  it('before anything is paid: nothing is sent, and that is said', async () => {
    const disk = createDisk();
    disk.broken.add('jobs').add('jobs-ended');
    const world = createWorld({ disk });
    await world.engine.submit(requestOf());
    await settle();
    expect(world.paintings).toEqual([]);
    expect(world.texts()).toEqual(['⚠️ Something went wrong on my side.\nPlease try again.']);
  });

  it('between the status and the request: nothing is sent', async () => {
    const disk = createDisk();
    const world: World = createWorld({
      disk,
      platform: {
        showStatus: (...args) => {
          disk.broken.add('jobs');
          return world.seen.showStatus(...args);
        },
      },
    });
    await world.engine.submit(requestOf());
    await settle();
    expect(world.paintings).toEqual([]);
    expect(world.texts()).toEqual(['⚠️ Something went wrong on my side.\nPlease try again.']);
  });

  it('once the picture is paid: it is delivered all the same', async () => {
    const disk = createDisk();
    const world = createWorld({ disk });
    await world.engine.submit(requestOf());
    await settle();
    for (const name of ['jobs', 'jobs-ended', 'quota']) disk.broken.add(name);
    world.paintings[0]?.finish();
    await settle();
    expect(world.seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
  });
});

describe('forgetting a person', () => {
  const attachments = [{ platform: 'fake', id: 'photo' }];

  it.each<[string, Partial<PictureRequest>, (painting: Painting) => void, string[]]>([
    ['a wish that failed', {}, (painting) => painting.fail(new Error('x')), ['input-7']],
    ['a description', { kind: 'words' }, (painting) => painting.finish({ text: 'x' }), ['input-7']],
    ['a wish at work', {}, () => {}, ['input-7']],
    ['a turn, which names it itself', {}, (painting) => painting.finish(), []],
  ])('gives the pictures that were loaded for %s', async (_what, changes, end, hashes) => {
    const world = createWorld({ platform: { load: async () => new Uint8Array([7]) } });
    for (const personId of ['fake:ada', 'fake:bob']) {
      await world.engine.submit(requestOf(personId, { attachments, ...changes }));
    }
    await settle();
    for (const painting of world.paintings) end(painting);
    await settle();
    const loaded = await world.engine.forget('fake:ada');
    expect(loaded.map(({ hash }) => hash)).toEqual(hashes);
    expect(await world.engine.forget('fake:ada')).toEqual([]);
  });

  it('stops their jobs and deletes what was said, and their updates still make no second job', async () => {
    const world = createWorld({ userConcurrency: 1, platform: { deliver: fail } });
    const request = requestOf('fake:ada', { prompt: 'canary' });
    await world.engine.submit(request);
    await world.engine.submit(requestOf('fake:ada', { prompt: 'canary' }));
    await world.engine.submit(requestOf('fake:bob'));
    await settle();
    world.paintings[0]?.finish();
    await settle();
    await world.engine.forget('fake:ada');
    const left = ['jobs', 'jobs-ended'].map((name) => JSON.stringify(world.disk.rows(name)));
    expect(left.join()).not.toMatch(/canary|fake:ada/);
    expect(left.join()).toContain('fake:bob');
    const paid = world.paintings.length;
    await world.engine.submit(request);
    await settle();
    expect(world.paintings).toHaveLength(paid);
    await world.engine.forget('fake:ada');
  });
});
