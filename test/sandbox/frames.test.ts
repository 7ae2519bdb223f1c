/** What the gateways' own pages show, byte for byte; only the elided base64 is filled in. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chatBody, elide, findPictures, KEY, nativeBody, useSandbox } from './client.ts';

const sandbox = useSandbox();
const readSample = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

test('OhMyGPT streams its page, down to the broken last line', async () => {
  const { text, type } = await sandbox.post(
    '/ohmygpt/v1/chat/completions',
    chatBody('a fox', [], { stream: true }),
  );
  expect(type).toBe('text/event-stream');
  expect(elide(text, 'iVBORxxxx........')).toBe(readSample('ohmygpt.sse'));
});

test.each([true, false])(
  '小天 answers its page as plain JSON (stream asked: %s)',
  async (stream) => {
    const { text, type } = await sandbox.post(
      '/xiaotian/v1/chat/completions',
      chatBody('a fox', [], { stream }),
    );
    expect(type).toContain('application/json');
    const mark = 'iVBORw0KGgoAAAANSUhEUgAAA0AAAATgCAIAAABRurV1AAAgA...';
    expect(`${elide(text, mark)}\n`).toBe(readSample('xiaotian.txt'));
  },
);

test('new-api answers its page, the greeting replaced by the picture', async () => {
  const { text } = await sandbox.post('/newapi/v1/chat/completions', chatBody('a fox'));
  const greeting = '\\n\\nHello there, how may I assist you today?';
  const sample = readSample('newapi.txt').replace(greeting, '![image](data:image/png;base64,…)');
  expect(`${elide(text, '…')}\n`).toBe(sample);
});

test('yisu answers its pages, plain and streamed, without indentation or blank lines', async () => {
  const plain = await sandbox.post('/yisu/v1/chat/completions', chatBody('a fox'));
  expect(`${elide(plain.text, '/9j/4AAQSk...')}\n`).toBe(readSample('yisu.txt'));
  const stream = await sandbox.post(
    '/yisu/v1/chat/completions',
    chatBody('a fox', [], { stream: true }),
  );
  expect(elide(stream.text, '/9j/4AAQSk...')).toBe(readSample('yisu.sse'));
});

test('yisu lists models and refuses like its page', async () => {
  expect(`${(await sandbox.get('/yisu/v1/models')).text}\n`).toBe(readSample('yisu-models.txt'));
  const refused = await sandbox.post('/yisu/v1/chat/completions', chatBody('a fox'), {});
  expect(refused.status).toBe(401);
  expect(refused.text.replaceAll('": ', '":')).toBe(
    readSample('yisu-no-key.txt').trim().replaceAll('": ', '":'),
  );
});

test('OpenAI-Next answers its page, the lone thought part followed by the picture itself', async () => {
  const { text } = await sandbox.post(
    '/openai-next/v1beta/models/gemini-3-pro-image-preview:generateContent',
    nativeBody('a fox'),
    { 'x-goog-api-key': 'any' },
  );
  const pad = ' '.repeat(20);
  const picturePart = `${pad}{\n${pad}    "inline_data": {\n${pad}        "mime_type": "image/jpeg",\n${pad}        "data": "<BASE64_IMAGE_DATA>"\n${pad}    },\n${pad}    "thought_signature": "string"\n${pad}}`;
  const sample = readSample('openai-next.txt').replace(`${pad}}\n`, `${pad}},\n${picturePart}\n`);
  expect(`${elide(text, '<BASE64_IMAGE_DATA>')}\n`).toBe(sample);
  const [draft, picture] = findPictures(text);
  expect(draft?.length).toBeLessThan(picture?.length ?? 0);
});

test('new-api streams as its source does, usage only when asked', async () => {
  const ask = (more: object) =>
    sandbox.post(
      '/newapi/v1/chat/completions',
      chatBody('a fox', [], { stream: true, ...more }),
      KEY,
    );
  const head =
    '"id":"chatcmpl-123","object":"chat.completion.chunk","created":1677652288,"model":"some-model"';
  const chunk = (delta: string, finish: string) =>
    `data: {${head},"system_fingerprint":null,"choices":[{"delta":${delta},"logprobs":null,"finish_reason":${finish},"index":0}],"usage":null}\n\n`;
  const opening = `: PING\n\n${chunk('{"content":"","role":"assistant"}', 'null')}${chunk('{"content":"![image](data:image/png;base64,…)"}', 'null')}${chunk('{}', '"stop"')}`;
  const done = 'data: [DONE]\n\n';
  expect(elide((await ask({})).text, '…')).toBe(opening + done);
  const usage = `data: {${head},"system_fingerprint":"","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}\n\n`;
  expect(elide((await ask({ stream_options: { include_usage: true } })).text, '…')).toBe(
    opening + usage + done,
  );
});
