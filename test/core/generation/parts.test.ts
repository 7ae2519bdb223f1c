import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { storeParts } from '../../../src/core/generation/parts.ts';
import { createPictureStore, type PictureStore } from '../../../src/core/image/picture-store.ts';
import type { Picture } from '../../../src/core/types.ts';
import type { Answer, AnswerPart, Dialect, Payload } from '../../../src/core/wire/types.ts';
import { payloadOf } from '../image/pictures.ts';
import { answerOf } from './answers.ts';

const [FOX, OWL] = [payloadOf(Buffer.from('fox')), payloadOf(Buffer.from('owl'))];
const LONG_SEAL = Buffer.alloc(9_000, 'seal').toString('base64');
const fox = (changes: Partial<AnswerPart> = {}): AnswerPart =>
  ({ type: 'image', payload: FOX, ...changes }) as AnswerPart;
const owl: AnswerPart = { type: 'image', payload: OWL };
const text = (words: string, signature?: Payload | string): AnswerPart => ({
  type: 'text',
  text: words,
  ...(signature !== undefined && { signature }),
});
const PICTURE = { hash: 'aa', mediaType: 'image/png', width: 1, height: 1, bytes: 3 } as const;

let directory = '';
let pictures: PictureStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'easel-parts-'));
  pictures = createPictureStore({ directory });
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function partsOf(
  parts: AnswerPart[],
  { kept = [FOX], bytes = 3, dialect = 'gemini' as Dialect, store = pictures } = {},
) {
  const answer: Answer = answerOf([], { parts });
  const row: Picture = { ...PICTURE, bytes, path: '/pictures/aa' };
  const stored = new Map(kept.map((payload) => [payload, row]));
  return storeParts({ answer, dialect, provider: 'gateway', model: 'model' }, stored, store);
}

describe('the parts of a model’s turn', () => {
  it('are kept in order, with their seals, and without a path', async () => {
    expect(
      await partsOf([text('Here', 'seal-1'), fox({ signature: 'seal-2' }), text('', 'seal-3')]),
    ).toEqual([
      { type: 'text', text: 'Here', signature: { text: 'seal-1' } },
      { type: 'image', picture: PICTURE, signature: { text: 'seal-2' } },
      { type: 'text', text: '', signature: { text: 'seal-3' } },
    ]);
    expect(await readdir(directory)).toEqual([]);
  });

  it.each<[string, Payload | string, string]>([
    ['a payload', payloadOf(Buffer.from('long seal')), 'long seal'],
    ['a long text', LONG_SEAL, Buffer.from(LONG_SEAL, 'base64').toString()],
  ])('have the seal that came as %s in a file', async (_name, signature, bytes) => {
    const [part] = (await partsOf([fox({ signature })])) ?? [];
    const seal = part?.signature;
    expect(seal).toEqual({ file: expect.stringMatching(/^[0-9a-f]{64}$/) });
    if (seal === undefined || !('file' in seal)) throw new Error('no file');
    expect(String(await pictures.read(seal))).toBe(bytes);
  });

  it('leave out what says nothing', async () => {
    expect(await partsOf([fox(), text('')])).toEqual([{ type: 'image', picture: PICTURE }]);
  });

  it.each<[string, AnswerPart[], Parameters<typeof partsOf>[1]?]>([
    ['of a chat dialect', [fox()], { dialect: 'openai-chat' }],
    ['with a picture that is not stored', [fox(), owl]],
    ['without a picture that is stored', [fox()], { kept: [FOX, OWL] }],
    ['without any picture', [text('Here')]],
    ['with a picture whose tail was cut off', [fox()], { bytes: 2 }],
    ['with a long seal in another alphabet', [fox({ signature: `-_${LONG_SEAL.slice(2)}` })]],
    ['with a long seal without its padding', [fox({ signature: `${LONG_SEAL}QQ` })]],
  ])('%s are not kept', async (_name, parts, options) => {
    expect(await partsOf(parts, options)).toBeUndefined();
  });

  it('are not kept when the disk is full', async () => {
    const full = () => Promise.reject(new EaselError('internal'));
    const store = { ...pictures, addFile: full };
    expect(await partsOf([fox({ signature: LONG_SEAL })], { store })).toBeUndefined();
  });
});
