import { FormData } from 'undici';
import { expect, test } from 'vitest';
import {
  chatBody,
  describe,
  findPictures,
  KEY,
  makeInput,
  nativeBody,
  toDataUri,
  useSandbox,
} from './client.ts';

const sandbox = useSandbox();
const chat = '/v1/chat/completions';
const NATIVE = '/v1beta/models/gemini-3-pro-image';

test.each([
  [`/ohmygpt${chat}`, 'png'],
  [`/xiaotian${chat}`, 'png'],
  [`/newapi${chat}`, 'png'],
  [`/yisu${chat}`, 'jpeg'],
  [`/openrouter/api${chat}`, 'png'],
  [chat, 'png'],
])('%s edits a picture, streamed or not, at the ratio of the input', async (path, format) => {
  const picture = await makeInput();
  const text = { type: 'text', text: 'make it night' };
  const yisuMessages = [
    { role: 'user', content: [text, { type: 'image', image: toDataUri(picture) }] },
  ];
  const messages = path.startsWith('/yisu') ? { messages: yisuMessages } : {};
  for (const stream of [true, false]) {
    const body = chatBody('make it night', [picture], {
      stream,
      image_config: { image_size: '512' },
      ...messages,
    });
    const answer = await sandbox.post(path, body);
    expect(answer.status).toBe(200);
    expect(await describe(findPictures(answer.text))).toEqual([`${format} 632x424`]);
  }
});

