import { getEventListeners, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import type { EaselError } from '../../../src/core/errors.ts';
import { createNetwork } from '../../../src/core/net/network.ts';
import { type SendOptions, type Sent, send } from '../../../src/core/provider/send.ts';
import type { BodyPiece } from '../../../src/core/wire/types.ts';
import { type FakeGateway, type Script, startFakeGateway } from '../../fakes/gateway.ts';
import { type FakeProxy, startFakeProxy } from '../../fakes/proxy.ts';
import {
  createFileStore,
  everythingOf,
  type FileStore,
  KEY,
  noise,
  PICTURE_ANSWER,
  PNG,
  pictureEvent,
  refusalBody,
  sendOptions,
  WORDS,
} from './setup.ts';

let gateway: FakeGateway;
let payloads: FileStore;

beforeEach(async () => {
  gateway = await startFakeGateway();
  payloads = createFileStore();
});

afterEach(async () => {
  await gateway.close();
  payloads.remove();
});

const SMALL: BodyPiece[] = [`{"prompt":"${WORDS}"}`];
/** More than the buffers of both ends hold. */
const LARGE: BodyPiece[] = ['{"image":"', { base64: Buffer.alloc(24 * 1024 * 1024, WORDS) }, '"}'];

interface Try extends Partial<SendOptions> {
  url?: string;
  body?: BodyPiece[];
}

function post({ url = `${gateway.origin}/v1/chat`, body = SMALL, ...options }: Try = {}) {
  const headers = { authorization: `Bearer ${KEY}` };
  const request = { path: '/v1/chat', contentType: 'application/json', body };
  return send(new URL(url), headers, request, sendOptions({ payloads, ...options }));
}

/** The error, after everything that must hold for all of them. */
async function failure(attempt: Promise<Sent>): Promise<EaselError> {
  const error: EaselError = await attempt.then(
    () => expect.fail('an answer'),
    (thrown) => thrown,
  );
  expect(error.name).toBe('EaselError');
  expect(everythingOf(error)).not.toMatch(/canary|iVBOR/);
  expect(payloads.left()).toEqual([]);
  return error;
}

const limits = (changes: Partial<SendOptions['deadlines']>) => ({
  deadlines: {
    connectMs: 2_000,
    firstByteMs: 5_000,
    silenceMs: 5_000,
    totalMs: 10_000,
    ...changes,
  },
});

describe('an answer', () => {
  it('is the request’s own, sent once with its length', async () => {
    gateway.play({ pieces: [PICTURE_ANSWER] });
    const { status, answer } = await post({ body: [...SMALL, { base64: PNG }] });
    expect(status).toBe(200);
    expect(answer.pictures).toMatchObject([{ rank: 'final', payload: { size: PNG.length } }]);
    const [received] = gateway.journal;
    expect(String(received?.body)).toBe(`${SMALL[0]}${PNG.toString('base64')}`);
    expect(received?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'content-length': String(received?.body.length),
      connection: 'close',
    });
    expect(gateway.journal).toHaveLength(1);
    expect(payloads.left()).toHaveLength(1);
  });

  it('may be a refusal of any status, or a redirect, which is not followed', async () => {
    for (const status of [301, 307, 308, 401, 429, 503]) {
      const other = `${gateway.origin}/elsewhere`;
      gateway.play({ status, headers: { location: other }, pieces: [refusalBody('no')] });
      await post();
    }
    expect(gateway.journal.every(({ path }) => path === '/v1/chat')).toBe(true);
  });

  it('ends at [DONE], though the gateway leaves the connection open', async () => {
    gateway.play({ pieces: [PICTURE_ANSWER], end: 'hang' });
    const { answer } = await post();
    expect(answer.truncated).toBe(false);
    await gateway.idle();
  });

  it.each([
    [401, 'finish'],
    [413, 'close'],
    [413, 'reset'],
  ] as const)(
    'of %i counts, though it comes before the upload is over (%s)',
    async (status, end) => {
      gateway.play({ early: true, status, pieces: [refusalBody('too large')], end });
      const sent = await post({ body: LARGE });
      expect(sent).toMatchObject({ status, answer: { error: { message: 'too large' } } });
      await gateway.idle();
    },
  );

  it('keeps no payload that is not in it', async () => {
    const stray = noise(30_000).toString('base64');
    gateway.play({ pieces: [`data: {"sealed":"${stray}"}\n\n`, PICTURE_ANSWER] });
    const { answer } = await post();
    expect(payloads.left()).toHaveLength(answer.pictures.length);
  });
});

