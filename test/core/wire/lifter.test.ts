import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiftedRuns, type Lifted } from '../../../src/core/wire/lifted.ts';
import { createLifter } from '../../../src/core/wire/lifter.ts';
import { createFakePayloads, readPayload } from '../../fakes/payloads.ts';

const PICTURE = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(30_001)]);
const TEXT = PICTURE.toString('base64');
const WRAPPED = TEXT.match(/.{1,76}/g) ?? [];

function lift(body: string | Buffer, sizes: number[] = []) {
  const runs = createLiftedRuns(createFakePayloads());
  let skeleton = '';
  const lifter = createLifter(runs, (text) => {
    skeleton += text;
  });
  const bytes = Buffer.from(body);
  let at = 0;
  for (const size of sizes) {
    lifter.feed(bytes.subarray(at, at + size));
    at += size;
  }
  lifter.feed(bytes.subarray(at));
  lifter.end();
  return { runs, skeleton };
}

const bytesOf = async (lifted: Lifted | undefined) => lifted && readPayload(await lifted.payload);

/** What encoders of other languages make of base64 inside a JSON string. */
const DRESSES: [string, string][] = [
  ['plain', TEXT],
  ['slashes escaped (PHP)', TEXT.replaceAll('/', '\\/')],
  ['unicode escapes (.NET)', TEXT.replaceAll('+', '\\u002B').replaceAll('=', '\\u003D')],
  ['unicode escapes (Gson)', TEXT.replaceAll('=', '\\u003d').replaceAll('/', '\\u002f')],
  ['wrapped at 76', WRAPPED.join('\\n')],
  ['wrapped with CR LF', WRAPPED.join('\\r\\n')],
  ['wrapped and escaped twice', WRAPPED.join('\\\\n')],
  ['wrapped, slashes escaped', WRAPPED.join('\\n').replaceAll('/', '\\/')],
  ['URL-safe', TEXT.replaceAll('+', '-').replaceAll('/', '_')],
  ['without padding', TEXT.replaceAll('=', '')],
];

describe('createLifter', () => {
  it.each(DRESSES)('lifts base64 dressed as: %s', async (_name, dressed) => {
    const { runs, skeleton } = lift(`{"any":{"key":"${dressed}"},"after":1}`);
    expect(await bytesOf(runs.all()[0])).toEqual(PICTURE);
    expect(runs.strip(skeleton, 'X')).toBe('{"any":{"key":"X"},"after":1}');
  });

  it.each(DRESSES)('gives the same however the bytes are cut: %s', async (_name, dressed) => {
    const body = `data: {"a":"${dressed}","b":"é漢","c":"${dressed}"}\n\ndata: [DONE]\n\n`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9_000 }), { maxLength: 30 }),
        async (sizes) => {
          const { runs, skeleton } = lift(body, sizes);
          expect(runs.all()).toHaveLength(2);
          expect(await bytesOf(runs.all()[1])).toEqual(PICTURE);
          expect(runs.strip(skeleton, 'X')).toBe(
            'data: {"a":"X","b":"é漢","c":"X"}\n\ndata: [DONE]\n\n',
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('lifts byte by byte', async () => {
    const body = `{"a":"${TEXT}"}`;
    const { runs } = lift(
      body,
      Array.from({ length: body.length }, () => 1),
    );
    expect(await bytesOf(runs.all()[0])).toEqual(PICTURE);
  });

  it('passes lines through that are shorter than a picture', () => {
    const body = `data: {"a":"${TEXT.slice(0, 3_000)}"}\n`.repeat(20);
    expect(lift(body).skeleton).toBe(body);
  });

  it('leaves prose alone, however long its line', () => {
    const body = `${'The quick brown fox jumps over the lazy dog. '.repeat(1_000)}\n`;
    const { runs, skeleton } = lift(body);
    expect(runs.all()).toHaveLength(0);
    expect(skeleton).toBe(body);
  });

  it('can undo what was no picture', async () => {
    const word = 'a'.repeat(9_001);
    const { runs, skeleton } = lift(`{"word":"${word}"}`);
    expect(skeleton).not.toContain(word);
    expect(await runs.restore(skeleton)).toBe(`{"word":"${word}"}`);
  });

  it('ends a run at padding and keeps what stands behind it', async () => {
    const { runs, skeleton } = lift(`{"a":"${'A'.repeat(9_002)}==junk!"}`);
    expect(runs.strip(skeleton, 'X')).toBe('{"a":"Xjunk!"}');
  });

  it('ends a run at an escape that is none of base64', () => {
    const { runs, skeleton } = lift(`{"a":"${TEXT}\\"quoted\\u00e9"}`);
    expect(runs.strip(skeleton, 'X')).toBe('{"a":"X\\"quoted\\u00e9"}');
  });

  it('starts a run at its first character, also behind an escaped backslash', async () => {
    const { runs } = lift(`{"a":"C:\\\\${TEXT}"}`);
    expect(await bytesOf(runs.all()[0])).toEqual(PICTURE);
  });

  it('takes what came of a run that was cut off', async () => {
    const { runs } = lift(`{"a":"${TEXT.slice(0, 20_000)}`);
    expect(await bytesOf(runs.all()[0])).toEqual(PICTURE.subarray(0, 15_000));
  });

  it('does not let a gateway name runs that it did not send', () => {
    const { runs, skeleton } = lift('{"a":"easel-000000000000000000000000-0;"}');
    expect(runs.split(skeleton)).toEqual([skeleton]);
  });
});
