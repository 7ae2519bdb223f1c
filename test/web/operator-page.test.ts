import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/core/errors.ts';
import { LANGUAGES } from '../../src/core/index.ts';
import { operatorWords } from '../../src/web/words.ts';

const DIRECTORY = new URL('../../src/web/page/', import.meta.url);
const NAMES = readdirSync(DIRECTORY).filter((name) => name.startsWith('operator'));
const read = (name: string) => readFileSync(new URL(name, DIRECTORY), 'utf8');

describe('the operator’s page', () => {
  it('stays small: less than 48 KiB, 20 KiB packed', () => {
    const files = NAMES.map((name) => Buffer.from(read(name)));
    const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
    expect(sum(files.map(({ length }) => length))).toBeLessThan(49_152);
    expect(sum(files.map((file) => gzipSync(file).length))).toBeLessThan(20_480);
  });

  it('says all its words, and no others', () => {
    const code = NAMES.filter((name) => name.endsWith('.js'))
      .map(read)
      .join('\n');
    const { words } = operatorWords('en');
    // Of the core, which tells operators in a chat; and by the codes of errors.
    const others = /^(?:told|notice|error\..*)$/;
    const keys = Object.keys(words).filter((key) => !others.test(key));
    const isSaid = (key: string) => {
      const [group = ''] = key.split('.');
      return code.includes(`'${key}'`) || code.includes(`\`${group}.\${`);
    };
    expect(keys.filter((key) => !isSaid(key))).toEqual([]);
    const asked = [...code.matchAll(/\bsay\(\s*'([\w.-]+)'/g)].map(([, key = '']) => key);
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((key) => !(key in words))).toEqual([]);
  });

  it.each(LANGUAGES)('has words for every failure, complete in themselves: %s', (language) => {
    const { problems } = operatorWords(language);
    for (const code of ERROR_CODES) expect(problems[code], code).toMatch(/^[^{}⚠]{4,}$/u);
  });
});
