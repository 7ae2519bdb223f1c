import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EaselError } from '../src/core/errors.ts';
import { createLogger } from '../src/logger.ts';

const KEY = 'sk-canary/with+odd=chars"42';
const TOKEN = '123456:AAcanary_token-canary';

function createRecorder(secrets: string[] = [KEY, TOKEN]) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', secrets, destination });
  return { logger, lines };
}

/** The one line that this makes, as text and read back. */
function logged(fields: object, message = 'said', secrets?: string[]) {
  const { logger, lines } = createRecorder(secrets);
  logger.info(fields, message);
  expect(lines).toHaveLength(1);
  const line = lines.join('');
  expect(line.indexOf('\n')).toBe(line.length - 1);
  const read: Record<string, unknown> = JSON.parse(line);
  return { line, read };
}

describe('a line', () => {
  it('is JSON with level, time, fields and message', () => {
    expect(logged({ jobId: 'j1', count: 2 }, 'job done').read).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      jobId: 'j1',
      count: 2,
      msg: 'job done',
    });
  });

  it('is written from its level on', () => {
    const { logger, lines } = createRecorder();
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['info', 'warn', 'error']);
  });
});

describe('secrets', () => {
  const inUrl = encodeURIComponent(KEY);
  const bytes = (before: string, secret: string) =>
    Buffer.from(`${before}${secret} and more`).toString('base64');
  it.each([
    ['as it is', `key ${KEY} refused`],
    ['as JSON', `body ${JSON.stringify({ key: KEY })}`],
    ['in a URL', `https://a.example/?x=${inUrl}`],
    [
      'in a URL, lower case',
      `https://a.example/?x=${inUrl.replace(/%../g, (c) => c.toLowerCase())}`,
    ],
    ['in base64', bytes('', KEY)],
    ['in base64, one further', bytes('u', KEY)],
    ['in base64, two further', bytes('ab', KEY)],
    ['in base64url', Buffer.from(`>>>${KEY}???`).toString('base64url')],
    ['twice', `${KEY}${KEY}`],
  ])('go %s, from text, fields, names and errors', (_, text) => {
    const cause = new Error(text);
    const fields = {
      text,
      list: [text],
      deep: { a: { [text]: text } },
      error: new Error(text, { cause }),
    };
    const { line } = logged(fields, text);
    expect(line).not.toMatch(/canary/);
    expect(line).not.toContain(inUrl);
    expect(line).not.toContain(Buffer.from(KEY).toString('base64').slice(4, 30));
    expect(line.match(/\[\.\.\.\]/g)?.length).toBeGreaterThanOrEqual(7);
  });

  it.each([
    [
      'https://api.telegram.org/file/bot77:AAcanary_x/photos/1.jpg',
      'https://api.telegram.org/file/bot[...]/photos/1.jpg',
    ],
    ['/bot77%3AAAcanary_x/getMe', '/bot[...]/getMe'],
    ['Authorization: Bearer canary-12345678', 'Authorization: Bearer [...]'],
    ['bearer  canary/12345678==, next', 'bearer [...], next'],
    ['https://a.example/x?key=canary&alt=sse', 'https://a.example/x?key=[...]&alt=sse'],
    ['https://a.example/x?alt=sse&api_key=canary#y', 'https://a.example/x?alt=sse&api_key=[...]#y'],
    ['https://a.example/x?access-token=canary', 'https://a.example/x?access-token=[...]'],
    [`data:image/png;base64,${'canaryAA'.repeat(40)}== end`, 'data:image/png;base64,[...] end'],
    [`\t${'canary_-'.repeat(40)}`, '\t[...]'],
    [`${'canary+/'.repeat(9)}\r\n`.repeat(9), '[...]'],
    [`"${'canary\\/'.repeat(40)}"`, '"[...]"'],
    ['A'.repeat(200), 'A'.repeat(200)],
    ['the bearer of news, a robot1 and key=lime', 'the bearer of news, a robot1 and key=lime'],
  ])('that nobody named go: %j', (text, clean) => {
    const { read } = logged({ text }, text, []);
    expect(read).toMatchObject({ text: clean, msg: clean });
  });

  it('leave no part behind where a text is cut', () => {
    for (let before = 960; before <= 1000; before += 1) {
      expect(logged({ text: 'word '.repeat(200).slice(0, before) + KEY }).line).not.toContain(
        'canary',
      );
    }
  });

  it('that are too short garble nothing', () => {
    expect(logged({ level: 'x' }, 'info', ['info', 'x', '']).read).toMatchObject({ msg: 'info' });
  });

  it('go whatever stands around them, and the line stays JSON', () => {
    const secret = fc.string({ minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        // A secret that the mark itself, or the frame of the line, may spell is none.
        fc.pre(!/^[[\].]*$/.test(hidden));
        const { read } = logged({ text: `${before}${hidden}${after}` }, 'said', [hidden]);
        expect(read.text).not.toBe(`${before}${hidden}${after}`);
      }),
    );
  });

  it('take time in proportion to the text', () => {
    const secrets = Array.from({ length: 20 }, (_, index) => `secret-number-${index}`);
    const hostile = ['bot1', '?a', 'bearer ', 'A'.repeat(199), 'A', '%', 'secret-number'];
    for (const text of hostile) {
      const started = performance.now();
      logged(
        { text: `${text} `.repeat(1e6 / (text.length + 1)) },
        text.repeat(1e6 / text.length),
        secrets,
      );
      expect(performance.now() - started, text).toBeLessThan(2000);
    }
  });
});

