import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EaselError } from '../../../src/core/errors.ts';
import { createNetwork } from '../../../src/core/net/network.ts';
import type { ProviderSettings } from '../../../src/core/provider/presets.ts';
import {
  createProvider,
  type GenerateOptions,
  type ProviderDependencies,
} from '../../../src/core/provider/provider.ts';
import { abortableSleep } from '../../../src/core/provider/tries.ts';
import { type FakeGateway, type Script, startFakeGateway } from '../../fakes/gateway.ts';
import { startFakeProxy } from '../../fakes/proxy.ts';
import {
  createFileStore,
  everythingOf,
  type FileStore,
  INPUT,
  KEY,
  noise,
  PICTURE_ANSWER,
  PNG,
  pictureEvent,
  refusalBody,
  settingsFor,
} from './setup.ts';

let gateway: FakeGateway;
let payloads: FileStore;
let waits: number[];
let log: string[];

beforeEach(async () => {
  gateway = await startFakeGateway();
  payloads = createFileStore();
  waits = [];
  log = [];
});

afterEach(async () => {
  vi.useRealTimers();
  payloads.remove();
  await gateway.close();
});

interface Setting extends Partial<ProviderDependencies> {
  settings?: Partial<ProviderSettings>;
}

function start({ settings, ...dependencies }: Setting = {}) {
  const write = (fields: object, message: string) => {
    log.push(`${message} ${JSON.stringify(fields)}`);
  };
  return createProvider(settingsFor(gateway.origin, settings), {
    network: createNetwork({}),
    payloads,
    logger: { debug: write, info: write, warn: write, error: write },
    timeoutMs: 300_000,
    wait: async (ms) => waits.push(ms),
    ...dependencies,
  });
}

const options = (more: Partial<GenerateOptions> = {}) => ({
  signal: new AbortController().signal,
  ...more,
});

async function failure(provider = start(), more: Partial<GenerateOptions> = {}) {
  const error: EaselError = await provider.generate(INPUT, options(more)).then(
    () => expect.fail('an answer'),
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: 'EaselError', provider: 'relay' });
  expect(`${everythingOf(error)} ${log.join()}`).not.toMatch(/canary|iVBOR|<html/i);
  expect(payloads.left()).toEqual([]);
  return error;
}

const PAINTS: Script = { pieces: [PICTURE_ANSWER] };
const refuse = (status: number, message: string, headers: Script['headers'] = {}): Script => ({
  status,
  headers,
  pieces: [refusalBody(message)],
});
const keysUsed = () => gateway.journal.map(({ headers }) => headers.authorization?.slice(7));

describe('a request', () => {
  it('brings a picture, and says who made it', async () => {
    gateway.play(PAINTS);
    const made = await start().generate(INPUT, options());
    expect(made).toMatchObject({ provider: 'relay', model: 'painter-1', dialect: 'openai-chat' });
    expect(made.answer.pictures).toMatchObject([{ payload: { size: PNG.length } }]);
    expect(gateway.journal).toMatchObject([{ path: '/v1/chat/completions', isWhole: true }]);
    expect(JSON.parse(String(gateway.journal[0]?.body))).toMatchObject({ stream: true });
    expect(log).toEqual([expect.stringContaining('provider answered')]);
  });

  it.each<[string, Partial<ProviderSettings>, object]>([
    ['a bearer', {}, { authorization: `Bearer ${KEY}`, 'accept-encoding': 'identity' }],
    ['Google’s header', { dialect: 'gemini' }, { 'x-goog-api-key': KEY }],
    ['the operator’s headers', { headers: { 'x-title': 'Easel' } }, { 'x-title': 'Easel' }],
    [
      'our framing all the same',
      { headers: { 'content-length': '3' } },
      { authorization: `Bearer ${KEY}` },
    ],
  ])('carries %s', async (_name, settings, headers) => {
    gateway.play(PAINTS);
    await start({ settings }).generate(INPUT, options());
    expect(gateway.journal[0]).toMatchObject({ isWhole: true, headers });
  });

  it('without a key carries none', async () => {
    gateway.play(PAINTS);
    await start({ settings: { keys: [] } }).generate(INPUT, options());
    expect(gateway.journal[0]?.headers).not.toHaveProperty('authorization');
  });

  it('asks for the model that was chosen, and tells what it sees', async () => {
    gateway.play(PAINTS);
    const seen: string[] = [];
    const request = { ...INPUT, model: 'painter-2' };
    const { model } = await start().generate(
      request,
      options({ onEvent: ({ type }) => seen.push(type) }),
    );
    expect(model).toBe('painter-2');
    expect(String(gateway.journal[0]?.body)).toContain('"painter-2"');
    expect(seen).toEqual(['image']);
  });
});

