import type { Message } from 'grammy/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAlbumCollector } from '../../src/telegram/album.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const part = (id: number, group?: string, chat = 1) => ({
  updateId: id,
  message: { message_id: id, chat: { id: chat }, media_group_id: group } as Message,
});

function collect() {
  const albums: number[][] = [];
  const onAlbum = (parts: { updateId: number }[]) =>
    void albums.push(parts.map(({ updateId }) => updateId));
  return { albums, collector: createAlbumCollector(onAlbum) };
}

test('a message without a group is left alone', () => {
  const { collector, albums } = collect();
  expect(collector.add(part(1))).toBe(false);
  vi.runAllTimers();
  expect(albums).toEqual([]);
});

test('parts come together in order, 700 ms after the last', () => {
  const { collector, albums } = collect();
  for (const id of [2, 1, 3]) {
    expect(collector.add(part(id, 'a'))).toBe(true);
    vi.advanceTimersByTime(699);
  }
  expect(albums).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(albums).toEqual([[1, 2, 3]]);
});

test('groups and chats are kept apart, a part delivered twice counts once', () => {
  const { collector, albums } = collect();
  for (const each of [part(1, 'a'), part(2, 'b'), part(3, 'a', 2), part(1, 'a')]) {
    collector.add(each);
  }
  vi.runAllTimers();
  expect(albums.toSorted()).toEqual([[1], [2], [3]]);
});

test('the tenth part ends the wait', () => {
  const { collector, albums } = collect();
  for (let id = 1; id <= 10; id++) collector.add(part(id, 'a'));
  expect(albums).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  expect(vi.getTimerCount()).toBe(0);
});

test('flush hands over what waits', () => {
  const { collector, albums } = collect();
  collector.add(part(1, 'a'));
  collector.flush();
  expect(albums).toEqual([[1]]);
  expect(vi.getTimerCount()).toBe(0);
});
