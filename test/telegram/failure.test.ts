import { GrammyError, HttpError } from 'grammy';
import { describe, expect, test } from 'vitest';
import { EaselError } from '../../src/core/index.ts';
import { failureFields, toDeliveryError, toStartError } from '../../src/telegram/failure.ts';

const TOKEN = '123456:AAcanary';

function refusal(code: number, description: string): GrammyError {
  const answer = { ok: false as const, error_code: code, description };
  return new GrammyError('Call failed', answer, 'sendPhoto', { text: TOKEN });
}

describe('a message that cannot be posted', () => {
  test.each<[number, string, string]>([
    [403, 'Forbidden: bot was blocked by the user', 'undeliverable'],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'undeliverable'],
    [403, 'Forbidden: user is deactivated', 'undeliverable'],
    [403, 'Forbidden: words that nobody knows yet', 'undeliverable'],
    [400, 'Bad Request: chat not found', 'undeliverable'],
    [400, 'Bad Request: group chat was deactivated', 'undeliverable'],
    [400, 'Bad Request: not enough rights to send photos to the chat', 'undeliverable'],
    [400, 'Bad Request: have no rights to send a message', 'undeliverable'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'undeliverable'],
    [400, 'Bad Request: CHAT_WRITE_FORBIDDEN', 'undeliverable'],
    [400, 'Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN', 'undeliverable'],
    [400, 'Bad Request: TOPIC_CLOSED', 'undeliverable'],
    [400, 'Bad Request: PEER_ID_INVALID', 'undeliverable'],
    [400, 'Bad Request: wrong file identifier', 'delivery-failed'],
    [401, 'Unauthorized', 'delivery-failed'],
    [429, 'Too Many Requests: retry after 3600', 'delivery-failed'],
    [500, 'Internal Server Error: chat not found', 'delivery-failed'],
    [502, 'Bad Gateway', 'delivery-failed'],
  ])('%i %s: %s', (status, description, code) => {
    const error = toDeliveryError(refusal(status, description));
    expect(error).toMatchObject({ code, status });
    expect(error.cause).toBeUndefined();
  });

  test('a network failure may pass', () => {
    const error = toDeliveryError(new HttpError('Network request failed', new Error(TOKEN)));
    expect(error).toMatchObject({ code: 'delivery-failed', status: undefined });
    expect(error.cause).toBeUndefined();
  });

  test('an error of ours stays as it is', () => {
    const error = new EaselError('cancelled');
    expect(toDeliveryError(error)).toBe(error);
  });
});

test.each([
  [401, 'bad-config', 'TELEGRAM_BOT_TOKEN'],
  [404, 'bad-config', 'TELEGRAM_BOT_TOKEN'],
  [409, 'bad-config', 'TELEGRAM_BOT_TOKEN'],
  [400, 'bad-config', 'sendPhoto'],
  [429, 'unreachable', undefined],
  [502, 'unreachable', undefined],
])('a start that ends with %i is %s', (status, code, subject) => {
  expect(toStartError(refusal(status, 'x'))).toMatchObject({ code, subject });
});

test.each([
  ['a refusal', refusal(400, TOKEN), { error: 'HTTP 400', method: 'sendPhoto' }],
  [
    'a network failure',
    new HttpError('x', Object.assign(new Error(TOKEN), { code: 'ECONNRESET' })),
    { error: 'HttpError', code: 'ECONNRESET' },
  ],
  ['an error of ours', new EaselError('timeout'), { error: 'timeout' }],
  ['an error of someone', new TypeError(TOKEN), { error: 'TypeError' }],
  ['no error', TOKEN, { error: 'unknown' }],
])('the log hears of %s by its code', (_name, error, fields) => {
  expect(failureFields(error)).toEqual(fields);
});
