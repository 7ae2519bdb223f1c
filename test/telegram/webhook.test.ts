import { afterEach, describe, expect, test, vi } from 'vitest';
import { passTime, setUp } from './setup.ts';

afterEach(() => void vi.useRealTimers());

const SECRET = 'a-secret_of-letters';
const URL = 'https://bot.example/telegram';
const HEADER = 'x-telegram-bot-api-secret-token';
const update = {
  update_id: 9,
  message: {
    message_id: 1,
    date: 1,
    chat: { id: 1001, type: 'private', first_name: 'Ada' },
    from: { id: 1001, is_bot: false, first_name: 'Ada' },
    text: 'a fox',
  },
};

async function setUpWebhook() {
  const world = await setUp({ webhook: { url: URL, secret: SECRET } });
  await world.telegram.start();
  const { handleWebhook } = world.telegram;
  if (handleWebhook === undefined) throw new Error('no webhook');
  return { ...world, handleWebhook };
}

function post(body: string, headers: Record<string, string> = { [HEADER]: SECRET }): Request {
  return new Request(URL, { method: 'POST', body, headers });
}

test('start sets the webhook and polls nothing', async () => {
  const { fake } = await setUpWebhook();
  expect(fake.calls('setWebhook')[0]?.fields).toEqual({
    url: URL,
    secret_token: SECRET,
    allowed_updates: ['message', 'channel_post', 'callback_query'],
  });
  expect(fake.calls('getUpdates')).toEqual([]);
});

test('Telegram is answered when the update was heard', async () => {
  const { handleWebhook, heard, desk } = await setUpWebhook();
  const { hear } = desk;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  desk.hear = async (message) => {
    await held;
    await hear(message);
  };
  let isAnswered = false;
  const answering = handleWebhook(post(JSON.stringify(update))).then((response) => {
    isAnswered = true;
    return response;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isAnswered).toBe(false);
  release();
  expect((await answering).status).toBe(200);
  expect(heard).toMatchObject([{ id: 'telegram:9' }]);
});

test('a desk that hangs holds the answer up for 5 s', async () => {
  const { handleWebhook, desk } = await setUpWebhook();
  desk.hear = () => new Promise(() => {});
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const statuses: number[] = [];
  handleWebhook(post(JSON.stringify(update))).then(({ status }) => statuses.push(status));
  const passedMs = await passTime(() => statuses.length > 0);
  expect(statuses).toEqual([200]);
  expect(passedMs).toBeGreaterThanOrEqual(5000);
  expect(passedMs).toBeLessThanOrEqual(5500);
});

test('a part of an album is answered at once: Telegram sends the next one after that', async () => {
  const { handleWebhook, heard } = await setUpWebhook();
  const size = { file_id: 'a', file_unique_id: 'a', width: 9, height: 9 };
  for (const id of [1, 2, 3]) {
    const { text, ...message } = { ...update.message, message_id: id, photo: [size] };
    const part = { ...message, media_group_id: '7', caption: text };
    const body = JSON.stringify({ update_id: id, message: part });
    expect((await handleWebhook(post(body))).status).toBe(200);
  }
  expect(heard).toEqual([]);
  await expect.poll(() => heard.length, { interval: 10 }).toBe(1);
  expect(heard[0]?.attachments).toHaveLength(3);
});

test('a handler that throws is logged; Telegram hears nothing of it', async () => {
  const { handleWebhook, desk, lines } = await setUpWebhook();
  desk.hear = () => Promise.reject(new Error('secret words'));
  expect((await handleWebhook(post(JSON.stringify(update)))).status).toBe(200);
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toContain('secret words');
});

test('before the start, Telegram is asked to try again', async () => {
  const { telegram } = await setUp({ webhook: { url: URL, secret: SECRET } });
  const response = await telegram.handleWebhook?.(post(JSON.stringify(update)));
  expect(response?.status).toBe(503);
});

describe('is refused', () => {
  const body = JSON.stringify(update);
  const both = new Headers([
    [HEADER, SECRET],
    [HEADER, SECRET],
  ]);
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  });
  test.each<[string, number, Request]>([
    ['GET', 405, new Request(URL, { headers: { [HEADER]: SECRET } })],
    ['no secret', 401, post(body, {})],
    ['a wrong secret of equal length', 401, post(body, { [HEADER]: SECRET.replace('a', 'b') })],
    ['a secret with more', 401, post(body, { [HEADER]: `${SECRET}x` })],
    [
      'the secret in the query',
      401,
      new Request(`${URL}?secret=${SECRET}`, { method: 'POST', body }),
    ],
    ['two headers', 401, new Request(URL, { method: 'POST', body, headers: both })],
    ['10 MB', 413, post('x'.repeat(10_000_000))],
    [
      'an endless body',
      413,
      new Request(URL, {
        method: 'POST',
        body: endless,
        headers: { [HEADER]: SECRET },
        duplex: 'half',
      }),
    ],
    ['no JSON', 400, post('{')],
    ['an empty body', 400, post('')],
    ['JSON that is no update', 400, post('[]')],
    ['null', 400, post('null')],
  ])('%s with %i', async (_name, status, request) => {
    const { handleWebhook, heard } = await setUpWebhook();
    expect((await handleWebhook(request)).status).toBe(status);
    expect(heard).toEqual([]);
  });
});