describe('nothing was sent', () => {
  let proxy: FakeProxy;
  let mute: Server;

  beforeEach(async () => {
    proxy = await startFakeProxy({ route: () => undefined });
    mute = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(mute, 'listening');
  });

  afterEach(async () => {
    await proxy.close();
    mute.close();
  });

  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const via = (url: string) => ({ network: createNetwork({ proxy: url }) });

  it.each<[string, () => Try | Promise<Try>]>([
    ['nobody listens', () => ({ url: 'http://127.0.0.1:1/v1/chat' })],
    // Too long for a label of DNS, so no resolver is asked.
    ['the name is unknown', () => ({ url: `http://${'a'.repeat(64)}.invalid/` })],
    ['TLS fails', () => ({ url: gateway.origin.replace('http', 'https') })],
    [
      'TLS never answers',
      () => ({ url: `https://127.0.0.1:${portOf(mute)}`, ...limits({ connectMs: 300 }) }),
    ],
    [
      'time is up while it connects',
      () => ({ url: `https://127.0.0.1:${portOf(mute)}`, ...limits({ totalMs: 200 }) }),
    ],
    ['the CONNECT proxy refuses', () => via(proxy.httpUrl)],
    ['the SOCKS5 proxy refuses', () => via(proxy.socksUrl)],
    ['the CONNECT proxy is away', () => via('http://127.0.0.1:1')],
    ['the SOCKS5 proxy is away', () => via('socks5://127.0.0.1:1')],
    [
      'the CONNECT proxy hangs up',
      () => {
        mute.on('connection', (socket) => socket.destroy());
        return via(`http://127.0.0.1:${portOf(mute)}`);
      },
    ],
    [
      'the SOCKS5 proxy says nothing',
      () => ({ ...via(`socks5://127.0.0.1:${portOf(mute)}`), ...limits({ totalMs: 200 }) }),
    ],
  ])('when %s', async (_name, options) => {
    const error = await failure(post(await options()));
    expect(error).toMatchObject({ code: 'unreachable', billed: 'no' });
    expect(gateway.paidPosts()).toBe(0);
  });

  it('when a header cannot be sent', async () => {
    const request = { path: '/', contentType: 'a', body: SMALL };
    const headers = { authorization: `${KEY}\n` };
    const attempt = send(new URL(gateway.origin), headers, request, sendOptions({ payloads }));
    expect(await failure(attempt)).toMatchObject({ code: 'bad-config', billed: 'no' });
    expect(gateway.journal).toEqual([]);
  });
});

describe('something was sent', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  const raw = (...pieces: string[]): Script => ({ raw: true, pieces, end: 'close' });
  const keepAlives = Array.from({ length: 200 }, (_, at) => (at % 2 ? 20 : ': still painting\n'));

  it.each<[string, string, Script, Try?]>([
    ['reset before an answer', 'connection-lost', { raw: true, end: 'reset' }],
    ['closed before an answer', 'connection-lost', { raw: true, end: 'close' }],
    [
      'reset in a large upload',
      'connection-lost',
      { raw: true, early: true, end: 'reset' },
      { body: LARGE },
    ],
    [
      'reset in a picture',
      'connection-lost',
      { pieces: [PICTURE_ANSWER.slice(0, 900), 20], end: 'reset' },
    ],
    [
      'closed in a picture',
      'connection-lost',
      { pieces: [PICTURE_ANSWER.slice(0, 900)], end: 'close' },
    ],
    ['not HTTP', 'connection-lost', raw('SSH-2.0-OpenSSH_9.9\r\n')],
    ['200 KB of headers', 'connection-lost', raw(head, `x: ${'y'.repeat(200_000)}\r\n\r\n`)],
    ['a length too long', 'connection-lost', raw(`${head}content-length: 99\r\n\r\n{"data":`)],
    [
      'a length beyond reason',
      'connection-lost',
      raw(`${head}content-length: ${'9'.repeat(25)}\r\n\r\n{}`),
    ],
    [
      'an unknown encoding',
      'malformed-answer',
      { headers: { 'content-encoding': 'rot13' }, pieces: ['{}'] },
    ],
    [
      'two layers',
      'malformed-answer',
      { headers: { 'content-encoding': 'gzip, gzip' }, pieces: ['{}'] },
    ],
    ['no first byte', 'timeout', { raw: true, end: 'hang' }, limits({ firstByteMs: 100 })],
    ['silence after the head', 'timeout', { pieces: [], end: 'hang' }, limits({ silenceMs: 100 })],
    [
      'silence in a picture',
      'timeout',
      { pieces: [PICTURE_ANSWER.slice(0, 900)], end: 'hang' },
      limits({ silenceMs: 100 }),
    ],
    [
      'keep-alives beyond the total',
      'timeout',
      { pieces: keepAlives },
      limits({ totalMs: 200, silenceMs: 150 }),
    ],
    [
      'an upload that nobody reads',
      'timeout',
      { raw: true, early: true, end: 'hang' },
      { body: LARGE, ...limits({ totalMs: 200 }) },
    ],
  ])('%s: %s', async (_name, code, script, options = {}) => {
    gateway.play(script);
    const error = await failure(post(options));
    expect(error).toMatchObject({ code, billed: 'maybe' });
    expect(gateway.journal).toHaveLength(1);
    await gateway.idle();
  });

  it('an answer without end is cut', async () => {
    const endless = Array.from({ length: 200 }, () => 'A'.repeat(1024 * 1024));
    gateway.play({ pieces: ['{"data":[{"b64_json":"iVBORw0KGgo', ...endless] });
    const error = await failure(post());
    expect(error).toMatchObject({ code: 'answer-too-large', billed: 'maybe' });
    await gateway.idle();
  });

  it('a disk that is full is not the gateway’s fault, but was paid for', async () => {
    gateway.play({ pieces: [PICTURE_ANSWER] });
    payloads.remove();
    const attempt = post();
    const error: EaselError = await attempt.then(
      () => expect.fail(),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'internal', billed: 'maybe', subject: 'temporary file' });
    payloads = createFileStore();
  });

  it.each<[string, Script]>([
    ['reset', { pieces: [pictureEvent(), 'data: {"choi', 20], end: 'reset' }],
    ['silent', { pieces: [pictureEvent()], end: 'hang' }],
  ])('a picture is kept when the connection is %s behind it', async (_name, script) => {
    gateway.play(script);
    const { answer } = await post(limits({ silenceMs: 150 }));
    expect(answer).toMatchObject({
      truncated: true,
      pictures: [{ payload: { size: PNG.length } }],
    });
    await gateway.idle();
  });

  it('any byte is a sign of life, comments too', async () => {
    const pauses = Array.from({ length: 9 }, () => [': \n', 50]).flat();
    gateway.play({ pieces: [...pauses, PICTURE_ANSWER] });
    await post(limits({ silenceMs: 300, firstByteMs: 300 }));
  });
});

