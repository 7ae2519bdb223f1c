import { describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createVerifier, selectPictures } from '../../../src/core/generation/select.ts';
import type { Downloader } from '../../../src/core/image/download.ts';
import type { Answer, PictureRank } from '../../../src/core/wire/types.ts';
import { insert, pngChunk } from '../image/pictures.ts';
import { answerOf, createPayloads, found, pngOf } from './answers.ts';

const [RED, DARK, BLACK] = [await pngOf(200), await pngOf(100), await pngOf(0)];
/** Behind the header, where provenance lies too. */
const RED_TWIN = insert(RED, 33, pngChunk('caBX', Buffer.from('provenance')));
const CUT = RED.subarray(0, -5);
const HTML = Buffer.from('<html>no picture</html>');
const BYTES: Record<string, Buffer> = { RED, DARK, BLACK, RED_TWIN, CUT, HTML };

type Wish = [rank: PictureRank, picture: string];

/** `https://<name>` is a link to that picture, `https://dead/` and `https://private/` cannot be fetched. */
function open(wishes: Wish[], changes: Partial<Answer> = {}) {
  const payloads = createPayloads();
  const download = vi.fn<Downloader['download']>(async (url) => {
    const name = url.replace('https://', '');
    if (name === 'dead/') throw new EaselError('unreachable-image', { subject: 'dead' });
    if (name === 'private/') throw new EaselError('attachment-blocked', { subject: 'private' });
    return payloads.of(`link ${name}`, BYTES[name] ?? HTML);
  });
  const pictures = wishes.map(([rank, name], at) =>
    found(
      rank,
      name.startsWith('https:') ? name : payloads.of(`${at} ${name}`, BYTES[name] ?? HTML),
    ),
  );
  const controller = new AbortController();
  const answer = answerOf(pictures, changes);
  const select = () => selectPictures(answer, createVerifier({ download }), controller.signal);
  return { payloads, download, controller, select };
}

describe('the pictures of an answer', () => {
  it.each<[string, Wish[], string[]]>([
    ['one', [['final', 'RED']], ['0 RED']],
    [
      'several, in order',
      [
        ['final', 'RED'],
        ['final', 'DARK'],
      ],
      ['0 RED', '1 DARK'],
    ],
    [
      'none twice',
      [
        ['final', 'RED'],
        ['final', 'RED'],
      ],
      ['0 RED'],
    ],
    [
      'no twin that differs in provenance',
      [
        ['final', 'RED_TWIN'],
        ['final', 'RED'],
      ],
      ['0 RED_TWIN'],
    ],
    [
      'finals before drafts and strays',
      [
        ['draft', 'RED'],
        ['stray', 'DARK'],
        ['final', 'BLACK'],
      ],
      ['2 BLACK'],
    ],
    [
      'the last draft',
      [
        ['draft', 'RED'],
        ['draft', 'DARK'],
      ],
      ['1 DARK'],
    ],
    [
      'the last draft that is whole',
      [
        ['draft', 'RED'],
        ['draft', 'DARK'],
        ['draft', 'CUT'],
      ],
      ['1 DARK'],
    ],
    [
      'strays at last',
      [
        ['stray', 'RED'],
        ['stray', 'DARK'],
      ],
      ['0 RED', '1 DARK'],
    ],
    [
      'what is whole of the finals',
      [
        ['final', 'CUT'],
        ['final', 'RED'],
        ['final', 'HTML'],
      ],
      ['1 RED'],
    ],
    [
      'a draft for want of a whole final',
      [
        ['draft', 'RED'],
        ['final', 'CUT'],
      ],
      ['0 RED'],
    ],
    ['a link', [['final', 'https://RED']], ['link RED']],
    [
      'no link to what is here',
      [
        ['final', 'RED'],
        ['final', 'https://RED'],
      ],
      ['0 RED'],
    ],
    [
      'what is here for want of a link',
      [
        ['final', 'https://dead/'],
        ['final', 'RED'],
      ],
      ['1 RED'],
    ],
  ])('%s', async (_name, wishes, expected) => {
    const { payloads, select } = open(wishes);
    const chosen = await select();
    expect(chosen).toHaveLength(expected.length);
    expect(payloads.kept()).toEqual(expected);
    expect(chosen.map(({ inspection }) => inspection.mediaType)).toEqual(
      expected.map(() => 'image/png'),
    );
  });

  it('are ten at most', async () => {
    const { payloads, select } = open([]);
    const many = await Promise.all(Array.from({ length: 12 }, (_, shade) => pngOf(shade)));
    const pictures = many.map((bytes, at) => found('final', payloads.of(`${at}`, bytes)));
    await expect(select()).rejects.toMatchObject({ code: 'incomplete-image' });
    const chosen = await selectPictures(
      answerOf(pictures),
      createVerifier({ download: () => Promise.reject(new Error('no')) }),
      new AbortController().signal,
    );
    expect(chosen).toHaveLength(10);
    expect(payloads.discarded()).toEqual(['10', '11']);
  });

  it('leave the signatures to the caller, or nothing', async () => {
    const payloads = createPayloads();
    const [payload, seal] = [payloads.of('picture', RED), payloads.of('seal', HTML)];
    const answer = answerOf([{ rank: 'final', payload, signature: seal }], {
      parts: [
        { type: 'text', text: 'A fox.', signature: payloads.of('seal of text', HTML) },
        { type: 'image', payload, signature: seal },
      ],
    });
    const verifier = createVerifier({ download: () => Promise.reject(new Error('no')) });
    const { signal } = new AbortController();
    await selectPictures(answer, verifier, signal);
    expect(payloads.kept()).toEqual(['picture', 'seal', 'seal of text']);

    const cut = payloads.of('cut', CUT);
    const broken = { ...answer, pictures: [{ rank: 'final' as const, payload: cut }] };
    await expect(selectPictures(broken, verifier, signal)).rejects.toThrow();
    expect(payloads.kept()).toEqual([]);
  });
});