describe('control and bidi characters', () => {
  it.each([
    ['\u202eevil', '\\u202eevil'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['\u0085\u009b31m', '\\u0085\\u009b31m'],
    ['\u2028', '\\u2028'],
  ])('are spelled out: %j', (text, clean) => {
    expect(logged({ text }, text).read).toMatchObject({ text: clean, msg: clean });
  });

  it('make no second line and no terminal command', () => {
    const { line, read } = logged({ text: 'a\nb' }, '\u001b[31m{"level":"error"}\r\n');
    expect([...line.slice(0, -1)].filter((character) => character < ' ')).toEqual([]);
    expect(read).toMatchObject({ level: 'info', text: 'a\nb' });
  });
});

describe('fields', () => {
  it('tell errors by their facts and causes', () => {
    const socket = Object.assign(new Error('other side closed'), {
      code: 'UND_ERR_SOCKET',
      body: 'x',
    });
    const error = new EaselError('connection-lost', { detail: 'gateway words', cause: socket });
    expect(logged({ error }).read.error).toEqual({
      name: 'EaselError',
      code: 'connection-lost',
      message: 'connection-lost',
      cause: { name: 'Error', code: 'UND_ERR_SOCKET', message: 'other side closed' },
    });
  });

  it('say where an error without a code comes from', () => {
    const { read } = logged(new TypeError('x is not a function'), 'a bug');
    expect(read).toMatchObject({
      msg: 'a bug',
      error: {
        name: 'TypeError',
        message: 'x is not a function',
        at: expect.arrayContaining([expect.stringContaining('logger.test.ts')]),
      },
    });
  });

  it.each([
    ['bytes', new Uint8Array(5), '[5 bytes]'],
    ['a date', new Date(0), expect.stringContaining('1970')],
    ['a URL', new URL('https://a.example/?key=canary'), 'https://a.example/?key=[...]'],
    ['a bigint', 5n, '5'],
    ['nothing', null, null],
    ['a long text', 'ab '.repeat(1000), expect.stringMatching(/^.{1000}…$/)],
    ['depth', { a: { b: { c: { d: { e: 1 } } } } }, { a: { b: { c: { d: '[deeper]' } } } }],
    ['a long list', Array(1000).fill(1), Array(50).fill(1)],
  ])('hold %s in short', (_, value, expected) => {
    expect(logged({ value }).read.value).toEqual(expected);
  });

  it('survive circles', () => {
    const loop = new Error('round');
    loop.cause = loop;
    const circle: Record<string, unknown> = { loop };
    circle.self = circle;
    expect(logged(circle).line).toContain('[deeper]');
  });
});
