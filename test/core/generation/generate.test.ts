import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { createGenerator } from '../../../src/core/generation/generate.ts';
import { createVerifier } from '../../../src/core/generation/select.ts';
import { createPictureStore, type PictureStore } from '../../../src/core/image/picture-store.ts';
import type { ProviderRequest } from '../../../src/core/provider/provider.ts';
import type { Answer, Message } from '../../../src/core/wire/types.ts';
import { answerOf, createPayloads, found, pngOf } from './answers.ts';

const [RED, DARK] = [await pngOf(200), await pngOf(100)];
const SIGNAL = new AbortController().signal;
const ASK: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'a fox' }] }];

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'easel-generate-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A provider that gives these answers or failures, one after the other. */
function open(
  answers: (Answer | Error)[],
  { folder = directory, ...broken }: Partial<PictureStore> & { folder?: string } = {},
) {
  const asked: ProviderRequest[] = [];
  const generator = createGenerator({
    provider: {
      name: 'gateway',
      models: async () => [],
      async generate(request) {
        asked.push(request);
        const answer = answers[asked.length - 1];
        if (answer === undefined) throw new Error('asked too often');
        if (answer instanceof Error) throw answer;
        return { answer, provider: 'gateway', model: 'model', dialect: 'gemini' };
      },
    },
    verifier: createVerifier({ download: () => Promise.reject(new Error('no')) }),
    pictures: { ...createPictureStore({ directory: folder }), ...broken },
  });
  const paint = () => generator.generate({ messages: ASK, options: {} }, { signal: SIGNAL });
  return { asked, generator, paint };
}

describe('a generation', () => {
  it('asks with all that it was given', async () => {
    const { generator, asked } = open([answerOf([found('final', createPayloads().of('a', RED))])]);
    const options = { aspectRatio: '16:9' as const, count: 2, model: 'other' };
    const origin = { provider: 'gateway', model: 'other', dialect: 'gemini' as const };
    const replay = { ...origin, messages: ASK };
    await generator.generate({ messages: ASK, replay, options }, { signal: SIGNAL });
    expect(asked).toEqual([{ ...options, messages: ASK, replay }]);
  });

  it('stores each picture once, frees what it came in, and tells what there was', async () => {
    const payloads = createPayloads();
    const pictures = [RED, DARK, RED].map((bytes, at) =>
      found('final', payloads.of(`${at}`, bytes)),
    );
    const said = { text: 'Foxes.', truncated: true, sources: [{ url: 'https://fox/' }] };
    const { paint } = open([answerOf(pictures, { ...said, usage: { totalTokens: 7 } })]);
    const generation = await paint();
    expect(generation).toMatchObject({
      ...said,
      usage: { totalTokens: 7 },
      provider: 'gateway',
      model: 'model',
      dialect: 'gemini',
    });
    expect(generation.pictures).toMatchObject([
      { mediaType: 'image/png', width: 8, height: 8, bytes: RED.length },
      { bytes: DARK.length },
    ]);
    const files = await Promise.all(generation.pictures.map(({ path }) => readFile(path)));
    expect(files).toEqual([RED, DARK]);
    const names = await readdir(directory, { recursive: true });
    expect(names.filter((name) => name.endsWith('.png'))).toHaveLength(2);
    expect(payloads.kept()).toEqual([]);
  });

  it('may have been paid for when the disk fails, and leaves nothing in memory', async () => {
    const folder = join(directory, 'file');
    await writeFile(folder, '');
    const payloads = createPayloads();
    const pictures = [RED, DARK].map((bytes, at) => found('final', payloads.of(`${at}`, bytes)));
    const { paint } = open([answerOf(pictures)], { folder });
    await expect(paint()).rejects.toMatchObject({ code: 'internal', billed: 'maybe' });
    expect(payloads.kept()).toEqual([]);
  });

  it('brings what was stored before the disk was full', async () => {
    const payloads = createPayloads();
    const pictures = [RED, DARK].map((bytes, at) => found('final', payloads.of(`${at}`, bytes)));
    const { add } = createPictureStore({ directory });
    let left = 1;
    const addUntilFull: PictureStore['add'] = async (payload, inspection) => {
      if (left === 0) throw new EaselError('internal', { subject: 'picture store' });
      left -= 1;
      return add(payload, inspection);
    };
    const { paint } = open([answerOf(pictures)], { add: addUntilFull });
    const generation = await paint();
    expect(generation.pictures).toMatchObject([{ bytes: RED.length }]);
    expect(generation.truncated).toBe(true);
    expect(payloads.kept()).toEqual([]);
  });
});

describe('words', () => {
  it('come without the pictures that an answer holds', async () => {
    const payloads = createPayloads();
    const pictures = [found('final', payloads.of('a', RED))];
    const { generator, asked } = open([answerOf(pictures, { text: 'A fox.' })]);
    const request = { messages: ASK, options: {}, textOnly: true };
    expect(await generator.describe(request, { signal: SIGNAL })).toEqual({
      text: 'A fox.',
      sources: [],
      usage: undefined,
      provider: 'gateway',
      model: 'model',
      dialect: 'gemini',
    });
    expect(asked).toEqual([{ messages: ASK, textOnly: true }]);
    expect(payloads.kept()).toEqual([]);
  });
});
