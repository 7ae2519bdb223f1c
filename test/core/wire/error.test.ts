import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findError } from '../../../src/core/wire/error.ts';
import { parseRetryAfter } from '../../../src/core/wire/retry-delay.ts';

const GOOGLE = { error: { code: 400, message: 'bad thing', status: 'INVALID_ARGUMENT' } };

describe('findError', () => {
  it.each<[string, unknown, object]>([
    ['Google', GOOGLE, { message: 'bad thing', code: 400, tags: 'INVALID_ARGUMENT' }],
    ['Google in a list (Q58)', [GOOGLE], { message: 'bad thing', code: 400 }],
    ['text', { error: 'text' }, { message: 'text' }],
    ['number code', { error: { message: 'slow', code: 429 } }, { message: 'slow', code: 429 }],
    ['null code', { error: { code: null, message: 'm' } }, { message: 'm', tags: '' }],
    [
      'text code',
      { error: { code: 'http_error', message: 'm' } },
      { message: 'm', tags: 'http_error' },
    ],
    [
      'LiteLLM',
      { error: { message: 'm', type: 't', param: 'size', code: '400' } },
      { code: 400, tags: '400 t param=size' },
    ],
    ['true', { error: true, message: 'm' }, { message: 'm' }],
    ['error in error', { error: { error: { message: 'deep' } } }, { message: 'deep' }],
    ['message beside', { error: { code: 503 }, message: 'm' }, { message: 'm', code: 503 }],
    ['message', { message: 'm' }, { message: 'm' }],
    ['msg', { code: 401, msg: 'm' }, { message: 'm', code: 401 }],
    ['msg and data', { code: 401, msg: 'm', data: [] }, { message: 'm', code: 401 }],
    ['err', { err: 'm' }, { message: 'm' }],
    ['error_msg', { error_msg: 'm' }, { message: 'm' }],
    ['detail', { detail: 'm' }, { message: 'm' }],
    ['detail list', { detail: [{ msg: 'm' }] }, { message: 'm' }],
    ['header', { header: { message: 'm', code: 10_013 } }, { message: 'm', code: 10_013 }],
    ['response', { response: { error: { message: 'm' } } }, { message: 'm' }],
    ['data', { data: { error: { message: 'm' } } }, { message: 'm' }],
    ['vLLM', { object: 'error', message: 'm', code: 404 }, { message: 'm', code: 404 }],
    [
      'Claude',
      { type: 'error', error: { type: 'overloaded_error', message: 'm' } },
      { message: 'm', tags: 'overloaded_error' },
    ],
    ['Midjourney', { description: 'm', type: 'x', code: 4 }, { message: 'm', code: 4 }],
    ['bare string', 'something failed', { message: 'something failed' }],
    ['JSON in a string', JSON.stringify(GOOGLE), { message: 'bad thing', code: 400 }],
    [
      'JSON in a message',
      { error: { message: `upstream: ${JSON.stringify(GOOGLE)}`, code: 'x' } },
      { message: 'bad thing', code: 400, tags: 'x INVALID_ARGUMENT' },
    ],
    [
      'OpenRouter raw',
      {
        error: {
          code: 502,
          message: 'Provider returned error',
          metadata: { raw: JSON.stringify(GOOGLE), provider_name: 'Google' },
        },
      },
      { message: 'bad thing', code: 400 },
    ],
    [
      'OpenRouter raw words',
      { error: { code: 502, message: 'Provider returned error', metadata: { raw: 'no luck' } } },
      { message: 'no luck', code: 502 },
    ],
    [
      'OpenRouter moderation',
      {
        error: { code: 403, message: 'm', metadata: { reasons: ['violence'], flagged_input: 'x' } },
      },
      { code: 403, tags: 'moderation' },
    ],
    [
      'choice',
      { choices: [{ error: { code: 502, message: 'm' }, finish_reason: 'error' }] },
      { message: 'm', code: 502 },
    ],
    ['success false', { success: false, message: 'm' }, { message: 'm' }],
    ['success false, silent', { success: false }, { message: '' }],
    [
      'problem+json (Q64)',
      {
        type: 'https://x.example/524/',
        title: 'Error 524: A timeout occurred',
        status: 524,
        detail: 'The origin web server did not return',
      },
      { message: 'The origin web server did not return', code: 524 },
    ],
    [
      'Google key',
      {
        error: {
          code: 400,
          message: 'API key not valid.',
          status: 'INVALID_ARGUMENT',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      },
      { tags: 'INVALID_ARGUMENT API_KEY_INVALID' },
    ],
  ])('%s', (_name, value, wanted) => {
    expect(findError(value)).toMatchObject(wanted);
  });

  it.each<[string, unknown]>([
    ['null error', { error: null, choices: [] }],
    ['empty error', { error: {}, choices: [] }],
    ['message of a choice', { choices: [{ message: { role: 'assistant', content: 'x' } }] }],
    ['candidates with a message', { candidates: [], message: 'hello' }],
    ['code 0', { code: 0, msg: 'ok', data: { url: 'x' } }],
    ['code 200', { code: 200, message: 'success', data: [] }],
    ['code success', { code: 'success', message: 'anything' }],
    ['success', { success: true, message: 'made' }],
    ['task', { id: 'task_1', status: 'queued', message: 'Task submitted' }],
    ['Midjourney', { code: 1, description: '提交成功', result: '1' }],
    ['ping', { type: 'ping' }],
    ['empty', {}],
    ['end mark', '[DONE]'],
    ['picture', 'data:image/png;base64,AAAA'],
    ['list of words', ['a', 'b']],
    [
      'in progress',
      { type: 'response.created', response: { error: null, output: [], status: 'in_progress' } },
    ],
    ['prototype', JSON.parse('{"__proto__":{"error":"x"},"constructor":{"message":"y"}}')],
    ['too deep', { response: { response: { response: { response: { error: 'x' } } } } }],
    ['number', 7],
    ['null', null],
    ['undefined', undefined],
  ])('is none: %s', (_name, value) => {
    expect(findError(value)).toBeUndefined();
  });

  it.each<[unknown, number]>([
    [
      {
        error: {
          message: 'm',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }],
        },
      },
      34_400,
    ],
    [
      { error: { message: 'm', details: [{ retryDelay: { seconds: 34, nanos: 400_000_000 } }] } },
      34_400,
    ],
    [{ error: { message: 'm', details: [{ retryDelay: { seconds: '5' } }] } }, 5000],
    [{ error: { message: 'm', retry_after: 7 } }, 7000],
    [{ error: { message: 'Please retry in 34.4s.' } }, 34_400],
    [{ error: { message: 'Please try again in 1m30s' } }, 90_000],
    [{ error: { message: 'try again in 250ms' } }, 250],
    [{ error: { message: 'please wait for 20 seconds' } }, 20_000],
    [{ error: { message: '请求过于频繁，请在 30 秒后重试' } }, 30_000],
  ])('delay of %j is %i ms', (value, wanted) => {
    expect(findError(value)?.retryAfterMs).toBe(wanted);
  });

  it('has no delay where nothing says so', () => {
    expect(
      findError({ error: { message: 'wait 3 people', details: [{ retryDelay: 'soon' }] } }),
    ).not.toHaveProperty('retryAfterMs');
  });

  it('survives any value, and shows no base64', () => {
    const key = fc.constantFrom(
      'error',
      'message',
      'code',
      'metadata',
      'raw',
      'details',
      'choices',
      '__proto__',
      'retryDelay',
      'header',
      'response',
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.string(),
        fc.constant(Buffer.alloc(90).toString('base64')),
        fc.dictionary(key, tie('node')),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const found = findError(value);
        expect(found?.message ?? '').not.toContain('AAAAAAAAAAAAAAAAAAAAAAAA');
      }),
    );
  });
});

describe('parseRetryAfter', () => {
  const nowMs = Date.parse('2026-01-01T00:00:00Z');
  it.each<[string | string[] | undefined, number | undefined]>([
    ['2', 2000],
    [' 120 ', 120_000],
    ['1.5', 1500],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2015 00:00:30 GMT', 0],
    [['3', '9'], 3000],
    ['-1', undefined],
    ['abc', undefined],
    ['1e12', undefined],
    ['2026-01-01', undefined],
    ['', undefined],
    [[], undefined],
    [undefined, undefined],
  ])('%j -> %j', (header, wanted) => {
    expect(parseRetryAfter(header, nowMs)).toBe(wanted);
  });
});
