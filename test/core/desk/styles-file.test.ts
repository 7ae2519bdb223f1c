import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STARTER_STYLES } from '../../../src/core/desk/starter-styles.ts';
import { loadStyles } from '../../../src/core/desk/styles-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-styles-'));
});
beforeEach(() => rm(join(folder, 'styles.yaml'), { recursive: true, force: true }));
afterAll(() => rm(folder, { recursive: true }));

const load = async (text: string) => {
  await writeFile(join(folder, 'styles.yaml'), text);
  return loadStyles(folder);
};

describe('styles.yaml', () => {
  it.each(['', '# nothing yet\n', '[]'])('may be missing or empty: %j', async (text) => {
    if (text !== '') await load(text);
    expect(await loadStyles(folder)).toEqual(STARTER_STYLES);
  });

  it('adds styles before the starters, and replaces those of the same name', async () => {
    const styles = await load(`
- name: Poster
  label: 🪧 Poster
  prompt: |
    Make it a poster.
    With bold shapes.
- name: night
  label: { en: Midnight, zh: 午夜, ja: 真夜中 }
  prompt: Make it midnight.
`);
    expect(styles.slice(0, 2)).toEqual([
      {
        name: 'poster',
        labels: { en: '🪧 Poster', zh: '🪧 Poster', ja: '🪧 Poster' },
        prompt: 'Make it a poster.\nWith bold shapes.',
      },
      {
        name: 'night',
        labels: { en: 'Midnight', zh: '午夜', ja: '真夜中' },
        prompt: 'Make it midnight.',
      },
    ]);
    expect(styles.slice(2)).toEqual(STARTER_STYLES.slice(1));
  });

  it.each([
    ['no list', 'name: night', 'it must be a list of styles'],
    ['no YAML', '- name: [night', /./],
    ['no entry', '- night', /^entry 1: /],
    ['no prompt', '- {name: a, label: A}', /^entry 1 \(“a”\): prompt: /],
    ['no label', '- {name: a, prompt: p}', /^entry 1 \(“a”\): label: words of at most 40/],
    ['half a label', '- {name: a, label: {en: A}, prompt: p}', /^entry 1 \(“a”\): label/],
    ['an empty prompt', '- {name: a, label: A, prompt: "  "}', /^entry 1 \(“a”\): prompt: /],
    [
      'a name with spaces in the second entry',
      '- {name: a, label: A, prompt: p}\n- {name: old film, label: B, prompt: p}',
      'entry 2 (“old film”): name: letters, digits and hyphens, at most 32',
    ],
    ['a misspelt field', '- {name: a, label: A, promt: p, prompt: p}', /^entry 1 \(“a”\): .*promt/],
    [
      'a name twice',
      '- {name: a, label: A, prompt: p}\n- {name: A, label: B, prompt: p}',
      '“a” stands there twice',
    ],
  ])('with %s is refused with the entry that is wrong', async (_name, text, detail) => {
    await expect(load(text)).rejects.toMatchObject({
      code: 'bad-config',
      subject: 'styles.yaml',
      detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    });
  });

  it('that cannot be read is refused', async () => {
    await mkdir(join(folder, 'styles.yaml'));
    await expect(loadStyles(folder)).rejects.toMatchObject({ detail: 'unreadable' });
  });
});

describe('the starters', () => {
  it('are eight, each once, with names that fit into buttons', () => {
    const names = STARTER_STYLES.map(({ name }) => name);
    expect([names.length, new Set(names).size]).toEqual([8, 8]);
    for (const name of names) expect(name).toMatch(/^[a-z-]{1,32}$/);
  });

  it.each(STARTER_STYLES)(
    '$name is labelled in each language and keeps who is in the picture',
    (style) => {
      const { en, zh, ja } = style.labels;
      const emoji = (label: string) => /^\p{Extended_Pictographic}\uFE0F? \S/u.exec(label)?.[0][0];
      expect(emoji(en)).toBeDefined();
      expect([emoji(zh), emoji(ja)]).toEqual([emoji(en), emoji(en)]);
      expect(style.prompt).toMatch(/recognisable/);
      expect(style.prompt.length).toBeLessThan(1_500);
    },
  );
});
