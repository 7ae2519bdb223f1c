import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer } from '../../../src/core/wire/decode.ts';
import { createRepeats } from '../../../src/core/wire/repeats.ts';
import { createFakePayloads, readPayload } from '../../fakes/payloads.ts';

const event = (content: string) =>
  `data: {"id":"c1","choices":[{"delta":{"content":"${content}"}}]}`;

function learnt(words = 'AAAA') {
  const appended: string[] = [];
  const repeats = createRepeats({
    last: () => words,
    append: (text) => appended.push(text) > 0 && text !== 'END',
  });
  repeats.learn(Buffer.from(event(words)));
  return { appended, take: (line: string) => repeats.take(Buffer.from(line)) };
}

describe('createRepeats', () => {
  it('takes lines that differ in their words only, until one does not', () => {
    const { take, appended } = learnt();
    expect(
      [event('BBBB'), event('C'), event('D').replace('c1', 'c2'), event('E')].map(take),
    ).toEqual([true, true, false, false]);
    expect(appended).toEqual(['BBBB', 'C']);
  });

  it.each([
    ['an escape', event('A\\n')],
    ['two strings', event('A","role":"B')],
    ['letters beyond ASCII', event('狐')],
    ['no words', event('')],
    ['another event', 'data: [DONE]'],
  ])('leaves %s to JSON', (_name, line) => {
    expect(learnt().take(line)).toBe(false);
  });

  it('lets blank lines pass, and stops where the picture ends', () => {
    const { take } = learnt();
    expect(['', '\r', event('A'), event('END'), event('A')].map(take)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['words that occur twice', 'c1'],
    ['words that are no whole string', 'ontent'],
    ['words that are not there', 'ZZZZ'],
  ])('learns nothing of %s', (_name, words) => {
    const repeats = createRepeats({ last: () => words, append: () => true });
    repeats.learn(Buffer.from(event('c1 A')));
    expect(repeats.take(Buffer.from(event('B')))).toBe(false);
  });
});

describe('a picture in many deltas', () => {
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(40_000)]);
  const whole = `so: ![a](data:image/png;base64,${picture.toString('base64')}) and ![b](data:image/png;base64,${picture.toString('base64')}) done`;

  it('is the same whatever the deltas, the chunks, and what stands between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 5_000 }),
        fc.integer({ min: 100, max: 70_000 }),
        fc.constantFrom('\n\n', '\r\n\r\n', '\n: ping\n\n', '\n\ndata: {"choices":[]}\n\n'),
        async (deltaSize, chunkSize, gap) => {
          const deltas = whole.match(new RegExp(`.{1,${deltaSize}}`, 'g')) ?? [];
          const body = Buffer.from(deltas.map((delta) => event(delta) + gap).join(''));
          async function* chunks() {
            for (let at = 0; at < body.length; at += chunkSize)
              yield body.subarray(at, at + chunkSize);
          }
          const answer = await decodeAnswer(chunks(), { payloads: createFakePayloads() });
          expect(answer.text).toBe('so: and done');
          expect(answer.pictures).toHaveLength(2);
          for (const found of answer.pictures) {
            if ('url' in found) expect.fail('a link');
            expect((await readPayload(found.payload)).equals(picture)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
