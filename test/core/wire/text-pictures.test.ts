import { describe, expect, it } from 'vitest';
import { createLiftedRuns } from '../../../src/core/wire/lifted.ts';
import { readText } from '../../../src/core/wire/text-pictures.ts';
import { createFakePayloads } from '../../fakes/payloads.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');

/** `{png}` stands for a lifted picture. */
async function read(text: string) {
  const runs = createLiftedRuns(createFakePayloads());
  const lifted = text.replaceAll('{png}', () => {
    const run = runs.start();
    run.write(PNG);
    return runs.token(runs.add(run));
  });
  const { text: caption, pictures } = await readText(lifted, runs);
  return [caption, ...pictures.map((one) => `${one.rank} ${'url' in one ? one.url : 'bytes'}`)];
}

describe('readText', () => {
  it.each([
    ['words alone', 'hello', ['hello']],
    ['markdown', 'see ![x](data:image/png;base64,{png})', ['see', 'final bytes']],
    [
      'an address as the alt text',
      '![https://x/y.png](https://x/y.png)',
      ['', 'final https://x/y.png'],
    ],
    ['a link with a title', '![a](https://x/y "title")', ['', 'final https://x/y']],
    ['brackets in a link', '![a](https://x/y_(1).png)', ['', 'final https://x/y_(1).png']],
    ['an escaped ampersand', '![a](https://x/y?a&amp;b)', ['', 'final https://x/y?a&b']],
    ['a relative link', '![a](/images/y)', ['', 'final /images/y']],
    ['what is no link', '![a](image upload err)', ['']],
    ['sound', '[media](data:audio/wav;base64,{png})', ['']],
    ['a link to a page', 'see [docs](https://x/docs)', ['see [docs](https://x/docs)']],
    ['a bare link to a picture', 'https://x/y.webp?t=1).', ['', 'stray https://x/y.webp?t=1']],
    ['a bare link to a page', 'https://x/y', ['https://x/y']],
    [
      'a bare link beside a picture',
      '![a](https://x/1)\nhttps://x/2.png',
      ['https://x/2.png', 'final https://x/1'],
    ],
    [
      'thoughts',
      '<think>![d](https://x/d)</think>hi ![a](https://x/a)',
      ['hi', 'draft https://x/d', 'final https://x/a'],
    ],
    ['thoughts without an end', '<think>hm ![a](https://x/a)', ['', 'draft https://x/a']],
    ['thoughts without a beginning', 'hm</think>hi', ['hi']],
    ['a picture that never came', 'hi ![image](data:image/png;ba', ['hi']],
    [
      'several pictures',
      'a ![1](https://x/1) b ![2](https://x/2) c',
      ['a b c', 'final https://x/1', 'final https://x/2'],
    ],
  ])('reads %s', async (_name, text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  it('writes back what was no picture', async () => {
    const runs = createLiftedRuns(createFakePayloads());
    const run = runs.start();
    run.write('abcdefg');
    expect((await readText(`say ${runs.token(runs.add(run))}!`, runs)).text).toBe('say abcdefg!');
  });

  it.each(['![', '[a](', '](', '<think>', '> 进度', 'data:image/', '((((', '****'])(
    'is linear in %j over and over',
    async (piece) => {
      const begun = performance.now();
      await read(piece.repeat(100_000 / piece.length));
      expect(performance.now() - begun).toBeLessThan(1_000);
    },
  );
});
