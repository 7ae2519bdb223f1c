import { describe, expect, it } from 'vitest';

interface Said {
  text?: string;
  answers?: { message: number };
  pictures?: { width: number; height: number }[];
}
type Chosen = (name: string) => string | undefined;

// The page's modules are plain JavaScript, which the compiler does not read.
const {
  expectedOf,
}: {
  expectedOf(
    status: Said,
    chat: { find: (id: number) => Said | undefined; chosen: Chosen },
  ): { ratio: number; count: number };
} = await import(new URL('../../src/web/page/expected.js', import.meta.url).href);

const nothing: Chosen = () => undefined;
const wide: Chosen = (name) => ({ 'aspect-ratio': '21:9', count: '3' })[name];
const picture = { text: 'of no use: --ar 9:16', pictures: [{ width: 300, height: 200 }] };

describe('what is being painted', () => {
  it.each<[string, Said, Chosen, { ratio: number; count: number }]>([
    ['nothing said', { text: 'a fox' }, nothing, { ratio: 1, count: 1 }],
    ['said', { text: 'a fox --ar 16:9 --n 2' }, wide, { ratio: 16 / 9, count: 2 }],
    ['said in full', { text: 'a fox --aspect=4:5' }, nothing, { ratio: 4 / 5, count: 1 }],
    ['set', { text: 'a fox' }, wide, { ratio: 21 / 9, count: 3 }],
    ['said badly', { text: '--ar x --n 0' }, nothing, { ratio: 1, count: 1 }],
    ['said worse', { text: '--ar 1:0 --n 9' }, nothing, { ratio: 1, count: 4 }],
    [
      'on from a picture',
      { text: 'red', answers: { message: 1 } },
      nothing,
      { ratio: 1.5, count: 1 },
    ],
    ['by a button', { pictures: [{ width: 100, height: 200 }] }, nothing, { ratio: 0.5, count: 1 }],
  ])('has its shape and number, %s', (_, answered, chosen, expected) => {
    const find = (id: number) => (id === 1 ? picture : answered);
    expect(expectedOf({ answers: { message: 2 } }, { find, chosen })).toEqual(expected);
  });

  it('is one square where nothing is known', () => {
    const find = () => undefined;
    expect(expectedOf({}, { find, chosen: nothing })).toEqual({ ratio: 1, count: 1 });
  });
});
