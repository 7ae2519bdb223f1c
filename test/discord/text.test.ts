import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeText, splitText, truncate, withSources } from '../../src/discord/text.ts';

describe('escapeText', () => {
  test.each([
    ['plain words, 16:9', 'plain words, 16:9'],
    ['*a* _b_ ~c~ `d` |e|', '\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\|'],
    ['<@1> <#2> <t:0>', '\\<@1\\> \\<#2\\> \\<t:0\\>'],
    ['[x](https://evil.example/a_b)', '\\[x\\](<https://evil.example/a_b>)'],
    ['see https://fox.example/a.', 'see <https://fox.example/a>.'],
    ['# head\n- item\n1. one\n#tag', '\\# head\n\\- item\n1\\. one\n#tag'],
    ['> quote', '\\> quote'],
    ['back\\slash', 'back\\\\slash'],
  ])('%j', (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  test('of any text, what Discord takes the backslashes off again is the text', () => {
    const letters = fc.constantFrom(...'ab*_~`|<>[]()#-.1 \n\\@:/');
    fc.assert(
      fc.property(fc.string({ unit: letters }), (text) => {
        expect(escapeText(text).replace(/\\([^a-z0-9\s])/g, '$1')).toBe(text);
      }),
    );
  });
});

describe('splitText', () => {
  test('loses nothing, exceeds nothing, cuts no character and no escape', () => {
    const unit = fc.oneof(fc.constantFrom('a', ' ', '\n', '\\*', '\\\\'), fc.constant('🦊'));
    const pieces = (text: string) => splitText(text, 12);
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), (text) => {
        const parts = pieces(text);
        expect(parts.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(12);
          expect(part.isWellFormed()).toBe(true);
          expect(/(?<!\\)(?:\\\\)*\\$/.test(part)).toBe(false);
        }
      }),
    );
  });

  test('prefers the end of a word', () => {
    expect(splitText(`${'a'.repeat(1900)} ${'b'.repeat(200)}`).map(({ length }) => length)).toEqual(
      [1901, 200],
    );
  });
});

test('truncate keeps whole characters', () => {
  expect(truncate('fox', 3)).toBe('fox');
  expect(truncate('🦊🦊🦊', 4)).toBe('🦊…');
});

test.each([
  ['a', [], 'a'],
  ['', [{ url: 'https://fox.example/' }], '[fox.example](<https://fox.example/>)'],
  ['a', [{ url: 'ftp://x' }, { url: 'no' }], 'a'],
  [
    'a',
    [{ url: 'https://fox.example/x>y', title: ' The\n[fox] https://a.b ' }],
    'a\n\n[The fox fox.example](<https://fox.example/x%3Ey>)',
  ],
])('withSources %j %j', (text, sources, expected) => {
  expect(withSources(text, sources)).toBe(expected);
});
