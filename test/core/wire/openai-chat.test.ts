import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyChunks, bodyLength, jsonBody } from '../../../src/core/wire/body.ts';
import { encodeRequest } from '../../../src/core/wire/encode.ts';
import { fitOptions, pixelsFor } from '../../../src/core/wire/models.ts';
import type { BodyPiece, ChatStyle, WireInput } from '../../../src/core/wire/types.ts';

const PRO = 'gemini-3-pro-image-preview';
const STYLE: ChatStyle = {
  imagePart: 'image_url',
  sizing: ['image_config'],
  modalities: true,
  streamUsage: true,
};
const FOX = { type: 'text', text: 'a fox' } as const;
const PNG = { type: 'image', mediaType: 'image/png', data: Buffer.from('pixels') } as const;
const PNG_URL = `data:image/png;base64,${Buffer.from('pixels').toString('base64')}`;

function input(facts: Partial<WireInput> = {}): WireInput {
  return { model: PRO, messages: [{ role: 'user', parts: [FOX] }], stream: true, ...facts };
}

function textOf(pieces: BodyPiece[]): string {
  return Buffer.concat([...bodyChunks(pieces)]).toString();
}

function sent(facts: Partial<WireInput> = {}, style: Partial<ChatStyle> = {}) {
  const { body } = encodeRequest('openai-chat', input(facts), { ...STYLE, ...style });
  return JSON.parse(textOf(body));
}

describe('openai-chat', () => {
  it('sends words as a plain string, and asks for pictures and usage', () => {
    expect(sent()).toEqual({
      model: PRO,
      stream: true,
      stream_options: { include_usage: true },
      modalities: ['image', 'text'],
      messages: [{ role: 'user', content: 'a fox' }],
    });
    const request = encodeRequest('openai-chat', input(), STYLE);
    expect(request.path).toBe('/v1/chat/completions');
    expect(request.contentType).toBe('application/json');
  });

  it.each([
    ['image_url', { type: 'image_url', image_url: { url: PNG_URL } }],
    ['image', { type: 'image', image: PNG_URL }],
  ] as const)('sends pictures as data URIs in %s parts', (imagePart, part) => {
    const messages: WireInput['messages'] = [{ role: 'user', parts: [FOX, PNG] }];
    expect(sent({ messages }, { imagePart }).messages).toEqual([
      { role: 'user', content: [FOX, part] },
    ]);
  });

  it.each<[ChatStyle['sizing'], object]>([
    [['image_config'], { image_config: { aspect_ratio: '16:9', image_size: '2K' } }],
    [
      ['extra_body'],
      { extra_body: { google: { image_config: { aspect_ratio: '16:9', image_size: '2K' } } } },
    ],
    [
      ['prompt'],
      { messages: [{ role: 'user', content: 'a fox\n\nAspect ratio: 16:9. Resolution: 2K.' }] },
    ],
  ])('spells ratio and size by %j', (sizing, wanted) => {
    expect(sent({ aspectRatio: '16:9', size: '2K' }, { sizing })).toMatchObject(wanted);
  });

  it('leaves ratio and size out that the model does not take', () => {
    expect(sent({ model: 'gemini-2.5-flash-image', size: '4K' })).not.toHaveProperty(
      'image_config',
    );
    expect(sent({ aspectRatio: '16:9' }).image_config).toEqual({ aspect_ratio: '16:9' });
  });

  it('says a number of pictures in words, after the pictures of the last turn', () => {
    expect(sent({ count: 3 }).messages[0].content).toBe('a fox\n\nMake 3 different pictures.');
    expect(sent({ count: 3 })).not.toHaveProperty('n');
    expect(sent({ count: 1 }).messages[0].content).toBe('a fox');
  });

  it('asks for words only', () => {
    const body = sent({ textOnly: true, aspectRatio: '1:1', count: 2 }, { sizing: ['prompt'] });
    expect(body).toMatchObject({ modalities: ['text'], messages: [{ content: 'a fox' }] });
  });

  it('sends no optional field that the style leaves out', () => {
    const plain = { modalities: false, streamUsage: false, sizing: [] };
    expect(Object.keys(sent({ stream: false, size: '2K' }, plain))).toEqual([
      'model',
      'stream',
      'messages',
    ]);
    expect(sent({ stream: false })).not.toHaveProperty('stream_options');
  });

  it('sends a model turn as words, without its pictures', () => {
    const messages: WireInput['messages'] = [
      { role: 'model', parts: [{ type: 'text', text: 'here' }, PNG] },
      { role: 'model', parts: [PNG] },
      { role: 'user', parts: [FOX] },
    ];
    expect(sent({ messages }).messages).toEqual([
      { role: 'assistant', content: 'here' },
      { role: 'user', content: 'a fox' },
    ]);
  });

  it.each([
    ['![x](data:image/png;base64,AA) go', '![x] (data:image/png;base64,AA) go'],
    ['![x]( DATA:x', '![x] ( DATA:x'],
  ])('neutralises %j', (text, wanted) => {
    const parts: WireInput['messages'][0]['parts'] = [{ type: 'text', text }];
    expect(sent({ messages: [{ role: 'user', parts }] }).messages[0].content).toBe(wanted);
    const mixed = sent({ messages: [{ role: 'user', parts: [...parts, PNG] }] });
    expect(mixed.messages[0].content[0].text).toBe(wanted);
  });

  it('merges extra fields beside ours', () => {
    const extraFields = { temperature: 1, extra_body: { google: { a: 1 }, b: [2] } };
    const body = sent({ aspectRatio: '1:1' }, { sizing: ['extra_body'], extraFields });
    expect(body).toMatchObject({ temperature: 1 });
    expect(body.extra_body).toEqual({
      google: { image_config: { aspect_ratio: '1:1' }, a: 1 },
      b: [2],
    });
  });

  it('keeps pictures out of strings', () => {
    const messages: WireInput['messages'] = [{ role: 'user', parts: [PNG, FOX, PNG] }];
    const { body } = encodeRequest('openai-chat', input({ messages }), STYLE);
    expect(body.filter((piece) => typeof piece !== 'string')).toEqual([
      { base64: PNG.data },
      { base64: PNG.data },
    ]);
  });
});

