import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { decodeAnswer } from '../../../src/core/wire/decode.ts';
import { toError } from '../../../src/core/wire/verdict.ts';
import { createFakePayloads } from '../../fakes/payloads.ts';
import { makePayloads, readFixture } from '../../fixtures/wire/pictures.ts';

const small = await makePayloads('small');
const HTTP = { status: 200, headers: {} };

async function* pieces(...chunks: (string | Uint8Array)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

function decode(body: AsyncIterable<Uint8Array>, maxBytes?: number) {
  const limits = maxBytes === undefined ? {} : { maxBytes };
  return decodeAnswer(body, { payloads: createFakePayloads(), ...limits });
}

describe('bodies that end too early', () => {
  it.each(['newapi-stream.sse', 'google-camel.json', 'openai-images-stream.sse'])(
    '%s, cut at every place, shows no base64 and ends in a verdict',
    async (file) => {
      const bytes = readFixture(file, small);
      for (let length = 0; length < bytes.length; length += 1) {
        const answer = await decode(pieces(bytes.subarray(0, length)));
        expect(answer.text).not.toMatch(/[A-Za-z0-9+/]{60}|iVBORw0/);
        if (answer.pictures.length === 0) expect(toError(answer, HTTP)?.billed).toBe('maybe');
      }
    },
  );

  it('passes on why a connection broke when nothing was found', async () => {
    const broken = new Error('other side closed');
    async function* body() {
      yield Buffer.from('data: {"choices":[{"delta":{"content":"Her');
      throw broken;
    }
    await expect(decode(body())).rejects.toBe(broken);
  });
});

describe('bodies that never end', () => {
  it.each([
    ['one line', 'data: {"x":"', 'a b '.repeat(4_096)],
    ['base64', '{"b64_json":"', 'QUJD'.repeat(4_096)],
    ['comments', ': ping\n\n', ': ping\n\n'.repeat(2_048)],
    ['blanks', ' ', ' \n'.repeat(8_192)],
    ['a page', '<html>', '<p>x</p>'.repeat(2_048)],
  ])('stops at the limit in %s', async (_name, first, more) => {
    let sent = 0;
    async function* body() {
      yield Buffer.from(first);
      for (;;) {
        sent += more.length;
        yield Buffer.from(more);
      }
    }
    const maxBytes = 1_000_000;
    await expect(decode(body(), maxBytes)).rejects.toMatchObject({
      code: 'answer-too-large',
      billed: 'maybe',
    });
    expect(sent).toBeLessThan(maxBytes + 2 * more.length);
  });
});

describe('bodies that mean harm', () => {
  it.each([
    ['deep lists', '['.repeat(100_000)],
    ['deep lists, closed', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['deep objects', '{"a":'.repeat(100_000)],
    ['deep errors', `${'{"error":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['deep event', `data: ${'{"choices":['.repeat(50_000)}\n\n`],
  ])('survives %s', async (_name, text) => {
    const answer = await decode(pieces(text));
    expect(answer.pictures).toEqual([]);
    expect(toError(answer, HTTP)).toBeInstanceOf(EaselError);
  });

  it('does not reach a prototype', async () => {
    const text =
      '{"__proto__":{"polluted":1,"choices":[{"message":{"content":"x"}}]},"constructor":{"prototype":{"error":"y"}},"toString":"z"}';
    const answer = await decode(pieces(text));
    expect(answer.text).toBe('');
    expect(toError(answer, HTTP)?.code).toBe('empty-answer');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    '{"data":[{"b64_json":{"length":1000000000}}]}',
    '{"data":[{"b64_json":7,"url":[]}]}',
    '{"choices":[{"message":{"content":{"text":{"text":5}},"images":{"0":1}}}]}',
    '{"choices":{"0":1},"usage":[],"error":[]}',
    '{"candidates":[{"content":[],"finishReason":9},null,3]}',
    '{"candidates":[{"content":{"parts":[{"inlineData":"x"},{"text":[]},null]}}]}',
    '{"usage":{"prompt_tokens":"many"},"choices":[null]}',
  ])('takes wrong types for nothing: %s', async (text) => {
    const answer = await decode(pieces(text));
    expect(answer.pictures.filter((picture) => 'payload' in picture)).toEqual([]);
    expect(toError(answer, HTTP)).toBeInstanceOf(EaselError);
  });

  it('leaves gzip alone', async () => {
    const answer = await decode(pieces(Buffer.from('1f8b0800000000000003', 'hex')));
    expect(toError(answer, HTTP)?.code).toBe('malformed-answer');
  });

  it('answers any JSON with a verdict, whatever lies where', async () => {
    const key = fc.constantFrom(
      ...['choices', 'message', 'delta', 'content', 'images', 'image_url', 'url', 'candidates'],
      ...['parts', 'inlineData', 'data', 'b64_json', 'error', 'usage', 'output', 'type', 'text'],
      ...['finishReason', 'promptFeedback', 'response', 'thought', 'thoughtSignature', 'status'],
    );
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 7 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom('data:image/png;base64,iVBORw0KGgo=', 'https://x.example/a.png', 'STOP'),
        fc.dictionary(key, tie('node'), { maxKeys: 4 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    }));
    const framed = fc.tuple(node, fc.boolean()).map(([value, event]) => {
      return event ? `data: ${JSON.stringify(value)}\n\n` : JSON.stringify(value);
    });
    await fc.assert(
      fc.asyncProperty(framed, async (text) => {
        const answer = await decode(pieces(text));
        const error = toError(answer, HTTP);
        if (answer.pictures.length === 0) expect(error).toBeInstanceOf(EaselError);
        else expect(error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('answers any bytes with a verdict', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 })), async (chunks) => {
        const answer = await decode(pieces(...chunks));
        if (answer.pictures.length === 0) expect(toError(answer, HTTP)?.billed).toBe('maybe');
      }),
    );
  });
});