describe('a link', () => {
  it('of the gateway’s own is made whole; others stay', async () => {
    const content = '![a](/images/1.png) ![b](https://cdn.example/2.png)';
    gateway.play({ pieces: [JSON.stringify({ choices: [{ message: { content } }] })] });
    const { answer } = await start().generate(INPUT, options());
    expect(answer.pictures).toEqual([
      { rank: 'final', url: `${gateway.origin}/images/1.png` },
      { rank: 'final', url: 'https://cdn.example/2.png' },
    ]);
  });
});

describe('keys', () => {
  const settings = { keys: ['k1', 'k2'] };

  it('take turns', async () => {
    gateway.play(PAINTS);
    const provider = start({ settings });
    for (let turn = 0; turn < 3; turn += 1) await provider.generate(INPUT, options());
    expect(keysUsed()).toEqual(['k1', 'k2', 'k1']);
  });

  it.each([
    [401, 'invalid api key', 600_000],
    [402, 'insufficient quota', 600_000],
    [429, 'slow down', 60_000],
  ])('rest after %i (%s), and come back after %i ms', async (status, message, restMs) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    gateway.play(refuse(status, message), PAINTS);
    const provider = start({ settings });
    await provider.generate(INPUT, options());
    await provider.generate(INPUT, options());
    vi.advanceTimersByTime(restMs);
    await provider.generate(INPUT, options());
    await provider.generate(INPUT, options());
    expect(keysUsed().slice(0, 3)).toEqual(['k1', 'k2', 'k2']);
    expect(new Set(keysUsed().slice(3))).toEqual(new Set(['k1', 'k2']));
    expect(waits).toEqual([]);
  });

  it('all refused end with the first telling refusal', async () => {
    gateway.play(
      refuse(401, ''),
      refuse(402, 'insufficient quota'),
      refuse(401, 'invalid api key'),
    );
    const error = await failure(start({ settings: { keys: ['k1', 'k2', 'k3'] } }));
    expect(error).toMatchObject({ code: 'quota', billed: 'no', detail: 'insufficient quota' });
    expect(keysUsed()).toEqual(['k1', 'k2', 'k3']);
  });

  it('a single one at rest is asked all the same, unless a successor is there', async () => {
    const provider = start();
    gateway.play(refuse(401, 'invalid api key'), PAINTS);
    await failure(provider);
    expect(await failure(provider, { hasSuccessor: true })).toMatchObject({ code: 'rate-limited' });
    expect(gateway.journal).toHaveLength(1);
    await provider.generate(INPUT, options());
  });
});

