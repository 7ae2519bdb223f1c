import { describe, expect, it } from 'vitest';
import type { Answer, FoundPicture } from '../../../src/core/wire/types.ts';
import { toError } from '../../../src/core/wire/verdict.ts';
import { EMPTY_ANSWER } from '../../fakes/answer.ts';

const answer = (facts: Partial<Answer> = {}): Answer => ({
  ...EMPTY_ANSWER,
  kind: 'json',
  bytes: 1,
  ...facts,
});

function says(message: string, tags = '', code?: number): Partial<Answer> {
  return { error: { message, tags, ...(code === undefined ? {} : { code }) } };
}

const at = (status: number) => ({ status, headers: {} });

describe('toError', () => {
  it.each<[code: string, billed: string, status: number, facts: Partial<Answer>]>([
    // Words before status.
    ['quota', 'no', 403, says('用户额度不足, 剩余额度: ＄0', 'insufficient_user_quota')],
    ['quota', 'no', 401, says('该令牌额度已用尽')],
    ['quota', 'no', 429, says('You exceeded your current quota', 'insufficient_quota')],
    ['quota', 'no', 402, {}],
    ['rate-limited', 'no', 429, says('You exceeded your current quota', 'RESOURCE_EXHAUSTED')],
    ['rate-limited', 'no', 429, { kind: 'empty' }],
    ['rate-limited', 'no', 429, { kind: 'html', htmlTitle: 'Too Many Requests' }],
    ['rate-limited', 'no', 400, says('请求过于频繁，请稍后再试')],
    ['auth', 'no', 401, says('Invalid API key.', 'invalid_api_key authentication_error')],
    ['auth', 'no', 400, says('API key not valid.', 'INVALID_ARGUMENT API_KEY_INVALID')],
    ['auth', 'no', 401, says('无效的令牌')],
    ['auth', 'no', 401, { kind: 'empty' }],
    ['auth', 'maybe', 200, says('x', '', 401)],
    ['no-model', 'no', 503, says('当前分组 default 下对于模型 x 无可用渠道')],
    ['no-model', 'no', 503, says('No available channel', 'model_not_found')],
    ['no-model', 'no', 404, says('models/x is not found for API version v1beta', 'NOT_FOUND')],
    ['no-model', 'no', 404, { kind: 'empty' }],
    ['bad-config', 'no', 404, { kind: 'text', text: '404 page not found' }],
    ['bad-config', 'no', 404, says('Invalid URL (POST /v1/v1/chat/completions)')],
    ['bad-config', 'no', 400, says('Unhandled generated data mime type: image/jpeg')],
    ['bad-config', 'maybe', 200, { kind: 'html', htmlTitle: 'New API' }],
    // A proxy that refuses asks nobody behind it.
    ['bad-config', 'no', 404, { kind: 'html', htmlTitle: '404 Not Found' }],
    ['bad-config', 'no', 403, { kind: 'html', htmlTitle: 'Attention Required! | Cloudflare' }],
    ['bad-request', 'no', 413, { kind: 'html', htmlTitle: '413 Request Entity Too Large' }],
    ['timeout', 'maybe', 524, { kind: 'html', htmlTitle: 'x | 524: A timeout occurred' }],
    ['timeout', 'maybe', 502, { kind: 'html', htmlTitle: 'x | 504: Gateway time-out' }],
    ['timeout', 'maybe', 524, says('The origin web server did not return', '', 524)],
    ['timeout', 'maybe', 504, { kind: 'empty' }],
    ['timeout', 'maybe', 408, { kind: 'empty' }],
    ['timeout', 'maybe', 400, says('upstream timed out')],
    ['server-error', 'maybe', 502, { kind: 'html', htmlTitle: '502 Bad Gateway' }],
    ['server-error', 'maybe', 503, { kind: 'text', text: 'upstream connect error' }],
    ['server-error', 'maybe', 500, { kind: 'empty' }],
    ['overloaded', 'no', 503, says('This model is experiencing high demand', 'UNAVAILABLE', 503)],
    ['overloaded', 'no', 529, says('Overloaded', 'overloaded_error')],
    ['overloaded', 'maybe', 502, says('Bad gateway')],
    ['overloaded', 'maybe', 200, says('x', '', 503)],
    ['overloaded', 'maybe', 500, says('当前分组上游负载已饱和，请稍后再试')],
    ['blocked', 'maybe', 500, says('检测到敏感词', 'sensitive_words_detected')],
    [
      'blocked',
      'no',
      400,
      says('request blocked by Gemini API: PROHIBITED_CONTENT', 'prompt_blocked'),
    ],
    ['blocked', 'no', 403, says('input flagged', 'moderation', 403)],
    ['blocked', 'no', 451, { kind: 'empty' }],
    [
      'signature-rejected',
      'no',
      400,
      says('Image part is missing a thought_signature in content position 2'),
    ],
    ['signature-rejected', 'no', 400, says('Corrupted thought signature.')],
    ['bad-request', 'no', 400, says("mime type is not supported by Gemini: 'image/gif'")],
    ['bad-request', 'no', 413, { kind: 'empty' }],
    ['bad-request', 'maybe', 500, says('x', 'convert_request_failed')],
    ['bad-request', 'no', 422, says('something')],
    ['no-model', 'no', 404, says('model gemini-3-thinking is not supported')],
    ['bad-request', 'maybe', 500, says('image_size is not supported', 'convert_request_failed')],
    ['quota', 'no', 403, says("invalid 'size': 余额不足")],
    ['redirected', 'no', 302, { kind: 'html' }],
    ['server-error', 'maybe', 200, says('something odd')],
    ['no-image', 'maybe', 200, says('No candidates returned', 'server_error', 500)],
    // Silence.
    ['async-task', 'maybe', 200, { taskId: 'task_1' }],
    ['blocked', 'maybe', 200, { finishReason: 'IMAGE_SAFETY' }],
    ['blocked', 'maybe', 200, { finishReason: 'PROHIBITED_CONTENT', kind: 'sse' }],
    ['no-image', 'maybe', 200, { finishReason: 'NO_IMAGE' }],
    ['no-image', 'maybe', 200, { finishReason: 'CONTENT_FILTER' }],
    ['no-image', 'maybe', 200, { finishReason: 'MALFORMED_FUNCTION_CALL' }],
    ['signature-rejected', 'maybe', 200, { finishReason: 'MISSING_THOUGHT_SIGNATURE' }],
    ['empty-answer', 'maybe', 200, { finishReason: 'SOMETHING_NEW' }],
    ['connection-lost', 'maybe', 200, { truncated: true, text: 'I am' }],
    ['malformed-answer', 'maybe', 200, { kind: 'text', text: 'what' }],
    ['refused-with-words', 'maybe', 200, { text: "I can't draw that.", finishReason: 'STOP' }],
    ['refused-with-words', 'maybe', 200, { text: 'words', usage: { completionTokens: 1500 } }],
    ['gateway-lost-image', 'maybe', 200, { usage: { completionTokens: 1120 } }],
    ['gateway-lost-image', 'maybe', 200, { usage: { imageTokens: 700 }, text: '暂无返回' }],
    ['empty-answer', 'maybe', 200, { usage: { completionTokens: 699 } }],
    ['empty-answer', 'maybe', 200, { text: '暂无返回' }],
    ['empty-answer', 'maybe', 200, { text: '正在生成图片...' }],
    ['empty-answer', 'maybe', 200, { text: '![x](image upload err)' }],
    ['empty-answer', 'maybe', 204, { kind: 'empty' }],
  ])('%s, billed %s: HTTP %i %j', (code, billed, status, facts) => {
    expect(toError(answer(facts), at(status))).toMatchObject({ code, billed, status });
  });

  it.each<[subject: string, message: string, tags?: string]>([
    [
      'sizing',
      'extra_body.google.imageConfig is not supported, use extra_body.google.image_config instead',
    ],
    ['size', "Invalid value at 'generation_config.image_config.image_size'"],
    ['aspectRatio', "Invalid value at 'generation_config.image_config.aspect_ratio'"],
    ['modalities', 'Unknown parameter: modalities'],
    ['streamUsage', 'stream_options is not supported'],
    ['thoughts', 'Thinking is not enabled for this model'],
    ['search', 'Search Grounding is not supported.'],
    ['count', 'Multiple candidates is not enabled for this model'],
    ['size', 'Invalid value', 'param=size'],
    ['quality', "Unknown parameter: 'quality'."],
  ])('option-rejected names %s: %s', (subject, message, tags) => {
    const error = toError(answer(says(message, tags)), at(400));
    expect(error).toMatchObject({ code: 'option-rejected', billed: 'no', subject });
  });

  it.each<Partial<Answer>>([
    { pictures: [{ rank: 'draft', url: 'https://x.example/a.png' } satisfies FoundPicture] },
    { pictures: [{ rank: 'stray', url: 'x' }], ...says('late error'), truncated: true },
  ])('is undefined when there is any picture', (facts) => {
    expect(toError(answer(facts), at(200))).toBeUndefined();
  });

  it('takes words where words were asked for, but no placeholder and no error', () => {
    const words = (facts: Partial<Answer>) => toError(answer(facts), at(200), { expect: 'words' });
    expect(words({ text: 'A fox in snow.' })).toBeUndefined();
    expect(words({ text: '暂无返回' })?.code).toBe('empty-answer');
    expect(words({ text: 'A fox', ...says('busy', 'UNAVAILABLE') })?.code).toBe('overloaded');
  });

  it('quotes the gateway, else the finish, else the model', () => {
    const detail = (facts: Partial<Answer>) => toError(answer(facts), at(200))?.detail;
    expect(detail({ ...says('no credit sk-abcdef123456'), text: 'x' })).toBe('no credit …');
    expect(detail({ finishReason: 'IMAGE_SAFETY', finishMessage: 'Unable to show.' })).toBe(
      'Unable to show.',
    );
    expect(detail({ finishReason: 'NO_IMAGE', text: 'Ask for one.' })).toBe('Ask for one.');
    expect(detail({ text: 'I will not.' })).toBe('I will not.');
    expect(detail({})).toBeUndefined();
  });

  it('prefers the header to the body for the wait', () => {
    const facts = answer({ error: { message: 'm', tags: '', retryAfterMs: 5000 } });
    const wait = (header?: string) =>
      toError(facts, { status: 429, headers: { 'retry-after': header }, nowMs: 0 })?.retryAfterMs;
    expect(wait('2')).toBe(2000);
    expect(wait('Thu, 01 Jan 1970 00:00:09 GMT')).toBe(9000);
    expect(wait('soon')).toBe(5000);
    expect(wait()).toBe(5000);
  });
});
