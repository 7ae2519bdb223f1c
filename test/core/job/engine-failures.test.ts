import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import type { Platform } from '../../../src/core/ports.ts';
import { createWorld, requestOf } from './world.ts';

type World = ReturnType<typeof createWorld>;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const ATTACHMENT = { platform: 'fake', id: 'file' };
const NOT_POSTED =
  '⚠️ The picture is done, but I could not post it here.\nThe picture may have been charged.';

async function failingWith(error: unknown, world: World = createWorld()): Promise<World> {
  await world.engine.submit(requestOf());
  await settle();
  world.paintings.at(-1)?.fail(error);
  await settle();
  return world;
}

/** The slot of a job that has ended is free, nothing ticks, and nothing is left to wait for. */
async function expectSoundness(world: World): Promise<void> {
  const before = world.paintings.length;
  await world.engine.submit(requestOf('fake:next'));
  await settle();
  expect(world.paintings).toHaveLength(before + 1);
  world.paintings.at(-1)?.finish();
  await settle();
  await world.engine.close(25_000);
  expect(vi.getTimerCount()).toBe(0);
}

describe('a failure', () => {
  it('of the provider takes the place of the status, in the words of its code', async () => {
    const error = new EaselError('connection-lost', { billed: 'maybe', provider: 'gateway' });
    const world = await failingWith(error, createWorld({ concurrency: 1 }));
    expect(world.texts()).toEqual([
      '⚠️ The connection broke after the gateway had the request.\n' +
        'It may have been charged, so I did not send it again. You can order a new one.',
    ]);
    await expectSoundness(world);
  });

  it('that nobody expected is told without its details', async () => {
    const world = await failingWith(new TypeError('<b>secret</b>'));
    expect(world.texts()).toEqual(['⚠️ Something went wrong on my side.\nPlease try again.']);
  });

  it.each([
    [
      'a file that is gone',
      { load: () => Promise.reject(new EaselError('attachment-gone')) },
      '⚠️ I could not load the picture; it may have been deleted.\nPlease send the picture again.',
    ],
    [
      'a file that is too large',
      { load: () => Promise.reject(new EaselError('attachment-too-large')) },
      '⚠️ This picture is too large for me: at most 1 MB and 36 megapixels.',
    ],
  ])('of %s is told before anything is paid', async (_name, platform, text) => {
    const world = createWorld({ platform });
    await world.engine.submit(requestOf('fake:ada', { attachments: [ATTACHMENT] }));
    await settle();
    expect([world.texts(), world.paintings]).toEqual([[text], []]);
  });

  it('of the normaliser is told in its words', async () => {
    const normaliser = {
      normalise: () => Promise.reject(new EaselError('attachment-unsupported')),
      close: async () => {},
    };
    const world = createWorld({
      normaliser,
      platform: { load: async () => new Uint8Array(1) },
    });
    await world.engine.submit(requestOf('fake:ada', { attachments: [ATTACHMENT] }));
    await settle();
    expect(world.texts()).toEqual([
      '⚠️ I cannot read this as a picture. JPEG, PNG, WebP, GIF, AVIF and HEIC work.',
    ]);
    await expectSoundness(world);
  });
});

describe('the operator', () => {
  const NO_CREDIT = new EaselError('quota', { provider: 'gateway', detail: 'no credit' });

  it('is told once, and everybody learns that they were', async () => {
    const world = createWorld({ admins: ['fake:root', 'absent:root'] });
    await failingWith(NO_CREDIT, world);
    await failingWith(NO_CREDIT, world);
    expect(world.seen.notices.map(({ personId }) => personId)).toEqual(['fake:root']);
    for (const text of world.texts()) expect(text).toContain('The operator has been told.');
  });

  it('is not said to be told where there is none', async () => {
    const world = await failingWith(NO_CREDIT);
    expect(world.texts()[0]).toContain('Only the operator can fix this.');
  });
});

describe('a platform', () => {
  const fail = () => Promise.reject(new EaselError('delivery-failed'));
  const refuse = () => Promise.reject(new EaselError('undeliverable'));
  const broken = () => {
    throw new Error('broken');
  };

  it.each([
    ['rejects', fail],
    ['throws', broken],
  ])('that %s a status still gets the pictures', async (_name, showStatus) => {
    const world = createWorld({ concurrency: 1, platform: { showStatus } });
    await world.engine.submit(requestOf());
    await settle();
    world.paintings[0]?.finish();
    await settle();
    expect(world.seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
    await expectSoundness(world);
  });

  it('that fails to edit a status still gets the pictures', async () => {
    let count = 0;
    const world: World = createWorld({
      platform: {
        showStatus: (target, status) => {
          count += 1;
          return count > 1 ? fail() : world.seen.showStatus(target, status);
        },
      },
    });
    await world.engine.submit(requestOf());
    await vi.advanceTimersByTimeAsync(3_000);
    expect(count).toBe(4);
    world.paintings[0]?.finish();
    await settle();
    expect(world.seen.messages).toMatchObject([{ pictures: ['hash-0'] }]);
  });

  it('that throws a delivery gets a word, and the day its pictures back', async () => {
    const deliver = broken;
    const world = createWorld({ dailyImagesPerUser: 1, platform: { deliver } });
    for (let round = 1; round <= 2; round += 1) {
      await world.engine.submit(requestOf());
      await settle();
      world.paintings.at(-1)?.finish();
      await settle();
      expect(world.paintings).toHaveLength(round);
    }
    expect(world.texts()).toEqual([NOT_POSTED, NOT_POSTED]);
    await expectSoundness(world);
  });

  it.each<[string, Partial<Platform>]>([
    ['a last word', { close: refuse }],
    ['a last word, loudly', { close: broken }],
    ['anything', { showStatus: refuse, deliver: refuse, close: refuse }],
  ])('that does not take %s loses no slot', async (_name, platform) => {
    const world = createWorld({ concurrency: 1, platform });
    await failingWith(new EaselError('no-image', { billed: 'maybe' }), world);
    expect(world.log.at(-1)).toMatchObject({ level: 'error', message: 'last word not posted' });
    await expectSoundness(world);
  });

  it('that cannot notify harms no job', async () => {
    const world = createWorld({ admins: ['fake:root'], platform: { notify: fail } });
    await failingWith(new EaselError('auth', { provider: 'gateway' }), world);
    expect(world.texts()).toHaveLength(1);
    await expectSoundness(world);
  });
});

it('what is logged holds no words of the person', async () => {
  const world = createWorld();
  await failingWith(new EaselError('blocked'), world);
  await world.engine.submit(requestOf('fake:ada', { prompt: 'canary' }));
  await settle();
  world.paintings.at(-1)?.finish({ text: 'canary' });
  await settle();
  expect(world.log.map(({ message }) => message)).toEqual(['job failed', 'job delivered']);
  expect(JSON.stringify(world.log)).not.toContain('canary');
});
