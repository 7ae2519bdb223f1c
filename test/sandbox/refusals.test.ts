import { request } from 'undici';
import { expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/sandbox/body.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { chatBody, findPictures, KEY, nativeBody, useSandbox } from './client.ts';

const sandbox = useSandbox();
const chat = '/v1/chat/completions';
const native = '/v1beta/models/gemini-3-pro-image:generateContent';

const ROUTES = [
  [`/ohmygpt${chat}`, chatBody],
  [`/xiaotian${chat}`, chatBody],
  [`/newapi${chat}`, chatBody],
  [`/openai-next${native}`, nativeBody],
  [`/yisu${chat}`, chatBody],
  [`/google${native}`, nativeBody],
  [`/openrouter/api${chat}`, chatBody],
  ['/openai/v1/images/generations', (prompt: string) => ({ prompt })],
  [chat, chatBody],
  [native, nativeBody],
] as const;

test.each(ROUTES)('%s wants a key, and a body that it documents', async (path, createBody) => {
  for (const headers of [
    {},
    { authorization: 'Bearer ' },
    { authorization: 'Basic x' },
    { 'x-goog-api-key': '' },
  ]) {
    const { status, text } = await sandbox.post(path, createBody('fail:empty'), headers);
    expect([status, typeof JSON.parse(text).error.message]).toEqual([401, 'string']);
  }
  for (const body of ['', '{', '[]', 'null', '{}', '{"messages":[],"contents":[],"prompt":""}']) {
    const { status, text } = await sandbox.post(path, body);
    expect([body, status, typeof JSON.parse(text).error.message]).toEqual([body, 400, 'string']);
  }
});

test.each([
  [
    'a link',
    chat,
    {
      model: 'm',
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }],
        },
      ],
    },
    'not fetched',
  ],
  [
    'bytes that are no picture',
    chat,
    chatBody('edit', [Buffer.from('no')]),
    'Invalid image format.',
  ],
  [
    'SVG',
    chat,
    chatBody('edit', [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ]),
    'Invalid image format.',
  ],
  [
    "yisu's part elsewhere",
    chat,
    {
      model: 'm',
      messages: [
        { role: 'user', content: [{ type: 'image', image: 'data:image/png;base64,AA==' }] },
      ],
    },
    'image_url',
  ],
  [
    "an assistant's last word",
    chat,
    { model: 'm', messages: [{ role: 'assistant', content: 'hi' }] },
    'last',
  ],
  [
    'camelCase at new-api',
    `/newapi${chat}`,
    chatBody('a', [], { extra_body: { google: { imageConfig: {} } } }),
    'use extra_body.google.image_config instead',
  ],
  [
    'a small k',
    native,
    nativeBody('a', [], { generationConfig: { imageConfig: { imageSize: '2k' } } }),
    'imageSize',
  ],
  [
    'a strange ratio',
    native,
    nativeBody('a', [], { generationConfig: { imageConfig: { aspectRatio: '7:5' } } }),
    'aspectRatio',
  ],
  [
    'several candidates',
    native,
    nativeBody('a', [], { generationConfig: { candidateCount: 2 } }),
    'Multiple candidates',
  ],
  [
    "a model's last turn",
    native,
    { contents: [{ role: 'model', parts: [{ text: 'hi' }] }] },
    'user turn',
  ],
  [
    'fileData',
    native,
    { contents: [{ parts: [{ fileData: { fileUri: 'https://a.example/b.png' } }] }] },
    'not fetched',
  ],
  ['eleven pictures', '/openai/v1/images/generations', { prompt: 'a', n: 11 }, "'n'"],
  ['a huge size', '/openai/v1/images/generations', { prompt: 'a', size: '9000x9000' }, 'Invalid'],
  ['edits without a form', '/openai/v1/images/edits', { prompt: 'a' }, 'fields'],
])('400 for %s', async (_case, path, body, words) => {
  const { status, text } = await sandbox.post(path, body);
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain(words);
});

test('404 in the words of the gateway for what is not there', async () => {
  const paths = [
    '/',
    '/nowhere',
    '/ohmygpt',
    '/ohmygpt/v1',
    '/openai/v1/chat/completions',
    '/native',
    `/yisu${native}`,
  ];
  for (const path of paths) {
    const { status, text } = await sandbox.post(path, {});
    expect([path, status, typeof JSON.parse(text).error.message]).toEqual([path, 404, 'string']);
  }
  expect((await sandbox.get(chat)).status).toBe(404);
  expect(JSON.parse((await sandbox.get('/google/v1beta/nothing')).text).error.status).toBe(
    'NOT_FOUND',
  );
});

