import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataUriReader } from '../../../src/core/wire/data-uri.ts';
import { createLiftedRuns, type LiftedRuns } from '../../../src/core/wire/lifted.ts';
import { createFakePayloads, readPayload } from '../../fakes/payloads.ts';

const PICTURE = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(1_003)]);
const TEXT = PICTURE.toString('base64');

/** Every delta as it is, or with its base64 lifted already, as the layer below does with long ones. */
function read(deltas: string[], prepare = (text: string, _runs: LiftedRuns) => text) {
  const runs = createLiftedRuns(createFakePayloads());
  const reader = createDataUriReader(runs);
  const text = deltas.map((delta) => reader.feed(prepare(delta, runs))).join('') + reader.end();
  const found = runs.split(text).filter((piece) => typeof piece !== 'string');
  return { text: runs.strip(text, 'X'), found };
}

function lift(text: string, runs: LiftedRuns): string {
  return text.replace(/[A-Za-z0-9+/]{200,}/g, (run) => {
    const lifted = runs.start();
    lifted.write(run);
    return runs.token(runs.add(lifted));
  });
}

const bytesOf = async (piece: unknown) =>
  readPayload(await (piece as { payload: Promise<never> }).payload);

describe('createDataUriReader', () => {
  it('takes a data URI out, however the deltas cut it, lifted before or not', async () => {
    const whole = `Here: ![image](data:image/png;base64,${TEXT}) and more`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 700 })),
        fc.boolean(),
        async (sizes, lifted) => {
          const deltas: string[] = [];
          let at = 0;
          for (const size of sizes) {
            deltas.push(whole.slice(at, at + size));
            at += size;
          }
          const { text, found } = read([...deltas, whole.slice(at)], lifted ? lift : undefined);
          expect(text).toBe('Here: ![image](data:image/png;base64,X) and more');
          expect(await bytesOf(found[0])).toEqual(PICTURE);
        },
      ),
    );
  });

  it('keeps the first bytes for sniffing when a picture is joined of small runs', () => {
    const deltas = ['data:image/png;base64,', TEXT.slice(0, 301), TEXT.slice(301)];
    const { found } = read(deltas, lift);
    expect([...((found[0] as { head: Uint8Array }).head ?? [])]).toEqual([
      ...PICTURE.subarray(0, 63),
    ]);
  });

  it.each([
    [
      'a line break behind the picture',
      `data:image/png;base64,${TEXT}\nHere it is`,
      '\nHere it is',
    ],
    [
      'a second picture',
      `data:image/png;base64,${TEXT}\ndata:image/png;base64,${TEXT}`,
      '\ndata:image/png;base64,X',
    ],
    ['prose behind a blank', `data:image/png;base64,${TEXT} tada`, ' tada'],
  ])('ends at %s', (_name, text, rest) => {
    expect(read([text]).text).toBe(`data:image/png;base64,X${rest}`);
  });

  it('goes on over line breaks that wrap', async () => {
    const wrapped = (TEXT.match(/.{1,64}/g) ?? []).join('\n');
    const { text, found } = read([`data:image/png;base64,${wrapped}\nHere it is`]);
    expect(text).toBe('data:image/png;base64,X\nHere it is');
    expect(await bytesOf(found[0])).toEqual(PICTURE);
  });

  it('leaves a header alone that has nothing behind it', () => {
    expect(read(['a data:image/png;base64, header']).text).toBe('a data:image/png;base64, X');
    expect(read(['write data:image/png;base64,…']).text).toBe('write data:image/png;base64,…');
  });
});
