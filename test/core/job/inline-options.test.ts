import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInlineOptions } from '../../../src/core/job/inline-options.ts';
import { ASPECT_RATIOS, IMAGE_SIZES } from '../../../src/core/types.ts';

describe('options in the words', () => {
  it.each([
    ['a fox', 'a fox', {}],
    ['a fox --ar 16:9 --size 4K --n 2', 'a fox', { aspectRatio: '16:9', size: '4K', count: 2 }],
    ['--ar 16:9 a fox', 'a fox', { aspectRatio: '16:9' }],
    ['a fox --ar 16:9 in snow', 'a fox in snow', { aspectRatio: '16:9' }],
    ['a fox —ar 16:9', 'a fox', { aspectRatio: '16:9' }],
    ['狐狸 ――ar 16：9', '狐狸', { aspectRatio: '16:9' }],
    ['a fox --ratio=9x16', 'a fox', { aspectRatio: '9:16' }],
    ['a fox --aspect 9×16', 'a fox', { aspectRatio: '9:16' }],
    ['a fox --AR 1/1', 'a fox', { aspectRatio: '1:1' }],
    ['a fox\n--size 2k', 'a fox', { size: '2K' }],
    ['a fox --size 512', 'a fox', { size: '512' }],
    ['a fox --count 10', 'a fox', { count: 10 }],
    ['a fox --n 2 --n 3', 'a fox', { count: 3 }],
    ['a fox --no hat', 'a fox --no hat', {}],
    ['a fox--n 2', 'a fox--n 2', {}],
    ['a fox --ar', 'a fox --ar', {}],
    ['--ar 16:9', '', { aspectRatio: '16:9' }],
  ])('%j', (typed, prompt, options) => {
    expect(readInlineOptions(typed)).toEqual({ prompt, options });
  });

  it.each([
    ['--ar 17:9', '--ar 17:9'],
    ['--ar wide', '--ar wide'],
    ['--size 8K', '--size 8K'],
    ['--size 99999x99999', '--size 99999x99999'],
    ['--n 0', '--n 0'],
    ['--n 11', '--n 11'],
    ['--n 1.5', '--n 1.5'],
    ['--n -1', '--n -1'],
    [`--n ${'9'.repeat(4_000)}`, `--n ${'9'.repeat(20)}`],
  ])('%.30s is refused by name', (typed, subject) => {
    const read = () => readInlineOptions(`a fox ${typed}`);
    expect(read).toThrow(expect.objectContaining({ code: 'option-invalid', subject }));
  });

  it('are read whatever their order, and leave the words alone', () => {
    const options = fc.record({
      aspectRatio: fc.constantFrom(...ASPECT_RATIOS),
      size: fc.constantFrom(...IMAGE_SIZES),
      count: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(options, fc.boolean(), (wish, isLast) => {
        const typed = [`--ar ${wish.aspectRatio}`, `--size ${wish.size}`, `--n ${wish.count}`];
        const words = isLast ? typed.toReversed().join(' ') : typed.join(' ');
        const read = readInlineOptions(isLast ? `a fox ${words}` : `${words} a fox`);
        expect(read).toEqual({ prompt: 'a fox', options: wish });
      }),
    );
  });

  it('are read in linear time', () => {
    const startedAt = performance.now();
    for (const piece of [' --ar', ' --ar ', ' --n=', ' —', '--size   ']) {
      try {
        readInlineOptions(piece.repeat(100_000 / piece.length));
      } catch {
        // Refused or not: only the time counts here.
      }
    }
    readInlineOptions(`a fox --ar${' '.repeat(100_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