test('413 for more than 64 MiB', async () => {
  const body = Buffer.alloc(MAX_BODY_BYTES + 1, ' ');
  const answer = await request(`${sandbox.origin()}${chat}`, {
    method: 'POST',
    headers: KEY,
    body,
  });
  expect([answer.statusCode, await answer.body.json()]).toEqual([
    413,
    { error: { code: 413, message: 'Request entity too large' } },
  ]);
});

test.each([
  ['quota', [403, 403, 403, 403, 402, 429, 402, 429, 402, 429]],
  ['429', [429, 429, 429, 429, 429, 429, 429, 429, 429, 429]],
  ['auth', [401, 401, 401, 401, 401, 400, 401, 401, 401, 400]],
  ['model', [503, 503, 503, 503, 404, 404, 404, 404, 404, 404]],
  ['overloaded', [503, 503, 503, 503, 503, 503, 503, 503, 503, 503]],
  ['blocked', [400, 200, 400, 200, 200, 200, 403, 400, 403, 200]],
  ['html', [502, 502, 502, 502, 502, 502, 502, 502, 502, 502]],
  ['text', [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['empty', [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]],
  ['lost', [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]],
])('fail:%s fails on every route without a picture', async (name, statuses) => {
  for (const [index, [path, createBody]] of ROUTES.entries()) {
    const { status, text, type, retryAfter } = await sandbox.post(
      path,
      createBody(`a fox fail:${name}`),
    );
    expect([path, status]).toEqual([path, statuses[index]]);
    expect(findPictures(text)).toEqual([]);
    if (name === 'html')
      expect([type, text]).toEqual([
        'text/html',
        expect.stringContaining('<title>502 Bad Gateway'),
      ]);
    else if (status >= 400) expect(typeof JSON.parse(text).error.message).toBe('string');
    expect(retryAfter).toBe(name === '429' ? '1' : undefined);
    if (name === 'text' && !path.includes('images')) expect(text).toContain("I can't draw that.");
  }
});

test.each([
  [`/xiaotian${chat}`, chatBody, '"finish_reason": "content_filter"'],
  [`/yisu${chat}`, chatBody, '"native_finish_reason": "IMAGE_SAFETY"'],
  [`/google${native}`, nativeBody, '"blockReason": "PROHIBITED_CONTENT"'],
])('%s says in a 200 that it blocked the prompt', async (path, createBody, words) => {
  expect((await sandbox.post(path, createBody('fail:blocked'))).text).toContain(words);
});

test.each(['nothing', 'constructor', ''])('fail:%s is no failure', async (name) => {
  const body = chatBody(`fail:${name}`, [], { image_config: { image_size: '512' } });
  expect(findPictures((await sandbox.post(chat, body)).text)).toHaveLength(1);
});

test('Google says when to come back, and why', async () => {
  const readDetails = async (name: string) =>
    JSON.parse((await sandbox.post(native, nativeBody(`fail:${name}`))).text).error.details;
  expect(await readDetails('429')).toEqual([
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' },
  ]);
  expect(await readDetails('auth')).toEqual([
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
  ]);
});

test.each([
  [chat, chatBody('fail:cut', [], { stream: true }), 'base64,iVBOR'],
  [chat, chatBody('fail:cut'), 'base64,iVBOR'],
  [native, nativeBody('fail:cut'), '"data": "/9j/'],
])('fail:cut breaks off inside the picture (%s)', async (path, body, opening) => {
  const answer = await request(`${sandbox.origin()}${path}`, {
    method: 'POST',
    headers: KEY,
    body: JSON.stringify(body),
  });
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body) text += chunk;
  })();
  await expect(reading).rejects.toThrow();
  expect(text.slice(text.lastIndexOf(opening) + opening.length)).toMatch(
    /^[A-Za-z0-9+/=]{10000,}$/,
  );
});

test.each([true, false])(
  'fail:slow goes silent, and closing ends it (stream: %s)',
  async (stream) => {
    const own = await createSandbox();
    const answer = await request(`${own.origin}${chat}`, {
      method: 'POST',
      headers: KEY,
      body: JSON.stringify(chatBody('fail:slow', [], { stream })),
    });
    const reading = expect(answer.body.text()).rejects.toThrow();
    await own.close();
    await reading;
  },
);

test('A pause stands before each piece, and a client that leaves does no harm', async () => {
  const slow = await createSandbox({ delayMs: 20 });
  const leave = new AbortController();
  const ask = (signal: AbortSignal) =>
    request(`${slow.origin}${chat}`, {
      method: 'POST',
      headers: KEY,
      body: JSON.stringify(chatBody('fail:lost', [], { stream: true })),
      signal,
    });
  const gone = await ask(leave.signal);
  leave.abort();
  await expect(gone.body.text()).rejects.toThrow();
  const startedAt = performance.now();
  const whole = await (await ask(new AbortController().signal)).body.text();
  const pauses = whole.split('\n\n').length - 1;
  // Timers may fire a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(pauses * 19);
  await slow.close();
});
