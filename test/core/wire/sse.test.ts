import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createSseReader } from '../../../src/core/wire/sse.ts';

function read(pieces: string[]) {
  const events: [string | undefined, string][] = [];
  const strays: string[] = [];
  const reader = createSseReader(
    ({ event, data }) => events.push([event, data]),
    (line) => strays.push(line),
  );
  for (const piece of pieces) reader.feed(piece);
  reader.end();
  return { events, strays };
}

const data = (...values: string[]) => values.map((value) => [undefined, value]);

const CASES: [string, string, unknown[]][] = [
  ['one event', 'data: {"a":1}\n\n', data('{"a":1}')],
  ['no space behind the colon', 'data:{"a":1}\n\n', data('{"a":1}')],
  ['CR LF', 'data: 1\r\n\r\ndata: 2\r\n\r\n', data('1', '2')],
  ['CR alone', 'data: 1\r\rdata: 2\r\r', data('1', '2')],
  ['several data lines are one', 'data: {"a":\ndata: 1}\n\n', data('{"a":\n1}')],
  ['several plain data lines are one', 'data: a\ndata: b\n\n', data('a\nb')],
  ['pretty-printed JSON behind one data', 'data: {\n  "a": 1\n}\n\n', data('{\n  "a": 1\n}')],
  [
    'no blank line between events',
    'data: {\n "a": 1\n}\ndata: {"b":2}\ndata: [DONE]\n',
    data('{\n "a": 1\n}', '{"b":2}', '[DONE]'),
  ],
  ['[DONE] over two lines', 'data: [DONE\n]\n', data('[DONE\n]')],
  ['[DONE] without a field', 'data: 1\n\n[DONE]\n', data('1', '[DONE]')],
  ['JSON without a field', 'data: 1\n\n{"error":"x"}\n\n', data('1', '{"error":"x"}')],
  ['no blank line at the end', 'data: 1', data('1')],
  ['comments', ': PING\n\n: ping\ndata: 1\n\n', data('1')],
  ['a comment inside of an event', 'data: {\n: ping\n"a":1}\n\n', data('{\n"a":1}')],
  ['brackets in strings do not count', 'data: {"a":\n"}]"\n}\n\n', data('{"a":\n"}]"\n}')],
  ['an escaped quote in a string', 'data: {"a":\n"\\"}"\n}\n\n', data('{"a":\n"\\"}"\n}')],
  ['event names', 'event: error\ndata: {}\n\n', [['error', '{}']]],
  ['event behind data', 'data: {}\nevent: error\n\n', [[undefined, '{}']]],
  ['a byte order mark', '\uFEFFdata: 1\n\n', data('1')],
];

describe('createSseReader', () => {
  it.each(CASES)('reads %s', (_name, text, expected) => {
    expect(read([text.replace(/^\uFEFF/, '')]).events).toEqual(expected);
  });

  it.each(CASES)('reads %s however it is cut', (_name, text, expected) => {
    const whole = text.replace(/^\uFEFF/, '');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 })), (sizes) => {
        const pieces: string[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(whole.slice(at, at + size));
          at += size;
        }
        expect(read([...pieces, whole.slice(at)]).events).toEqual(expected);
      }),
    );
  });

  it('hands on lines that are no events', () => {
    expect(read(['upstream error\n\ndata: 1\n\n']).strays).toEqual(['upstream error']);
  });

  it('refuses an event without end', () => {
    const reader = createSseReader(
      () => {},
      () => {},
    );
    const piece = 'x'.repeat(1024 * 1024);
    expect(() => {
      for (let count = 0; count < 20; count += 1) reader.feed(piece);
    }).toThrow(EaselError);
  });
});