describe('a refusal', () => {
  const inTwoSeconds = () => new Date(Date.now() + 2_000).toUTCString();

  it.each<[string, string | undefined, number | undefined, number]>([
    ['2', '2', 2_000, 2_000],
    ['0', '0', 250, 250],
    ['an HTTP date', inTwoSeconds(), 0, 2_000],
    ['-1', '-1', 3_000, 6_000],
    ['abc', 'abc', 3_000, 6_000],
    ['absent', undefined, 3_000, 6_000],
    ['1e12', '1e12', 3_000, 6_000],
    ['120', '120', undefined, 0],
    ['10^12', '1000000000000', undefined, 0],
    ['400 digits', '9'.repeat(400), undefined, 0],
  ])('429 with Retry-After %s', async (_name, header, minMs, maxMs) => {
    gateway.play(refuse(429, 'slow down', header === undefined ? {} : { 'retry-after': header }));
    expect(await failure()).toMatchObject({ code: 'rate-limited', billed: 'no' });
    expect(waits).toHaveLength(minMs === undefined ? 0 : 1);
    expect(waits.every((ms) => ms >= (minMs ?? 0) && ms <= maxMs)).toBe(true);
    expect(gateway.paidPosts()).toBe(1 + waits.length);
  });

  it('tells of the wait, and brings the picture behind it', async () => {
    const told: number[] = [];
    gateway.play(refuse(429, 'slow down', { 'retry-after': '7' }), PAINTS);
    await start().generate(INPUT, options({ onWait: (ms) => told.push(ms) }));
    expect([waits, told]).toEqual([[7_000], [7_000]]);
  });

  it('hands over at once where a successor is ready', async () => {
    gateway.play(refuse(429, 'slow down', { 'retry-after': '2' }));
    await failure(start(), { hasSuccessor: true });
    expect([waits, gateway.paidPosts()]).toEqual([[], 1]);
  });

  it('is not waited out beyond TIMEOUT_SECONDS', async () => {
    gateway.play(refuse(429, 'slow down', { 'retry-after': '2' }));
    await failure(start({ timeoutMs: 1_500 }));
    expect([waits, gateway.paidPosts()]).toEqual([[], 1]);
  });

  it('can be cancelled in the wait', async () => {
    gateway.play(refuse(429, 'slow down', { 'retry-after': '20' }));
    const controller = new AbortController();
    const onWait = () => void setImmediate(() => controller.abort());
    const { signal } = controller;
    const error = await failure(start({ wait: abortableSleep }), { signal, onWait });
    expect(error).toMatchObject({ code: 'cancelled', billed: 'no' });
    expect(gateway.paidPosts()).toBe(1);
  });
});

describe('a field that the gateway refuses', () => {
  const style = {
    imagePart: 'image_url' as const,
    sizing: ['image_config' as const],
    modalities: true,
    streamUsage: true,
  };
  const bodies = () => gateway.journal.map(({ body }) => String(body));
  const wish = { ...INPUT, aspectRatio: '16:9' as const, size: '4K' as const };

  it('is left out at once, and from then on', async () => {
    gateway.play(refuse(400, 'Unknown parameter: modalities'), PAINTS, PAINTS);
    const provider = start({ settings: { style } });
    await provider.generate(wish, options());
    await provider.generate(wish, options());
    expect(waits).toEqual([]);
    expect(bodies().map((body) => body.includes('modalities'))).toEqual([true, false, false]);
    expect(bodies().every((body) => body.includes('image_config'))).toBe(true);
  });

  it('is tried again where only its value was wrong, and said in words meanwhile', async () => {
    gateway.play(refuse(400, "Invalid value for 'image_size'"), PAINTS, PAINTS);
    const provider = start({ settings: { style } });
    await provider.generate(wish, options());
    await provider.generate(wish, options());
    expect(bodies().map((body) => body.includes('image_size'))).toEqual([true, false, true]);
    expect(bodies()[1]).toContain('Resolution: 4K.');
    expect(bodies()[1]).toContain('"aspect_ratio":"16:9"');
  });

  it('ends the request when it is refused twice', async () => {
    const refusal = refuse(400, 'Unknown parameter: modalities');
    gateway.play(refusal, refusal, PAINTS);
    expect(await failure(start({ settings: { style } }))).toMatchObject({
      code: 'option-rejected',
    });
    expect(gateway.paidPosts()).toBe(2);
  });

  it('is not sent again without it behind a 200, which may have been charged', async () => {
    gateway.play({ pieces: [refusalBody('Unknown parameter: modalities')] }, PAINTS);
    expect(await failure(start({ settings: { style } }))).toMatchObject({ billed: 'maybe' });
    expect(gateway.paidPosts()).toBe(1);
  });
});

