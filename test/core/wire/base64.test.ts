import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBase64Run, type DecodedRun, encodeRun } from '../../../src/core/wire/base64.ts';
import { createFakePayloads, readPayload } from '../../fakes/payloads.ts';

function decode(pieces: string[]): { taken: number; run: DecodedRun } {
  const run = createBase64Run(createFakePayloads().createSink());
  let taken = 0;
  for (const piece of pieces) taken += run.write(piece);
  return { taken, run: run.finish() };
}

async function textOf(run: DecodedRun): Promise<string> {
  let text = '';
  for await (const slice of encodeRun(run)) text += slice;
  return text;
}

const cutUp = (text: string, sizes: number[]) => {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return [...pieces, text.slice(at)];
};

describe('createBase64Run', () => {
  it('decodes any bytes, however the text is cut, and writes the text again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.nat(50), { maxLength: 20 }),
        fc.constantFrom('base64', 'base64url'),
        async (bytes, sizes, encoding: 'base64' | 'base64url') => {
          const text = Buffer.from(bytes).toString(encoding);
          const { taken, run } = decode(cutUp(text, sizes));
          expect(taken).toBe(text.length);
          expect(await readPayload(await run.payload)).toEqual(Buffer.from(bytes));
          expect(await textOf(run)).toBe(text);
        },
      ),
    );
  });

  it.each([
    ['AAAA"more', 4],
    ['AAAA\\/', 4],
    ['AA==AAAA', 4],
    ['AAA=)', 4],
    ['!', 0],
    ['AAAA AAAA', 4],
    ['AAAAé', 4],
  ])('stops in %j after %d characters', (text, expected) => {
    expect(decode([text]).taken).toBe(expected);
  });

  it('takes nothing behind the padding, whatever comes in later pieces', () => {
    expect(decode(['AA=', '=', 'AAAA']).taken).toBe(4);
  });

  it('says when both alphabets were mixed, since the text cannot be written again', () => {
    expect(decode(['AA+_']).run.alphabet).toBe('mixed');
    expect(decode(['AA-_']).run.alphabet).toBe('url');
    expect(decode(['AA+/']).run.alphabet).toBe('standard');
  });

  it('keeps the first bytes for sniffing, also from tiny pieces', () => {
    const bytes = Buffer.alloc(100, 7);
    const { run } = decode([...bytes.toString('base64')]);
    expect(Buffer.from(run.head)).toEqual(bytes.subarray(0, 64));
  });
});
