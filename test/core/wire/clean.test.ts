import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDetail } from '../../../src/core/wire/clean.ts';

const BASE64 = Buffer.from('a picture that is long enough to look like one, twice over').toString(
  'base64',
);

describe('cleanDetail', () => {
  it.each([
    ['user quota is not enough', 'user quota is not enough'],
    ['用户额度不足, 剩余额度: ＄0.10', '用户额度不足, 剩余额度: ＄0.10'],
    ['code insufficient_user_quota_for_this_model', 'code insufficient_user_quota_for_this_model'],
    [
      'models/gemini-3-pro-image-preview is not found',
      'models/gemini-3-pro-image-preview is not found',
    ],
    ['Incorrect API key provided: sk-abcd1234************wxyz.', 'Incorrect API key provided: …'],
    ['key AIzaSyA1234567890abcdefghijklmnopqrstuv is bad', 'key … is bad'],
    ['Authorization: Bearer abc.def-123 refused', 'Authorization: … refused'],
    ['file bot123456789:AAExampleExampleExampleExampleExample12 gone', 'file … gone'],
    ['https://u:p@x.example/a/b?key=1#f failed', 'https://x.example/a/b failed'],
    ['redis://user:pass@cache:6379/0 is down', 'redis://cache:6379/0 is down'],
    ['password=hunter2hunter2 leaked', 'password= … leaked'],
    [`before ${BASE64} after`, 'before … after'],
    [`![x](data:image/png;base64,${BASE64}) after`, '![x](…) after'],
    [`before data:image/png;base64,${BASE64}`, 'before …'],
    [`${BASE64}\nQUJDRA==\nafter`, '… after'],
    ['<center><h1>502 Bad Gateway</h1></center>', '502 Bad Gateway'],
    ['<!DOCTYPE html><html><head><title>x | 524</title></head><body>long', 'x | 524'],
    ['  <html><body>no title</body></html>', ''],
    ['cut <a href="https://x', 'cut'],
    ['sizes < 5 and > 3 are fine', 'sizes < 5 and > 3 are fine'],
    ['a\u0000b\u001b[31mc', 'a b [31mc'],
    ['safe \u202Eevil\u202C \u2066x\u2069 sk-\u200Babcdef12345', 'safe evil x …'],
    ['broken \uD83D half', 'broken \uFFFD half'],
    ['too many (request id: 20251209153731610783868KCHZ)', 'too many'],
    ['  a \n\t b  ', 'a b'],
    ['', ''],
  ])('%j -> %j', (given, wanted) => {
    expect(cleanDetail(given)).toBe(wanted);
  });

  it('keeps to 300 units and never cuts a letter in two', () => {
    const cleaned = cleanDetail(`${'a'.repeat(7)} ${'🦊 '.repeat(400)}`);
    expect(cleaned.length).toBeLessThanOrEqual(300);
    expect(cleaned.isWellFormed()).toBe(true);
    expect(cleaned.endsWith('…')).toBe(true);
  });

  it('drops a key that the reading limit would cut in two', () => {
    const text = `${'\n'.repeat(16_380)} sk-abcdefghijklmnop`;
    expect(cleanDetail(text)).toBe('');
  });

  it('hides any key and any base64 whatever stands around', () => {
    const secret = fc.oneof(
      fc.stringMatching(/^sk-[A-Za-z0-9]{20,48}$/),
      fc
        .uint8Array({ minLength: 48, maxLength: 200 })
        .map((bytes) => Buffer.from(bytes).toString('base64')),
    );
    const around = fc.stringMatching(/^[a-z ,.:"'()]{0,20}$/);
    fc.assert(
      fc.property(around, secret, around, (before, hidden, after) => {
        const cleaned = cleanDetail(`${before} ${hidden} ${after}`);
        expect(cleaned).not.toContain(hidden.slice(0, 16));
      }),
    );
  });

  it.each([
    '<',
    '<a',
    '/',
    'https://',
    'sk-',
    '1:',
    'a.',
    '[[',
    '  ',
    'key=',
    'data:a/',
    '…',
    '🦊',
  ])('is linear in 100 KB of %j', (unit) => {
    const text = unit.repeat(100_000 / unit.length);
    const startedMs = performance.now();
    cleanDetail(text);
    expect(performance.now() - startedMs).toBeLessThan(50);
  });

  it('never throws and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const cleaned = cleanDetail(text);
        expect(cleaned.length).toBeLessThanOrEqual(300);
        expect(cleaned.isWellFormed()).toBe(true);
      }),
    );
  });
});
