import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText, withSources } from '../../src/telegram/text.ts';

const plain = (text: string) => ({ text, entities: [] });

describe('splitText', () => {
  test.each<[string, string, number[]]>([
    ['nothing', '', []],
    ['blanks', '  \n ', []],
    ['a short text', 'fox', [3]],
    ['exactly the limit', 'x'.repeat(1024), [1024]],
    ['one more', 'x'.repeat(1025), [1024, 1]],
    ['three pieces', 'x'.repeat(6000), [1024, 4096, 880]],
    ['a pair at the limit', `${'x'.repeat(1023)}🦊`, [1023, 2]],
    ['a space near the limit', `${'x'.repeat(1000)} ${'y'.repeat(100)}`, [1001, 100]],
    ['a space far from the limit', `${'x'.repeat(500)} ${'y'.repeat(600)}`, [1024, 77]],
  ])('cuts %s', (_name, text, expected) => {
    expect(splitText(plain(text), 1024).map((piece) => piece.text.length)).toEqual(expected);
  });

  test('loses nothing, breaks no pair, keeps the limits and the links', () => {
    const words = fc.array(fc.constantFrom('🦊', 'x', ' ', '\n', '狐', '<b>'), { maxLength: 400 });
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 120 }), fc.nat(200), (parts, units, at) => {
        const text = `${parts.join('')}!`;
        const offset = Math.min(at, text.length - 1);
        const link = { type: 'text_link' as const, offset, length: 1, url: 'https://a.example' };
        const pieces = splitText({ text, entities: [link] }, units);
        const together = pieces.map((piece) => piece.text).join('');
        expect(together.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        expect(pieces.every((piece) => piece.text.isWellFormed())).toBe(true);
        expect(pieces[0]?.text.length).toBeLessThanOrEqual(units);
        const linked = pieces.flatMap((piece) =>
          piece.entities.map((e) => piece.text.slice(e.offset, e.offset + e.length)),
        );
        expect(linked.join('').trim()).toBe(text.slice(offset, offset + 1).trim());
      }),
      { numRuns: 200 },
    );
  });
});

describe('withSources', () => {
  test('lists titles under the text, each a link', () => {
    const sources = [
      { url: 'https://a.example/x', title: 'A  fox\n' },
      { url: 'https://b.example/y' },
    ];
    const { text, entities } = withSources('🦊 ', sources);
    expect(text).toBe('🦊\n\nA fox\nb.example');
    const linked = entities.map((e) => [text.slice(e.offset, e.offset + e.length), e.url]);
    expect(linked).toEqual([
      ['A fox', 'https://a.example/x'],
      ['b.example', 'https://b.example/y'],
    ]);
  });

  test.each(['javascript:alert(1)', 'tg://user?id=1', 'https://', 'fox'])(
    'leaves out %s',
    (url) => {
      expect(withSources('x', [{ url, title: 'y' }])).toEqual(plain('x'));
    },
  );

  test('bounds number and length', () => {
    const sources = Array.from({ length: 50 }, () => ({
      url: 'https://a.example',
      title: '🦊'.repeat(500),
    }));
    const { text, entities } = withSources('', sources);
    expect(entities).toHaveLength(10);
    expect(text.length).toBe(10 * 100 + 9);
  });
});