describe('no whole picture', () => {
  it.each<[string, Wish[], object]>([
    ['a cut one', [['final', 'CUT']], { code: 'incomplete-image' }],
    ['none at all', [['final', 'HTML']], { code: 'incomplete-image' }],
    ['a dead link', [['final', 'https://dead/']], { code: 'unreachable-image', subject: 'dead' }],
    ['a forbidden link', [['stray', 'https://private/']], { code: 'unreachable-image' }],
    ['a link to a page', [['final', 'https://HTML']], { code: 'incomplete-image' }],
    [
      'several',
      [
        ['final', 'CUT'],
        ['draft', 'HTML'],
        ['stray', 'https://dead/'],
      ],
      { code: 'incomplete-image' },
    ],
  ])('%s: perhaps paid, and nothing is kept', async (_name, wishes, facts) => {
    const { payloads, select } = open(wishes);
    await expect(select()).rejects.toMatchObject({ ...facts, billed: 'maybe' });
    expect(payloads.kept()).toEqual([]);
  });

  it.each<[string, Partial<Answer>, string | undefined]>([
    [
      'the error of the gateway',
      { error: { message: 'Too large.', tags: '' }, text: 'Words' },
      'Too large.',
    ],
    ['the words of the model', { text: 'I could not finish.' }, 'I could not finish.'],
    ['nothing', {}, undefined],
    ['no base64', { text: 'A'.repeat(500) }, '…'],
  ])('is explained by %s', async (_name, changes, detail) => {
    const { select } = open([['final', 'CUT']], changes);
    await expect(select()).rejects.toMatchObject({ detail });
  });

  it('cancelled: perhaps paid, and nothing is kept', async () => {
    const { payloads, download, controller, select } = open([
      ['final', 'https://RED'],
      ['final', 'https://DARK'],
      ['final', 'https://BLACK'],
    ]);
    const fetch = download.getMockImplementation();
    download.mockImplementation(async (url, options) => {
      if (url !== 'https://DARK' && fetch !== undefined) return fetch(url, options);
      controller.abort();
      throw new EaselError('cancelled');
    });
    await expect(select()).rejects.toMatchObject({ code: 'cancelled', billed: 'maybe' });
    expect([download.mock.calls.length, payloads.kept()]).toEqual([2, []]);
  });

  it('dead links are waited for a minute in all', async () => {
    vi.useFakeTimers();
    try {
      const { download, select } = open([
        ['final', 'https://slow/1'],
        ['final', 'https://slow/2'],
        ['final', 'https://slow/3'],
      ]);
      download.mockImplementation(async (_url, { timeoutMs }) => {
        vi.setSystemTime(Date.now() + Math.min(timeoutMs, 45_000));
        throw new EaselError('unreachable-image');
      });
      await expect(select()).rejects.toMatchObject({ code: 'unreachable-image' });
      expect(download.mock.calls.map(([, options]) => options.timeoutMs)).toEqual([
        60_000, 15_000, 1,
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});
