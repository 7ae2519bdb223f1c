import { describe, expect, it } from 'vitest';
import { bodyChunks } from '../../../src/core/wire/body.ts';
import { encodeRequest } from '../../../src/core/wire/encode.ts';
import type { ChatStyle, Message, WireInput } from '../../../src/core/wire/types.ts';

const PRO = 'gemini-3-pro-image-preview';
const STYLE: ChatStyle = {
  imagePart: 'image_url',
  sizing: [],
  modalities: false,
  streamUsage: false,
};
const ASK: Message = { role: 'user', parts: [{ type: 'text', text: 'a fox' }] };

function encode(facts: Partial<WireInput> = {}) {
  return encodeRequest('gemini', { model: PRO, messages: [ASK], stream: false, ...facts }, STYLE);
}

function sent(facts: Partial<WireInput> = {}) {
  return JSON.parse(Buffer.concat([...bodyChunks(encode(facts).body)]).toString());
}

describe('gemini', () => {
  it.each([
    [PRO, false, `/v1beta/models/${PRO}:generateContent`],
    [PRO, true, `/v1beta/models/${PRO}:streamGenerateContent?alt=sse`],
    [`models/${PRO}`, false, `/v1beta/models/${PRO}:generateContent`],
    [`google/${PRO}`, false, `/v1beta/models/google%2F${PRO}:generateContent`],
    ['../x?y#z', false, '/v1beta/models/..%2Fx%3Fy%23z:generateContent'],
  ])('%s, streamed %s, goes to %s', (model, stream, path) => {
    expect(encode({ model, stream }).path).toBe(path);
  });

  it('asks for words and a picture, with the ratio and size it takes', () => {
    expect(sent({ aspectRatio: '16:9', size: '4K' })).toEqual({
      contents: [ASK].map(({ role }) => ({ role, parts: [{ text: 'a fox' }] })),
      generationConfig: {
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '16:9', imageSize: '4K' },
        thinkingConfig: { includeThoughts: true },
      },
    });
    expect(sent({ size: '512' }).generationConfig).not.toHaveProperty('imageConfig');
  });

  it.each([
    ['gemini-2.5-flash-image', false],
    ['house-model', false],
    ['gemini-3.1-flash-image', true],
  ])('asks %s for thoughts: %s', (model, asked) => {
    expect('thinkingConfig' in sent({ model }).generationConfig).toBe(asked);
  });

  it('asks for words only', () => {
    const { generationConfig } = sent({ textOnly: true, aspectRatio: '1:1', size: '2K' });
    expect(generationConfig.responseModalities).toEqual(['TEXT']);
    expect(generationConfig).not.toHaveProperty('imageConfig');
  });

  it.each([
    [PRO, [{ google_search: {} }]],
    ['gemini-2.5-flash-image', undefined],
  ])('searches with %s', (model, tools) => {
    expect(sent({ model, search: true }).tools).toEqual(tools);
    expect(sent({ model })).not.toHaveProperty('tools');
  });

  it('replays every part in its place with its own signature', () => {
    const data = Buffer.from('pixels');
    const messages: Message[] = [
      ASK,
      {
        role: 'model',
        parts: [
          { type: 'text', text: 'here', signature: 'seal-1' },
          { type: 'image', mediaType: 'image/jpeg', data, signature: 'seal-2' },
          { type: 'text', text: '', signature: 'seal-3' },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'at night' }] },
    ];
    expect(sent({ messages, count: 2 }).contents).toEqual([
      { role: 'user', parts: [{ text: 'a fox' }] },
      {
        role: 'model',
        parts: [
          { text: 'here', thoughtSignature: 'seal-1' },
          {
            inlineData: { mimeType: 'image/jpeg', data: data.toString('base64') },
            thoughtSignature: 'seal-2',
          },
          { text: '', thoughtSignature: 'seal-3' },
        ],
      },
      { role: 'user', parts: [{ text: 'at night' }, { text: 'Make 2 different pictures.' }] },
    ]);
  });
});
