import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createWorld, picturesOf, requestOf } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a request that goes on from another', () => {
  it('waits for it, and continues its turn', async () => {
    const { engine, paintings, seen } = createWorld();
    await engine.submit(requestOf('fake:ada', { origin: 'branch' }));
    await engine.submit(requestOf('fake:ada', { prompt: 'make it night', origin: 'branch' }));
    await settle();
    expect(paintings.map(({ wish }) => wish.parent)).toEqual([undefined]);
    paintings[0]?.finish({ pictures: picturesOf(1), text: 'A fox.' });
    await settle();
    expect(paintings[1]?.wish).toMatchObject({
      prompt: 'make it night',
      parent: { prompt: 'a fox in snow', text: 'A fox.' },
    });
    paintings[1]?.finish();
    await settle();
    expect(seen.messages.map(({ pictures }) => pictures)).toEqual([['hash-0'], ['hash-0']]);
  });

  it('continues from the last one that brought a picture', async () => {
    const { engine, paintings } = createWorld();
    await engine.submit(requestOf('fake:ada', { origin: 'branch' }));
    await engine.submit(requestOf('fake:ada', { prompt: 'make it night', origin: 'branch' }));
    await settle();
    paintings[0]?.fail(new EaselError('blocked'));
    await settle();
    expect(paintings[1]?.wish.parent).toBeUndefined();
  });

  it('from a turn that is gone is told so, before anything is paid', async () => {
    const { engine, paintings, texts } = createWorld();
    await engine.submit(requestOf('fake:ada', { origin: { turn: 'gone' } }));
    await settle();
    expect(paintings).toEqual([]);
    expect(texts()[0]).toContain('I could not load the picture');
  });
});

describe('a result', () => {
  it('carries its buttons, its description, and the pictures that were sent with it', async () => {
    const { engine, paintings, seen, disk } = createWorld();
    const attachments = [seen.putFile(new Uint8Array([5]))];
    await engine.submit(requestOf('fake:ada', { attachments, options: { aspectRatio: '1:1' } }));
    await settle();
    paintings[0]?.finish({ model: 'gemini-3-pro-image-preview' });
    await settle();
    const labels = seen.messages[0]?.buttons.map(({ label }) => label);
    expect(labels).toEqual(['🔁 Again', '🎲 Variations', '✏️ Edit', '🔍 4K', '📎 Original']);
    for (const { id } of seen.messages[0]?.buttons ?? []) expect(id.length).toBeLessThanOrEqual(64);
    expect([...disk.turns.values()]).toMatchObject([
      {
        personId: 'fake:ada',
        chat: 'fake:chat',
        prompt: 'a fox in snow',
        inputs: [{ hash: 'input-5' }],
        options: { aspectRatio: '1:1' },
        pictures: [{ hash: 'hash-0' }],
        model: 'gemini-3-pro-image-preview',
      },
    ]);
    expect(JSON.stringify([...disk.turns.values()])).not.toContain('/pictures/');
  });

  it('of words stands in the place of the status, and costs no picture of the day', async () => {
    const { engine, paintings, seen, disk } = createWorld({ dailyImagesPerUser: 1 });
    for (let at = 0; at < 2; at += 1) await engine.submit(requestOf('fake:ada', { kind: 'words' }));
    await settle();
    for (const painting of paintings) painting.finish({ text: 'A fox in snow.' });
    await settle();
    expect(seen.messages).toMatchObject([{ text: 'A fox in snow.' }, { text: 'A fox in snow.' }]);
    expect([disk.turns.size, await engine.imagesToday('fake:ada')]).toEqual([0, 0]);
  });
});

it('pictures that cannot be used are named, all at once', async () => {
  const { engine, seen, paintings, texts } = createWorld();
  const good = seen.putFile(new Uint8Array([1]));
  const gone = { platform: 'fake', id: 'none' };
  await engine.submit(requestOf('fake:ada', { attachments: [good, gone, good, gone] }));
  await settle();
  expect(paintings).toEqual([]);
  expect(texts()[0]).toContain('2, 4');
});

it('a button orders one job at a time', async () => {
  const { engine, paintings } = createWorld();
  await engine.submit(requestOf('fake:ada', { button: 'a:turn' }));
  await settle();
  expect([engine.isOrdered('a:turn'), engine.isOrdered('a:other')]).toEqual([true, false]);
  paintings[0]?.finish();
  await settle();
  expect(engine.isOrdered('a:turn')).toBe(false);
});

it('an admin may stop the job of another', async () => {
  const { engine, seen, texts } = createWorld({ admins: ['fake:root'] });
  await engine.submit(requestOf('fake:ada'));
  await settle();
  const job = seen.messages[0]?.buttons[0]?.id.slice(2) ?? '';
  expect(engine.cancel(job, 'fake:bob')).toBe('not-yours');
  expect(engine.cancel(job, 'fake:root')).toBe('cancelled');
  await settle();
  expect(texts()[0]).toContain('Cancelled.');
});

it('an ended job can be found, to be tried again', async () => {
  const { engine, paintings, seen } = createWorld();
  await engine.submit(requestOf('fake:ada'));
  await settle();
  paintings[0]?.fail(new EaselError('connection-lost', { billed: 'maybe' }));
  await settle();
  const [button] = seen.messages[0]?.buttons ?? [];
  expect(button?.label).toBe('🔁 Order a new one');
  const row = await engine.find(button?.id.slice(2) ?? '');
  expect(row).toMatchObject({ state: 'unknown', request: { prompt: 'a fox in snow' } });
});