describe('body', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array().map((raw) => ({ raw })),
    fc.uint8Array().map((base64) => ({ base64 })),
  );

  it('knows its exact length', () => {
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const chunks = Buffer.concat([...bodyChunks(pieces)]);
        expect(chunks.length).toBe(bodyLength(pieces));
      }),
    );
  });

  it.each([0, 1, 2, 3, 49_151, 49_152, 49_153, 200_000])(
    'encodes %i bytes in small slices',
    (length) => {
      const shared = new Uint8Array(length + 8).map((_, at) => at * 31);
      const chunks = [...bodyChunks([{ base64: shared.subarray(8) }])];
      const whole = Buffer.from(shared.subarray(8)).toString('base64');
      expect(Buffer.concat(chunks).toString()).toBe(whole);
      expect(Math.max(0, ...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(65_536);
    },
  );

  it('gives back JSON whatever the words hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.uint8Array(), (words, bytes) => {
        const pieces = jsonBody((slot) => ({ words, a: `x,${slot(bytes)}`, b: [slot(bytes)] }));
        const base64 = Buffer.from(bytes).toString('base64');
        const wanted = { words: words.map((word) => word.toWellFormed()), a: `x,${base64}` };
        expect(JSON.parse(textOf(pieces))).toMatchObject(JSON.parse(JSON.stringify(wanted)));
      }),
    );
  });
});

describe('models', () => {
  it.each<[string, Parameters<typeof fitOptions>[1], ReturnType<typeof fitOptions>]>([
    [
      'gemini-2.5-flash-image',
      { size: '2K', aspectRatio: '21:9' },
      { aspectRatio: '21:9', dropped: ['size'] },
    ],
    ['nano-banana', { size: '1K', aspectRatio: '8:1' }, { dropped: ['aspectRatio'] }],
    [`google/${PRO}`, { size: '512' }, { dropped: ['size'] }],
    [
      `vertex-${PRO}`,
      { size: '4K', aspectRatio: '4:5' },
      { size: '4K', aspectRatio: '4:5', dropped: [] },
    ],
    ['nano-banana-pro', { aspectRatio: '1:4' }, { dropped: ['aspectRatio'] }],
    [
      'gemini-3.1-flash-image-2K',
      { size: '512', aspectRatio: '1:8' },
      { size: '512', aspectRatio: '1:8', dropped: [] },
    ],
    [
      'gemini-3.1-flash-lite-image',
      { size: '4K', aspectRatio: '1:8' },
      { dropped: ['aspectRatio', 'size'] },
    ],
    [
      'gemini-nano-banana-2.1',
      { size: '512', aspectRatio: '8:1' },
      { aspectRatio: '8:1', dropped: ['size'] },
    ],
    ['gemini-2.0-flash-exp-image-generation', { aspectRatio: '1:1' }, { dropped: ['aspectRatio'] }],
    [
      'house-model',
      { size: '512', aspectRatio: '8:1' },
      { size: '512', aspectRatio: '8:1', dropped: [] },
    ],
    [PRO, {}, { dropped: [] }],
  ])('%s takes of %j what it can', (model, wish, wanted) => {
    expect(fitOptions(model, wish)).toEqual(wanted);
  });

  it.each([
    [PRO, '16:9', '4K', { width: 5504, height: 3072 }],
    ['gemini-2.5-flash-image', '16:9', '1K', { width: 1344, height: 768 }],
    ['gemini-2.5-flash-image', '16:9', '2K', undefined],
    ['gemini-3.1-flash-image', '21:9', '512', { width: 792, height: 336 }],
    ['house-model', '1:1', '2K', { width: 2048, height: 2048 }],
  ] as const)('%s makes %s at %s', (model, aspectRatio, size, wanted) => {
    expect(pixelsFor(model, aspectRatio, size)).toEqual(wanted);
  });
});
