import { describe, expect, it } from 'vitest';
import { EaselError, ERROR_CODES, type ErrorCode } from '../../../src/core/errors.ts';
import {
  failureMessage,
  interruptionMessage,
  operatorNotice,
} from '../../../src/core/job/messages.ts';
import { LANGUAGES, type Language, say } from '../../../src/core/job/words.ts';

const VALUES = { person: 'fake:ada', waiting: 200, limit: 7, megabytes: 20 };
/** The gateway was not asked, or worked already: that nothing was charged goes without saying. */
const OWN_CODES: readonly ErrorCode[] = [
  'attachment-gone',
  'attachment-too-large',
  'attachment-unsupported',
  'attachment-blocked',
  'access-denied',
  'queue-full',
  'daily-limit',
  'too-many-attachments',
  'prompt-missing',
  'prompt-too-long',
  'option-invalid',
  'delivery-failed',
  'undeliverable',
  'internal',
];
const everyCase = LANGUAGES.flatMap((language) =>
  ERROR_CODES.map((code): [Language, ErrorCode] => [language, code]),
);

describe('the last word of a failure', () => {
  it.each(everyCase)('%s: %s is told in words', (language, code) => {
    for (const billed of ['no', 'maybe'] as const) {
      const error = new EaselError(code, { billed, status: 502, provider: 'gateway' });
      const text = failureMessage(language, error, { values: VALUES });
      expect(text).not.toMatch(/[{}<>]|undefined|null|[A-Za-z0-9+/=]{40,}|“”|「」|502/);
      expect(text.trim()).toBe(text);
      expect(text.split('\n').length).toBeLessThanOrEqual(2);
      expect(text).not.toContain(code === 'internal' ? 'EaselError' : `${code}:`);
    }
  });

  it.each(everyCase)('%s: %s names the money where there may be some', (language, code) => {
    const textOf = (billed: 'no' | 'maybe') =>
      failureMessage(language, new EaselError(code, { billed }), { values: VALUES });
    const wasAsked = !OWN_CODES.includes(code) && code !== 'cancelled';
    expect(textOf('no').includes(say(language, 'billed.no'))).toBe(wasAsked);
    expect(textOf('maybe')).not.toBe(textOf('no'));
    expect(textOf('maybe')).not.toContain(say(language, 'billed.no'));
  });

  it.each([
    [
      'what happened, the gateway quoted, the money, and what next',
      new EaselError('overloaded', { detail: 'try later' }),
      {},
      '⚠️ The model is overloaded right now. It says: “try later”\n' +
        'Nothing was charged for this request. Please try again in a little while.',
    ],
    [
      'money that may be spent',
      new EaselError('connection-lost', { billed: 'maybe' }),
      {},
      '⚠️ The connection broke after the gateway had the request.\n' +
        'It may have been charged, so I did not send it again. You can order a new one.',
    ],
    [
      'that the operator knows',
      new EaselError('quota', { detail: 'user quota is not enough' }),
      { operatorTold: true },
      '⚠️ The gateway is out of credit. It says: “user quota is not enough”\n' +
        'Nothing was charged for this request. The operator has been told.',
    ],
    [
      'the words of the model',
      new EaselError('refused-with-words', { detail: "I can't draw that.", billed: 'maybe' }),
      {},
      "💬 The model answered with words and no picture: “I can't draw that.”\n" +
        'It may have been charged. ' +
        'Please put it in other words, or use another picture.',
    ],
    [
      'no quotation of nothing',
      new EaselError('server-error', { detail: '', billed: 'maybe' }),
      {},
      '⚠️ Something went wrong at the gateway.\n' +
        'It may have been charged, so I did not send it again. Please try again in a little while.',
    ],
    [
      'braces of the gateway as they are',
      new EaselError('bad-request', { detail: 'no {limit} here' }),
      { values: VALUES },
      '⚠️ The gateway did not accept the request. It says: “no {limit} here”\n' +
        'Nothing was charged for this request. ' +
        'Please put it in other words, or use another picture.',
    ],
    [
      'an option by its name',
      new EaselError('option-invalid', { subject: '--ar 17:9' }),
      {},
      '⚠️ I do not know “--ar 17:9”. Ratios are like --ar 16:9, sizes are --size 1K, 2K or 4K, and --n goes from 1 to 10. /settings shows all ratios.',
    ],
    [
      'the pictures of an album that are meant',
      new EaselError('attachment-gone', { subject: '2, 3' }),
      {},
      '⚠️ Picture 2, 3: I could not load the picture; it may have been deleted.\nPlease send the picture again.',
    ],
    ['a cancelled job', new EaselError('cancelled'), {}, 'Cancelled.'],
    [
      'a picture that is made and not posted',
      new EaselError('delivery-failed', { billed: 'maybe' }),
      {},
      '⚠️ The picture is done, but I could not post it here.\n' +
        'The picture may have been charged.',
    ],
  ])('says %s', (_name, error, facts, text) => {
    expect(failureMessage('en', error, facts)).toBe(text);
  });

  it.each(['zh', 'ja'] as const)('%s: parts a list of pictures as it writes', (language) => {
    const error = new EaselError('attachment-gone', { subject: '2, 3' });
    expect(failureMessage(language, error)).toMatch(/2、3 [张枚]/);
  });

  it.each(LANGUAGES)('%s: an interruption tells what it may have cost', (language) => {
    const textOf = (billed: 'no' | 'maybe') =>
      interruptionMessage(language, new EaselError('cancelled', { billed }));
    const parts = ['error.interrupted', 'billed.no', 'next.try-again'] as const;
    for (const key of parts) expect(textOf('no')).toContain(say(language, key));
    for (const key of ['billed.maybe', 'next.order-anew'] as const)
      expect(textOf('maybe')).toContain(say(language, key));
  });
});

describe('the notice to the operator', () => {
  const MENDABLE = {
    auth: 'MY_GATEWAY_API_KEY',
    quota: 'MY_GATEWAY_API_KEY',
    'no-model': 'MY_GATEWAY_MODEL',
    'bad-config': 'MY_GATEWAY_BASE_URL',
    redirected: 'MY_GATEWAY_BASE_URL',
    'async-task': 'MY_GATEWAY_DIALECT',
  };
  const settingOf = new Map<string, string>(Object.entries(MENDABLE));

  it.each(everyCase)('%s: %s names the setting, where there is one', (language, code) => {
    const error = new EaselError(code, { provider: 'my-gateway', detail: 'No.' });
    const notice = operatorNotice(language, error);
    const setting = settingOf.get(code);
    if (setting === undefined) return expect(notice).toBeUndefined();
    expect(notice).toContain('my-gateway');
    expect(notice).toContain(setting);
    expect(notice).toContain('No.');
    expect(notice).not.toMatch(/[{}]|⚠️/);
  });

  it('is not sent for a failure of no provider', () => {
    expect(operatorNotice('en', new EaselError('auth'))).toBeUndefined();
  });
});
