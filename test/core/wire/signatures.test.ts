import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyChunks, bodyLength } from '../../../src/core/wire/body.ts';
import { decodeAnswer } from '../../../src/core/wire/decode.ts';
import { encodeRequest } from '../../../src/core/wire/encode.ts';
import type { Answer, AnswerPart, ChatStyle, Part } from '../../../src/core/wire/types.ts';
import { createFakePayloads, readPayload } from '../../fakes/payloads.ts';

const STYLE: ChatStyle = {
  imagePart: 'image_url',
  sizing: [],
  modalities: false,
  streamUsage: false,
};
const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(9_000)]);

async function decode(parts: object[], chunkBytes = 10_000): Promise<Answer> {
  const body = Buffer.from(JSON.stringify({ candidates: [{ content: { parts } }] }));
  async function* chunks() {
    for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes);
  }
  return decodeAnswer(chunks(), { payloads: createFakePayloads() });
}

async function toPart(part: AnswerPart): Promise<Part> {
  const seal =
    typeof part.signature === 'object' ? await readPayload(part.signature) : part.signature;
  const signature = seal === undefined ? {} : { signature: seal };
  if (part.type === 'text') return { type: 'text', text: part.text, ...signature };
  const data = await readPayload(part.payload);
  return { type: 'image', mediaType: 'image/png', data, ...signature };
}

/** The parts of the model's turn as they are sent when they are replayed. */
async function replay(answer: Answer): Promise<object[]> {
  const parts = await Promise.all(answer.parts.map(toPart));
  const messages = [{ role: 'model' as const, parts }];
  const { body } = encodeRequest('gemini', { model: 'x', messages, stream: false }, STYLE);
  const bytes = Buffer.concat([...bodyChunks(body)]);
  expect(bytes).toHaveLength(bodyLength(body));
  return JSON.parse(bytes.toString()).contents[0].parts;
}

const picture = (thoughtSignature: string) => ({
  inlineData: { mimeType: 'image/png', data: PNG.toString('base64') },
  thoughtSignature,
});

describe('a signature', () => {
  it('comes back letter by letter, whatever its length and wherever the answer was cut', async () => {
    const lengths = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 3_000, max: 90_000 }),
    );
    await fc.assert(
      fc.asyncProperty(
        lengths,
        lengths,
        fc.integer({ min: 500, max: 50_000 }),
        async (a, b, cut) => {
          const [seal, other] = [a, b].map((bytes) => randomBytes(bytes).toString('base64'));
          const parts = [
            { text: 'Here', thoughtSignature: seal },
            picture(other ?? ''),
            { text: '', thoughtSignature: seal },
          ];
          expect(await replay(await decode(parts, cut))).toEqual(parts);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('with escapes comes back as it was meant', async () => {
    const seal = Buffer.alloc(30_001, 0xff).toString('base64');
    const body = JSON.stringify({ candidates: [{ content: { parts: [picture(seal)] } }] });
    const escaped = body.replaceAll('/', '\\/').replaceAll('=', '\\u003d');
    async function* chunks() {
      yield Buffer.from(escaped);
    }
    const answer = await decodeAnswer(chunks(), { payloads: createFakePayloads() });
    expect(await replay(answer)).toEqual([picture(seal)]);
  });

  const seal = Buffer.alloc(30_000, 0xfb).toString('base64');
  it.each([
    ['in the URL-safe alphabet', seal.replaceAll('+', '-').replaceAll('/', '_')],
    ['without its padding', `${seal}QQ`],
    ['with bits behind its end', `${seal}QR==`],
    ['with padding that it does not need', `${seal}==`],
    ['that is no base64', `${seal} ${seal}`],
  ])('%s cannot come back, so nothing is replayed', async (_name, broken) => {
    const answer = await decode([{ text: 'Here' }, picture(broken)]);
    expect(answer.parts).toHaveLength(0);
    expect(answer.pictures).toHaveLength(1);
  });

  it('is no way for a picture in words to be replayed as a mark of ours', async () => {
    const words = `Here: ![fox](data:image/png;base64,${PNG.toString('base64')})`;
    const answer = await decode([{ text: words, thoughtSignature: 'seal' }]);
    expect(answer.parts).toHaveLength(0);
    expect(answer.pictures).toHaveLength(1);
  });
});