test.each(['/openai-next', '/google', ''])(
  '%s native gives a draft and the picture, in three forms',
  async (prefix) => {
    for (const verb of [
      'generateContent',
      'streamGenerateContent?alt=sse',
      'streamGenerateContent',
    ]) {
      const { text } = await sandbox.post(
        `${prefix}${NATIVE}:${verb}`,
        nativeBody('夜', [await makeInput()], {
          generationConfig: { imageConfig: { imageSize: '512' } },
        }),
      );
      expect(await describe(findPictures(text))).toEqual([
        expect.stringMatching(/^jpeg 320x/),
        'jpeg 632x424',
      ]);
      if (verb === 'streamGenerateContent') expect(JSON.parse(text)).toBeInstanceOf(Array);
      if (verb.endsWith('sse')) expect(text).toMatch(/^data: \{/);
    }
  },
);

test('Google ends its stream with an empty text, signs the picture alone, and sends no [DONE]', async () => {
  const { text } = await sandbox.post(
    `/google${NATIVE}:streamGenerateContent?alt=sse`,
    nativeBody('a fox'),
  );
  const responses = text
    .split('\r\n\r\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.slice(6)));
  const parts = responses.map(({ candidates: [candidate] }) => candidate.content.parts[0]);
  expect(
    parts.map((part) => [
      part.thought ?? false,
      part.text !== undefined,
      part.thoughtSignature?.length,
    ]),
  ).toEqual([
    [true, true, undefined],
    [true, false, undefined],
    [false, false, 597_616],
    [false, true, undefined],
  ]);
  expect(responses.map(({ candidates: [{ finishReason }] }) => finishReason)).toEqual([
    undefined,
    undefined,
    undefined,
    'STOP',
  ]);
});

test('Google takes a replayed picture with its own or a dummy signature, and no other', async () => {
  const path = `/google${NATIVE}:generateContent`;
  const { text } = await sandbox.post(path, nativeBody('a fox'));
  const [part] = JSON.parse(text).candidates[0].content.parts.slice(-1);
  const replay = (thoughtSignature: string | undefined) =>
    sandbox.post(path, {
      contents: [
        { role: 'user', parts: [{ text: 'a fox' }] },
        { role: 'model', parts: [{ ...part, thoughtSignature }] },
        { role: 'user', parts: [{ text: 'make it night' }] },
      ],
    });
  expect((await replay(part.thoughtSignature)).status).toBe(200);
  expect((await replay('skip_thought_signature_validator')).status).toBe(200);
  expect((await replay('bm8=')).text).toContain('Corrupted thought signature.');
  const missing = await replay(undefined);
  expect(missing.status).toBe(400);
  expect(missing.text).toContain(
    'missing a thought_signature in content position 2, part position 1',
  );
});

test('OpenRouter says that it is busy, then the picture, usage with a price, and [DONE]', async () => {
  const { text } = await sandbox.post(
    `/openrouter/api${chat}`,
    chatBody('a fox', [], { stream: true }),
  );
  expect(text).toMatch(/^: OPENROUTER PROCESSING\n\n/);
  expect(text).toContain(
    '"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR',
  );
  expect(text).toContain('"cost":0.134');
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
});

test('OhMyGPT gives a link when asked, and serves it without a key', async () => {
  const body = chatBody('a fox', [], {
    omg_extra_body: { gemini_b64img_upload_enabled: true },
    stream: true,
  });
  const { text } = await sandbox.post(`/ohmygpt${chat}`, body);
  const [, path = ''] =
    new RegExp(`!\\[image\\]\\(${sandbox.origin()}(/files/\\w+)\\)`).exec(text) ?? [];
  const file = await fetch(`${sandbox.origin()}${path}`);
  expect(file.headers.get('content-type')).toBe('image/png');
  expect(await describe([Buffer.from(await file.arrayBuffer())])).toEqual(['png 1024x1024']);
  expect((await sandbox.get('/files/none')).status).toBe(404);
});

test('The Images API paints from words and edits files', async () => {
  const made = await sandbox.post('/openai/v1/images/generations', {
    model: 'gpt-image-1',
    prompt: 'a fox',
    n: 2,
    size: '1536x1024',
  });
  const [first, second] = findPictures(made.text);
  expect(await describe(findPictures(made.text))).toEqual(['png 1536x1024', 'png 1536x1024']);
  expect(first?.equals(second ?? Buffer.alloc(0))).toBe(false);
  const form = new FormData();
  form.set('prompt', 'mirror');
  form.append(
    'image[]',
    new File([new Uint8Array(await makeInput())], 'a.png', { type: 'image/png' }),
  );
  form.append(
    'image[]',
    new File([new Uint8Array(await makeInput())], 'b.png', { type: 'image/png' }),
  );
  const edited = await sandbox.post('/openai/v1/images/edits', form);
  expect(await describe(findPictures(edited.text))).toEqual(['png 1264x848']);
});

test.each([
  [
    chat,
    chatBody('a', [], { image_config: { aspect_ratio: '16:9', image_size: '512' } }),
    'png 688x384',
  ],
  [
    `/newapi${chat}`,
    chatBody('a', [], { extra_body: { google: { image_config: { aspect_ratio: '2:3' } } } }),
    'png 848x1264',
  ],
  [`/xiaotian${chat}`, chatBody('a fox, 9:16'), 'png 768x1376'],
  [
    `/google${NATIVE}:generateContent`,
    nativeBody('a', [], {
      generationConfig: { imageConfig: { aspectRatio: '4:1', imageSize: '512' } },
    }),
    'jpeg 1024x256',
  ],
  ['/openai/v1/images/generations', { prompt: 'a', size: '4:5' }, 'png 928x1152'],
  ['/openai/v1/images/generations', { prompt: 'a', size: '1:1', quality: 'hd' }, 'png 2048x2048'],
])('%s honours ratio and size where its dialect carries them', async (path, body, wanted) => {
  const { text } = await sandbox.post(path, body);
  expect((await describe(findPictures(text))).at(-1)).toBe(wanted);
});

test.each([
  [chat, chatBody('a fox', [], { n: 3, image_config: { image_size: '512' } }), 3],
  [
    chat,
    chatBody('a fox\nMake 2 different pictures.', [], { image_config: { image_size: '512' } }),
    2,
  ],
  [
    `/newapi${chat}`,
    chatBody('2张', [], { extra_body: { google: { image_config: { image_size: '512' } } } }),
    2,
  ],
  [
    `/google${NATIVE}:generateContent`,
    nativeBody('Make 2 different pictures.', [], {
      generationConfig: { imageConfig: { imageSize: '512' } },
    }),
    3,
  ],
])('%s gives several pictures that differ', async (path, body, count) => {
  const pictures = findPictures((await sandbox.post(path, body)).text);
  expect(new Set(pictures.map((picture) => picture.toString('base64'))).size).toBe(count);
});

test('A picture of an earlier turn is edited when the last turn has none', async () => {
  const first = chatBody('what is this', [await makeInput()]);
  const messages = [
    ...('messages' in first && Array.isArray(first.messages) ? first.messages : []),
    { role: 'assistant', content: 'a flag' },
    { role: 'user', content: 'mirror' },
  ];
  const { text } = await sandbox.post(chat, { model: 'm', messages, n: 2 });
  expect(await describe(findPictures(text))).toEqual(['png 1264x848', 'png 1264x848']);
});

test('Words alone are answered when no picture is wanted', async () => {
  const picture = await makeInput();
  const { text } = await sandbox.post(
    chat,
    chatBody('what is it?', [picture], { modalities: ['text'] }),
  );
  expect(JSON.parse(text).choices[0].message.content).toBe(
    'I see a picture of 60 × 40 pixels (png).',
  );
  const native = await sandbox.post(
    `/google${NATIVE}:generateContent`,
    nativeBody('?', [picture], { generationConfig: { responseModalities: ['TEXT'] } }),
  );
  expect(JSON.parse(native.text).candidates[0].content.parts).toEqual([
    { text: 'I see a picture of 60 × 40 pixels (png).' },
  ]);
});

test.each([
  '/ohmygpt',
  '/xiaotian',
  '/newapi',
  '/openai-next',
  '/yisu',
  '/google',
  '/openrouter/api',
  '/openai',
  '',
])('%s lists its models in both shapes', async (prefix) => {
  const { data } = JSON.parse((await sandbox.get(`${prefix}/v1/models`)).text);
  const { models } = JSON.parse(
    (await sandbox.get(`${prefix}/v1beta/models`, { 'x-goog-api-key': 'k' })).text,
  );
  expect(models.map(({ name }: { name: string }) => name)).toEqual(
    data.map(({ id }: { id: string }) => `models/${id}`),
  );
  expect(data.length).toBeGreaterThan(0);
});

test('The journal tells what came, parsed', async () => {
  sandbox.journal.length = 0;
  const body = chatBody('a fox');
  await sandbox.post(`${chat}?a=1`, body, { ...KEY, 'x-extra': 'yes' });
  const form = new FormData();
  form.set('prompt', 'fail:empty');
  form.set('image', new File([new Uint8Array([1, 2, 3])], 'a.png', { type: 'image/png' }));
  await sandbox.post('/openai/v1/images/edits', form);
  await sandbox.get('/v1/models');
  await sandbox.post(chat, '{"half":');
  expect(sandbox.journal).toEqual([
    {
      time: expect.any(Number),
      method: 'POST',
      path: `${chat}?a=1`,
      headers: expect.objectContaining({ authorization: 'Bearer sk-any', 'x-extra': 'yes' }),
      body,
      bytes: JSON.stringify(body).length,
    },
    expect.objectContaining({
      body: {
        fields: { prompt: 'fail:empty' },
        files: [
          { field: 'image', name: 'a.png', type: 'image/png', bytes: new Uint8Array([1, 2, 3]) },
        ],
      },
    }),
    expect.objectContaining({ method: 'GET', path: '/v1/models', body: null, bytes: 0 }),
    expect.objectContaining({ body: null, bytes: 8 }),
  ]);
});
