import { describe, expect, it } from 'vitest';
import { bodyChunks, bodyLength } from '../../../src/core/wire/body.ts';
import { encodeRequest } from '../../../src/core/wire/encode.ts';
import type { ChatStyle, Message, WireInput } from '../../../src/core/wire/types.ts';

const STYLE: ChatStyle = {
  imagePart: 'image_url',
  sizing: [],
  modalities: false,
  streamUsage: false,
};
const ASK: Message = { role: 'user', parts: [{ type: 'text', text: 'a fox' }] };

function encode(facts: Partial<WireInput> = {}) {
  const input = { model: 'gpt-image-1', messages: [ASK], stream: false, ...facts };
  return encodeRequest('openai-images', input, STYLE);
}

function bytesOf(facts: Partial<WireInput>): Buffer {
  return Buffer.concat([...bodyChunks(encode(facts).body)]);
}

describe('openai-images', () => {
  it.each<[Partial<WireInput>, object]>([
    [{}, {}],
    [{ aspectRatio: '1:1' }, { size: '1024x1024' }],
    [{ aspectRatio: '16:9', size: '4K' }, { size: '1536x1024' }],
    [
      { aspectRatio: '4:5', count: 3 },
      { size: '1024x1536', n: 3 },
    ],
    [{ model: 'gemini-3-pro-image', aspectRatio: '16:9' }, { size: '16:9' }],
    [{ model: 'gemini-3-pro-image', size: '2K' }, { quality: 'hd' }],
    [{ model: 'gemini-3-pro-image', size: '1K' }, {}],
    [{ model: 'gemini-2.5-flash-image', size: '4K' }, {}],
  ])('%j makes %j', (facts, wanted) => {
    const model = facts.model ?? 'gpt-image-1';
    const request = encode(facts);
    expect(request).toMatchObject({
      path: '/v1/images/generations',
      contentType: 'application/json',
    });
    expect(JSON.parse(bytesOf(facts).toString())).toEqual({ model, prompt: 'a fox', ...wanted });
  });

  it('sends pictures as files of a form, the words of all turns as one prompt', async () => {
    const first = Buffer.from([0, 255, 13, 10, 45, 45]);
    const second = Buffer.from('second');
    const facts: Partial<WireInput> = {
      aspectRatio: '3:2',
      messages: [
        ASK,
        {
          role: 'user',
          parts: [
            { type: 'image', mediaType: 'image/png', data: first },
            { type: 'text', text: 'at "night"\r\n--easel' },
            { type: 'image', mediaType: 'image/jpeg', data: second },
          ],
        },
      ],
    };
    const { path, contentType, body } = encode(facts);
    expect(path).toBe('/v1/images/edits');
    const bytes = Buffer.concat([...bodyChunks(body)]);
    expect(bytes.length).toBe(bodyLength(body));
    const form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    }).formData();
    expect(form.get('model')).toBe('gpt-image-1');
    expect(form.get('size')).toBe('1536x1024');
    expect(form.get('prompt')).toBe('a fox\n\nat "night"\r\n--easel');
    const files = form.getAll('image[]').filter((entry) => typeof entry !== 'string');
    expect(files.map(({ name, type }) => [name, type])).toEqual([
      ['picture-1.png', 'image/png'],
      ['picture-2.jpg', 'image/jpeg'],
    ]);
    const contents = await Promise.all(files.map((file) => file.arrayBuffer()));
    expect(contents.map((content) => Buffer.from(content))).toEqual([first, second]);
  });

  it('uses a boundary that nobody can guess', () => {
    const messages: Message[] = [
      { role: 'user', parts: [{ type: 'image', mediaType: 'image/png', data: Buffer.from('x') }] },
    ];
    expect(encode({ messages }).contentType).not.toBe(encode({ messages }).contentType);
  });

  it('refuses to be asked for words', () => {
    expect(() => encode({ textOnly: true })).toThrow(
      expect.objectContaining({ code: 'bad-config' }),
    );
  });
});
