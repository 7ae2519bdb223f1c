import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decompress } from '../../../src/core/provider/decompress.ts';
import { send } from '../../../src/core/provider/send.ts';
import { type FakeGateway, startFakeGateway } from '../../fakes/gateway.ts';
import {
  createFileStore,
  type FileStore,
  noise,
  PICTURE_ANSWER,
  PNG,
  sendOptions,
} from './setup.ts';

async function plainOf(bytes: Uint8Array, encoding?: string | string[]): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompress(Readable.from([bytes]), encoding)) chunks.push(chunk);
  return String(Buffer.concat(chunks));
}

describe('decompress', () => {
  const text = 'a fox in snow '.repeat(5_000);

  it.each([
    ['gzip', zlib.gzipSync],
    [' GZip ', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['br', zlib.brotliCompressSync],
    ['zstd', zlib.zstdCompressSync],
  ])('undoes %s', async (encoding, compress) => {
    expect(await plainOf(compress(text), encoding)).toBe(text);
  });

  it.each([undefined, '', 'identity'])('leaves %s alone', async (encoding) => {
    expect(await plainOf(Buffer.from(text), encoding)).toBe(text);
  });

  it.each(['rot13', 'constructor', 'gzip, gzip', ['gzip', 'gzip']])('refuses %s', (...encoding) => {
    const body = Readable.from([Buffer.from(text)]);
    const refusal = { code: 'malformed-answer', subject: 'content-encoding' };
    expect(() => decompress(body, encoding.flat())).toThrow(expect.objectContaining(refusal));
  });

  it.each([
    ['cut', zlib.gzipSync(text).subarray(0, 90)],
    ['not compressed', Buffer.from(text)],
  ])('fails for what is %s', async (_name, bytes) => {
    await expect(plainOf(bytes, 'gzip')).rejects.toThrow();
  });
});

describe('a compressed answer', () => {
  let gateway: FakeGateway;
  let payloads: FileStore;

  beforeEach(async () => {
    gateway = await startFakeGateway();
    payloads = createFileStore();
  });

  afterEach(async () => {
    expect(payloads.left()).toEqual([]);
    payloads.remove();
    await gateway.close();
  });

  const post = (silenceMs = 5_000) => {
    const deadlines = { connectMs: 1_000, firstByteMs: 5_000, silenceMs, totalMs: 20_000 };
    const request = { path: '/', contentType: 'application/json', body: ['{}'] };
    return send(new URL(gateway.origin), {}, request, sendOptions({ payloads, deadlines }));
  };

  function play(encoding: string, pieces: (Uint8Array | number)[], end?: 'hang'): void {
    gateway.play({ headers: { 'content-encoding': encoding }, pieces, ...(end && { end }) });
  }

  it('ends at [DONE], though more is to come', async () => {
    const { Z_SYNC_FLUSH: finishFlush } = zlib.constants;
    play('gzip', [zlib.gzipSync(PICTURE_ANSWER, { finishFlush })], 'hang');
    const { answer } = await post();
    expect(answer).toMatchObject({
      truncated: false,
      pictures: [{ payload: { size: PNG.length } }],
    });
    await gateway.idle();
    for (const picture of answer.pictures)
      if ('payload' in picture) await picture.payload.discard();
  });

  it('that is cut in its picture is lost', async () => {
    const whole = zlib.gzipSync(PICTURE_ANSWER);
    play('gzip', [whole.subarray(0, whole.length / 2)]);
    await expect(post()).rejects.toMatchObject({ code: 'connection-lost', billed: 'maybe' });
  });

  it('shows signs of life with every byte, though nothing can be read yet', async () => {
    const whole = zlib.gzipSync(noise(3_000).toString('hex'));
    const drops = [...whole.subarray(0, 8)].flatMap((byte) => [Buffer.of(byte), 55]);
    play('gzip', [...drops, whole.subarray(8)]);
    await expect(post(150))
      .rejects.not.toMatchObject({ code: 'timeout' })
      .catch(() => {});
    const { answer } = await post(300);
    expect(answer.kind).toBe('text');
  });

  it.each([
    ['gzip', zlib.createGzip],
    [
      'br',
      () => zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ],
  ])('that is a bomb of 160 MiB (%s) is cut, and memory stays flat', async (encoding, create) => {
    const block = Buffer.alloc(1024 * 1024, 'A');
    const head = Buffer.from('{"data":[{"b64_json":"iVBORw0KGgo');
    const blocks = Array.from({ length: 160 }, () => block);
    const bomb = Readable.from([head, ...blocks]).pipe(create());
    const pieces: Uint8Array[] = [];
    for await (const piece of bomb) pieces.push(piece);
    play(encoding, pieces);
    const before = process.memoryUsage().rss;
    await expect(post()).rejects.toMatchObject({ code: 'answer-too-large', billed: 'maybe' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    await gateway.idle();
  });
});
