import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { about } from '../../src/doctor/finding.ts';
import { tellFinding, tellSum } from '../../src/doctor/tell.ts';

const found = about('Thing');

describe('a finding', () => {
  it.each([
    [found.good('is there'), '✓ Thing: is there.\n'],
    [found.unset('not set'), '– Thing: not set.\n'],
    [found.bad('is gone', 'THING: bring it'), '✗ Thing: is gone.\n  → THING: bring it.\n'],
    [found.warning('is odd', 'is it?'), '! Thing: is odd.\n  → is it?\n'],
    [found.good('see https://a.example/b?c'), '✓ Thing: see https://a.example/b?c\n'],
    [found.good('is \u001b[31mred\u0007\nand\u009bmore'), '✓ Thing: is [31mred and more.\n'],
  ])('%#', (finding, text) => {
    expect(tellFinding(finding)).toBe(text);
  });

  it('keeps to 80 columns, and loses no word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, (list) => {
        const told = tellFinding(found.bad(list.join(' '), list.join(' ')));
        expect(Math.max(...told.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
        const again = told.replace(/[✗→]|Thing:/g, '').split(/[\s.]+/);
        expect(again.filter(Boolean)).toEqual([...list, ...list]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the sum', () => {
  const [good, bad, warning] = [found.good(''), found.bad('', ''), found.warning('', '')];
  it.each([
    [[good, found.unset('')], 'All is well.\n'],
    [[bad, good], '1 problem, 0 warnings.\n'],
    [[warning, warning, bad, bad], '2 problems, 2 warnings.\n'],
    [[warning], '0 problems, 1 warning.\n'],
  ])('%#', (findings, text) => {
    expect(tellSum(findings)).toBe(text);
  });
});
