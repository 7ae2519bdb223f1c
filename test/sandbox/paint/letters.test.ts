import { expect, test } from 'vitest';
import { drawLetters, measureLetters } from '../../../src/sandbox/paint/letters.ts';

test('every printable letter of ASCII has a shape of its own, but for the space', () => {
  const letters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index));
  const shapes = letters.map(drawLetters);
  expect(shapes[0]).toBe('');
  expect(new Set(shapes).size).toBe(95);
  expect(shapes.join('')).not.toMatch(/NaN|undefined/);
  expect(drawLetters('é')).toBe(drawLetters('?'));
  expect(measureLetters('ab')).toEqual({ columns: 11, rows: 7 });
});
