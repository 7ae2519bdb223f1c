import type { Message } from 'grammy/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Album, createAlbumCollector } from '../../src/telegram/album.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const part = (id: number, chat = 1) => ({
  updateId: id,
  message: { message_id: id, chat: { id: chat } } as Message,
});

function collect() {
  const albums: number[][] = [];
  const late: number[][] = [];
  const ids = (parts: Album['parts']) => parts.map(({ updateId }) => updateId);
  const collector = createAlbumCollector(async ({ parts, before }) => {
    albums.push(ids(parts));
    late.push(ids(parts.filter((each) => !before.includes(each))));
  });
  return { albums, late, collector };
}

test('parts come together in order, 700 ms after the last', () => {
  const { collector, albums } = collect();
  for (const id of [2, 1, 3]) {
    void collector.add(part(id), 'a');
    vi.advanceTimersByTime(300);
  }
  vi.advanceTimersByTime(399);
  expect(albums).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(albums).toEqual([[1, 2, 3]]);
});

test.each([
  ['a part alone', [0], 1500],
  ['parts that come at once', [0, 0, 0], 700],
  ['parts that come slowly', [0, 600, 900], 1800],
  ['parts that come very slowly', [0, 1400], 2500],
])('%s', (_name, gapsMs, expectedMs) => {
  const { collector, albums } = collect();
  gapsMs.forEach((gapMs, index) => {
    vi.advanceTimersByTime(gapMs);
    void collector.add(part(index + 1), 'a');
  });
  vi.advanceTimersByTime(expectedMs - 1);
  expect(albums).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(albums).toHaveLength(1);
});

test('groups and chats are kept apart, a part delivered twice counts once', () => {
  const { collector, albums } = collect();
  void collector.add(part(1), 'a');
  void collector.add(part(2), 'b');
  void collector.add(part(3, 2), 'a');
  void collector.add(part(1), 'a');
  vi.runAllTimers();
  expect(albums.toSorted()).toEqual([[1], [2], [3]]);
});

test('the tenth part ends the wait', () => {
  const { collector, albums } = collect();
  for (let id = 1; id <= 10; id++) void collector.add(part(id), 'a');
  expect(albums).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  expect(vi.getTimerCount()).toBe(0);
});

test('late parts come once more, with those before', () => {
  const { collector, albums, late } = collect();
  for (const id of [1, 2]) void collector.add(part(id), 'a');
  vi.runAllTimers();
  vi.advanceTimersByTime(60_000);
  for (const id of [2, 4, 3]) void collector.add(part(id), 'a');
  vi.runAllTimers();
  expect(albums).toEqual([
    [1, 2],
    [1, 2, 3, 4],
  ]);
  expect(late[1]).toEqual([3, 4]);
});

test('parts are forgotten after a while', () => {
  const { collector, albums } = collect();
  void collector.add(part(1), 'a');
  vi.runAllTimers();
  vi.advanceTimersByTime(11 * 60_000);
  void collector.add(part(2), 'a');
  vi.runAllTimers();
  expect(albums).toEqual([[1], [2]]);
});

test('adding resolves when the album was dealt with, late parts as well', async () => {
  const release: (() => void)[] = [];
  const collector = createAlbumCollector(() => new Promise((resolve) => release.push(resolve)));
  const done: number[] = [];
  for (const id of [1, 2]) void collector.add(part(id), 'a').then(() => done.push(id));
  await vi.runAllTimersAsync();
  expect(done).toEqual([]);
  release[0]?.();
  await vi.waitFor(() => expect(done).toEqual([1, 2]));
  void collector.add(part(3), 'a').then(() => done.push(3));
  await vi.runAllTimersAsync();
  expect(done).toEqual([1, 2]);
  release[1]?.();
  await vi.waitFor(() => expect(done).toEqual([1, 2, 3]));
});

test('flush hands over what waits', () => {
  const { collector, albums } = collect();
  void collector.add(part(1), 'a');
  collector.flush();
  expect(albums).toEqual([[1]]);
  expect(vi.getTimerCount()).toBe(0);
});
