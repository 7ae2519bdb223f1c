import { afterEach, beforeEach, expect, it } from 'vitest';
import { discardAnswer, leasePayloads } from '../../../src/core/provider/payload-lease.ts';
import type { Answer, PayloadSink } from '../../../src/core/wire/types.ts';
import { createFileStore, type FileStore } from './setup.ts';

let store: FileStore;
beforeEach(() => {
  store = createFileStore();
});
afterEach(() => store.remove());

function fill(sink: PayloadSink): PayloadSink {
  sink.reserve(3).write('abc');
  sink.commit(3);
  return sink;
}

function answerWith(fields: Partial<Answer>): Answer {
  const none = { usage: undefined, finishReason: undefined, finishMessage: undefined };
  const nothing = { error: undefined, htmlTitle: undefined, taskId: undefined };
  const lists = { pictures: [], parts: [], sources: [] };
  return {
    kind: 'json',
    bytes: 0,
    text: '',
    truncated: false,
    ...none,
    ...nothing,
    ...lists,
    ...fields,
  };
}

it('keeps what the answer holds, and discards the rest, finished or not', async () => {
  const lease = leasePayloads(store);
  const [payload, signature, sealed] = await Promise.all(
    [1, 2, 3].map(() => fill(lease.createSink()).finish()),
  );
  if (payload === undefined || signature === undefined || sealed === undefined) expect.fail();
  await fill(lease.createSink()).finish();
  fill(lease.createSink());
  lease.createSink();
  const answer = answerWith({
    pictures: [
      { rank: 'final', payload, signature },
      { rank: 'stray', url: 'https://a.example/' },
    ],
    parts: [
      { type: 'image', payload, signature },
      { type: 'text', text: 'a fox', signature: sealed },
      { type: 'text', text: 'in snow', signature: 'short' },
    ],
  });
  await lease.settle(answer);
  expect(store.left()).toHaveLength(3);
  await discardAnswer(answer);
  expect(store.left()).toEqual([]);
});

it('without an answer discards everything, twice if need be', async () => {
  const lease = leasePayloads(store);
  await fill(lease.createSink()).finish();
  fill(lease.createSink());
  await lease.settle();
  await lease.settle();
  expect(store.left()).toEqual([]);
});

it('does not make a failing disk worse', async () => {
  const lease = leasePayloads(store);
  store.remove();
  fill(lease.createSink());
  await lease.settle();
  store = createFileStore();
});
