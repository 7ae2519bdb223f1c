import { describe, expect, test } from 'vitest';
import { setUp } from './setup.ts';

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
    allowed_updates: ['message', 'callback_query'],
  });
  expect(fake.calls('getUpdates')).toEqual([]);
});

test('an update becomes a request; Telegram is answered before the work is done', async () => {
  const { handleWebhook, requests, engine } = await setUpWebhook();
  const { submit } = engine;
  engine.submit = async (request) => {
    await submit(request);
    return new Promise(() => {});
  };
  const response = await handleWebhook(post(JSON.stringify(update)));
  expect(response.status).toBe(200);
  await expect.poll(() => requests[0], { interval: 1 }).toMatchObject({ id: 'telegram:9' });
});

test('a handler that throws is logged; Telegram hears nothing of it', async () => {
  const { handleWebhook, engine, lines } = await setUpWebhook();
  engine.submit = () => Promise.reject(new Error('secret words'));
  expect((await handleWebhook(post(JSON.stringify(update)))).status).toBe(200);
  await expect.poll(() => lines.length, { interval: 1 }).toBe(1);
  expect(lines.join()).not.toContain('secret words');
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
    const { handleWebhook, requests } = await setUpWebhook();
    expect((await handleWebhook(request)).status).toBe(status);
    expect(requests).toEqual([]);
  });
});
