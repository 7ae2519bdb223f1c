/** Whatever the wish and its path: what is asked fits, and says what was asked last. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import type { StoredPicture } from '../../../src/core/types.ts';
import type { Message } from '../../../src/core/wire/types.ts';
import { compose, createWorld, saveLine, turn } from './world.ts';

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 3_000_000 }),
  fc.integer({ min: 1, max: 25_000_000 }),
);
const shapes = fc.record({
  hash: fc.string({ minLength: 8, maxLength: 8 }),
  mediaType: fc.constantFrom('image/jpeg' as const, 'image/png' as const, 'image/webp' as const),
  width: fc.integer({ min: 1, max: 12_288 }),
  height: fc.integer({ min: 1, max: 2_048 }),
  bytes: sizes,
});
const several = (minLength: number) => fc.array(shapes, { minLength, maxLength: 10 });
const words = fc.oneof(fc.string(), fc.string({ minLength: 500, maxLength: 3_000 }));
const steps = fc.record({ prompt: words, inputs: several(0), pictures: several(1) });

function expectWithinLimits(messages: Message[], prompt: string): void {
  const parts = messages.flatMap((message) => message.parts);
  const pictures = parts.filter((part) => part.type === 'image');
  expect(pictures.length).toBeLessThanOrEqual(14);
  // Gemini takes requests of 20 MB: base64 and everything around it.
  const base64 = pictures.reduce((sum, { data }) => sum + Math.ceil(data.length / 3) * 4, 0);
  expect(base64).toBeLessThan(19_500_000);
  const last = messages.at(-1);
  expect(last?.role).toBe('user');
  const said = last?.parts.at(-1);
  if (prompt !== '') expect(said).toMatchObject({ text: expect.stringContaining(prompt) });
}

/** The numbers in the order in which they occur are a row without gaps that ends with `last`. */
function expectNewest(numbers: number[], last: number): void {
  expect(numbers).toEqual(numbers.map((_, at) => last - numbers.length + 1 + at));
}

it('keeps the limits, the order and the last words', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 6 }),
      several(0),
      words,
      async (path, inputs, prompt) => {
        const world = createWorld();
        const line: Turn[] = path.map((step, at) =>
          turn(`turn${at}`, { ...step, prompt: `«${at}» ${step.prompt}` }),
        );
        const parent = line.length === 0 ? {} : { parent: await saveLine(world, ...line) };
        const wish = { prompt, inputs, ...parent, options: {} };
        const { messages, replay } = await compose(world, wish);
        expect(messages).toHaveLength(1);
        expectWithinLimits(messages, prompt);
        const said = messages[0]?.parts.find((part) => part.type === 'text');
        const told = said?.type === 'text' ? said.text.slice(0, said.text.lastIndexOf(prompt)) : '';
        expect(told.length).toBeLessThan(4_500);
        expectNewest(numbersIn(told), path.length - 1);
        if (replay === undefined) return;
        expectWithinLimits(replay.messages, prompt);
        expect(replay.messages.length % 2).toBe(1);
        const turns = replay.messages.filter(({ role }) => role === 'model');
        expectNewest(
          turns.flatMap((message) => numbersIn(JSON.stringify(wordsOf(message)))),
          path.length - 1,
        );
      },
    ),
    { numRuns: 150 },
  );
});

function wordsOf({ parts }: Message): string[] {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(/«(\d+)»|turn(\d+) words/g)].map(([, a, b]) => Number(a ?? b));
}

it('leaves out the oldest pictures first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sizes, { maxLength: 12 }),
      fc.array(sizes, { maxLength: 12 }),
      async (made, own) => {
        const jpeg = (bytes: number): StoredPicture => ({
          hash: `${bytes}`,
          mediaType: 'image/jpeg',
          width: 1,
          height: 1,
          bytes,
        });
        const parent = turn('parent', { pictures: made.map(jpeg) });
        const wish = { prompt: 'x', inputs: own.map(jpeg), parent, options: {} };
        const { messages } = await compose(createWorld(), wish);
        const sent = messages.flatMap(({ parts }) =>
          parts.flatMap((part) => (part.type === 'image' ? [part.data.length] : [])),
        );
        const all = [...made, ...own];
        expect(sent).toEqual(all.slice(all.length - sent.length));
        // One more would have been too many.
        const more = all.slice(all.length - sent.length - 1);
        const isAll = sent.length === all.length;
        const bytes = more.reduce((sum, size) => sum + size, 0);
        expect(isAll || more.length > 14 || bytes > 14_500_000).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
