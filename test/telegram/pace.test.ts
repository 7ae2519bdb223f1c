import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace } from '../../src/telegram/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch(pauseMs = 3000, waitMs?: number) {
  const pace = createPace(() => pauseMs);
  const edits: string[] = [];
  const start = Date.now();
  const edit = (text: string) => async () => {
    edits.push(`${text}@${Date.now() - start}`);
    return waitMs;
  };
  return { pace, edits, edit };
}

test('the first edit goes at once, the next when the chat allows it', async () => {
  const { pace, edits, edit } = watch();
  await pace.run(-1, 5, edit('a'));
  expect(edits).toEqual(['a@0']);
  await pace.run(-1, 5, edit('b'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(edits).toEqual(['a@0', 'b@3000']);
});

test('the latest text of a message wins, and messages take turns', async () => {
  const { pace, edits, edit } = watch();
  await pace.run(-1, 5, edit('a1'));
  for (const text of ['a2', 'a3']) await pace.run(-1, 5, edit(text));
  await pace.run(-1, 6, edit('b1'));
  await pace.run(-1, 5, edit('a4'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(edits).toEqual(['a1@0', 'a4@3000', 'b1@6000']);
});

test('jobs side by side make no more than 20 edits a minute in one chat', async () => {
  const { pace, edits, edit } = watch();
  for (let second = 0; second < 60; second += 3) {
    for (const job of [1, 2, 3, 4]) void pace.run(-1, job, edit(`${job}`));
    await vi.advanceTimersByTimeAsync(3000);
  }
  const withinMinute = edits.filter((text) => Number(text.split('@')[1]) < 60_000);
  expect(withinMinute).toHaveLength(20);
  expect(new Set(edits.map((text) => text[0])).size).toBe(4);
});

test('chats do not wait for each other', async () => {
  const { pace, edits, edit } = watch();
  await pace.run(-1, 5, edit('a'));
  await pace.run(-2, 5, edit('b'));
  expect(edits).toEqual(['a@0', 'b@0']);
});

test('what Telegram asks to wait is waited', async () => {
  const { pace, edits, edit } = watch(0, 30_000);
  await pace.run(1, 5, edit('a'));
  await pace.run(1, 5, edit('b'));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(edits).toEqual(['a@0']);
  await vi.advanceTimersByTimeAsync(1);
  expect(edits).toHaveLength(2);
});

test('a settled message is not changed any more', async () => {
  const { pace, edits, edit } = watch();
  await pace.run(-1, 5, edit('a'));
  await pace.run(-1, 5, edit('b'));
  await pace.settle(-1, 5);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(edits).toEqual(['a@0']);
  expect(vi.getTimerCount()).toBe(0);
});

test('settling waits for the edit on its way', async () => {
  const pace = createPace(() => 0);
  let end = (): void => {};
  void pace.run(1, 5, () => new Promise((resolve) => (end = () => resolve(undefined))));
  let isSettled = false;
  const settling = pace.settle(1, 5).then(() => (isSettled = true));
  await vi.advanceTimersByTimeAsync(100);
  expect(isSettled).toBe(false);
  end();
  await settling;
  expect(isSettled).toBe(true);
});