describe('cancelling', () => {
  it.each<[string, Script, string, Try?]>([
    ['before the head', { raw: true, end: 'hang' }, 'maybe'],
    ['in the upload', { raw: true, early: true, end: 'hang' }, 'maybe', { body: LARGE }],
    ['in the answer', { pieces: [': \n'], end: 'hang' }, 'maybe'],
    ['behind a picture', { pieces: [pictureEvent()], end: 'hang' }, 'maybe'],
    ['in a picture', { pieces: [PICTURE_ANSWER.slice(0, 900)], end: 'hang' }, 'maybe'],
  ])('%s rejects at once, down to the socket', async (_name, script, billed, options = {}) => {
    gateway.play(script);
    const controller = new AbortController();
    const attempt = post({ signal: controller.signal, ...options });
    setTimeout(() => controller.abort(), 80);
    const error = await failure(attempt);
    expect(error).toMatchObject({ code: 'cancelled', billed });
    await gateway.idle();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('before the start sends nothing', async () => {
    const error = await failure(post({ signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'cancelled', billed: 'no' });
    expect(gateway.connections()).toBe(0);
  });

  it.each(['httpUrl', 'socksUrl'] as const)(
    'while a proxy is silent (%s) is at once',
    async (kind) => {
      const silent = await startFakeProxy({ silent: true });
      const controller = new AbortController();
      const startedAt = performance.now();
      setTimeout(() => controller.abort(), 50);
      const network = createNetwork({ proxy: silent[kind] });
      const error = await failure(post({ network, signal: controller.signal }));
      expect(error).toMatchObject({ code: 'cancelled', billed: 'no' });
      expect(performance.now() - startedAt).toBeLessThan(500);
      await silent.close();
    },
  );
});

describe('afterwards', () => {
  it('neither timers nor listeners nor the upload are left', async () => {
    const { signal } = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    gateway.play({ early: true, pieces: [PICTURE_ANSWER], end: 'hang' });
    let isStopped = false;
    const body = Object.assign([...LARGE], {
      *[Symbol.iterator]() {
        try {
          yield* [...LARGE];
        } finally {
          isStopped = true;
        }
      },
    });
    const before = timers().length;
    for (let turn = 0; turn < 3; turn += 1) {
      isStopped = false;
      await post({ signal, body });
      await gateway.idle();
      await sleep(1);
      expect(isStopped).toBe(true);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(timers().length).toBeLessThanOrEqual(before);
  });

  it('the caller may abort for something else', async () => {
    const controller = new AbortController();
    const network = createNetwork({});
    const destroy: Mock[] = [];
    const single: typeof network.single = (url, options) => {
      const dispatcher = network.single(url, options);
      destroy.push(vi.spyOn(dispatcher, 'destroy'));
      return dispatcher;
    };
    gateway.play({ pieces: [PICTURE_ANSWER] });
    await post({ network: { ...network, single }, signal: controller.signal });
    for (const spy of destroy) spy.mockClear();
    controller.abort();
    expect(destroy.map((spy) => spy.mock.calls)).toEqual([[]]);
  });

  it.each(['httpUrl', 'socksUrl'] as const)('the tunnel is gone (%s)', async (kind) => {
    const proxy = await startFakeProxy();
    gateway.play({ pieces: [PICTURE_ANSWER], end: 'hang' });
    const { answer } = await post({ network: createNetwork({ proxy: proxy[kind] }) });
    expect(answer.pictures).toHaveLength(1);
    expect(proxy.journal).toHaveLength(1);
    await gateway.idle();
    await proxy.close();
  });
});