describe('one POST', () => {
  const page = `<html><title>x | 524</title>${'<p>canary</p>'.repeat(16_000)}</html>`;
  const html = (status: number): Script => ({
    status,
    headers: { 'content-type': 'text/html' },
    pieces: [page],
  });

  it.each<[string, string, 'no' | 'maybe', Script]>([
    ['a 500 page', 'timeout', 'maybe', html(500)],
    ['a 502 page', 'timeout', 'maybe', html(502)],
    ['a 504 page', 'timeout', 'maybe', html(504)],
    ['a 524 page', 'timeout', 'maybe', html(524)],
    ['a 200 page', 'timeout', 'maybe', html(200)],
    ['a 500', 'server-error', 'maybe', refuse(500, 'oops')],
    ['no channel', 'no-model', 'no', refuse(503, '当前分组 default 下对于模型 x 无可用渠道')],
    [
      'a moved gateway',
      'redirected',
      'no',
      { status: 308, headers: { location: 'http://127.0.0.1:1/' } },
    ],
    ['an error in a 200', 'server-error', 'maybe', { pieces: [refusalBody('oops')] }],
    ['an empty list', 'empty-answer', 'maybe', { pieces: ['{"data":[]}'] }],
    ['an empty 200', 'empty-answer', 'maybe', {}],
    ['a 204', 'empty-answer', 'maybe', { status: 204 }],
    [
      'words',
      'refused-with-words',
      'maybe',
      { pieces: ['data: {"choices":[{"delta":{"content":"I cannot."}}]}\n\n'] },
    ],
    ['a reset', 'connection-lost', 'maybe', { raw: true, end: 'reset' }],
    [
      'a cut picture',
      'connection-lost',
      'maybe',
      { pieces: [pictureEvent().slice(0, 500)], end: 'close' },
    ],
  ])('%s: %s, billed: %s', async (_name, code, billed, script) => {
    gateway.play(script);
    const error = await failure();
    expect(error).toMatchObject({ code, billed });
    expect(error.detail?.length ?? 0).toBeLessThanOrEqual(300);
    expect([waits, gateway.journal.length]).toEqual([[], 1]);
  });

  it('leaves nothing of an answer that nobody wants', async () => {
    const seal = noise(100_000).toString('base64');
    const parts = [{ text: 'I cannot.', thoughtSignature: seal }];
    gateway.play({ pieces: [JSON.stringify({ candidates: [{ content: { parts } }] })] });
    const refused = await failure(start({ settings: { dialect: 'gemini' } }));
    expect(refused).toMatchObject({ code: 'refused-with-words', billed: 'maybe' });
  });

  it('words are enough when words were asked for', async () => {
    gateway.play({ pieces: ['{"choices":[{"message":{"content":"A fox."}}]}'] });
    const { answer } = await start().generate({ ...INPUT, textOnly: true }, options());
    expect(answer.text).toBe('A fox.');
  });

  it.each(['httpUrl', 'socksUrl'] as const)(
    'reaches it at the third try, through a proxy (%s)',
    async (kind) => {
      let asked = 0;
      const proxy = await startFakeProxy({ route: ({ port }) => (++asked < 3 ? undefined : port) });
      gateway.play(PAINTS);
      const network = createNetwork({ proxy: proxy[kind] });
      await start({ network }).generate(INPUT, options({ hasSuccessor: true }));
      expect([waits.length, asked, gateway.paidPosts()]).toEqual([2, 3, 1]);
      await proxy.close();
    },
  );

  it('is never sent when nobody can be reached', async () => {
    const provider = start({ settings: { baseUrl: 'http://127.0.0.1:1' } });
    expect(await failure(provider)).toMatchObject({ code: 'unreachable', billed: 'no' });
    expect(waits).toHaveLength(2);
  });
});

it('never repeats the key that a gateway quotes, whatever keys look like there', async () => {
  const key = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
  const words = `Incorrect API key provided: ${key}.`;
  gateway.play({ status: 401, pieces: [refusalBody(words)] });
  const refusal = start({ settings: { keys: [key] } }).generate(INPUT, {
    signal: new AbortController().signal,
  });
  await expect(refusal).rejects.toMatchObject({
    code: 'auth',
    detail: 'Incorrect API key provided: ….',
  });
});
