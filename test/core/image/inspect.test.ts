import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../../src/core/image/inspect.ts';
import { encoders, heic, insert, paint, payloadOf, pngChunk, pngOf } from './pictures.ts';

const samples = new Map<string, Buffer>();
beforeAll(async () => {
  for (const [name, encode] of Object.entries(encoders)) samples.set(name, await encode());
});
const sample = (name: string) => samples.get(name) ?? Buffer.alloc(0);
const inspectBytes = (bytes: Uint8Array, chunkBytes?: number) =>
  inspect(payloadOf(bytes, chunkBytes));

describe.each(Object.keys(encoders))('a whole %s', (name) => {
  it('shows its type, size and length, however it is cut into chunks', async () => {
    const expected = await inspectBytes(sample(name));
    expect(expected).toMatchObject({
      mediaType: `image/${name.split(' ').find((word) => /png|jpeg|webp|gif|avif/.test(word))}`,
      width: 60,
      height: 40,
      frames: 1,
      length: sample(name).length,
    });
    for (const chunkBytes of [1, 7, 100]) {
      expect(await inspectBytes(sample(name), chunkBytes)).toEqual(expected);
    }
  });

  it('is told from a cut one, wherever it is cut', async () => {
    const bytes = sample(name);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        await expect(inspectBytes(bytes.subarray(0, length))).rejects.toMatchObject({
          code: 'incomplete-image',
        });
      }),
      { numRuns: 60, examples: [[bytes.length - 1], [0], [12], [30]] },
    );
  });

  it('does not count its tail', async () => {
    const expected = await inspectBytes(sample(name));
    for (const tail of [
      '\n',
      'PK\x03\x04 polyglot',
      '<script>alert(1)</script>',
      '\0'.repeat(99),
    ]) {
      expect(await inspectBytes(Buffer.concat([sample(name), Buffer.from(tail)]))).toEqual(
        expected,
      );
    }
  });
});

describe('a HEIC', () => {
  it('is walked like the others', async () => {
    const expected = { mediaType: 'image/heic', width: 16, height: 16, length: heic().length };
    expect(await inspectBytes(heic(), 50)).toMatchObject(expected);
    expect(await inspectBytes(Buffer.concat([heic(), Buffer.from('a tail')]))).toMatchObject(
      expected,
    );
    for (let length = 0; length < heic().length; length += 9) {
      await expect(inspectBytes(heic().subarray(0, length))).rejects.toMatchObject({
        code: 'incomplete-image',
      });
    }
  });
});

describe('the fingerprint', () => {
  const twins: [string, () => Buffer][] = [
    ['png', () => insert(sample('png'), 33, pngChunk('caBX', Buffer.from('jumbf c2pa')))],
    ['png', () => insert(sample('png'), 33, pngChunk('tEXt', Buffer.from('Comment\0hello')))],
    ['jpeg', () => insert(sample('jpeg'), 2, Buffer.from('\xff\xeb\x00\x06c2pa', 'latin1'))],
    ['jpeg', () => insert(sample('jpeg'), 2, Buffer.from('\xff\xfe\x00\x04hi', 'latin1'))],
    [
      'gif',
      () => insert(sample('gif'), sample('gif').length - 1, Buffer.from('!\xfe\x02hi\0', 'latin1')),
    ],
    ['avif', () => Buffer.concat([sample('avif'), Buffer.from('\0\0\0\x0cuuidc2pa', 'latin1')])],
    ['webp', () => withWebpChunk(sample('webp'), 'XMP ')],
  ];

  it.each(twins)('of a %s ignores metadata (%#)', async (name, twin) => {
    const original = await inspectBytes(sample(name));
    const other = await inspectBytes(twin());
    expect(other.fingerprint).toBe(original.fingerprint);
    expect(other.length).toBe(twin().length);
  });

  it('ignores where a PNG encoder cut its pixels', async () => {
    const bytes = sample('png');
    const at = bytes.indexOf('IDAT') - 4;
    const length = bytes.readUInt32BE(at);
    const pixels = bytes.subarray(at + 8, at + 8 + length);
    const recut = Buffer.concat([
      bytes.subarray(0, at),
      pngChunk('IDAT', pixels.subarray(0, 50)),
      pngChunk('IDAT', pixels.subarray(50)),
      bytes.subarray(at + 12 + length),
    ]);
    expect((await inspectBytes(recut)).fingerprint).toBe((await inspectBytes(bytes)).fingerprint);
  });

  it('differs between pictures', async () => {
    const inspections = await Promise.all(
      [...samples.values()].map((bytes) => inspectBytes(bytes)),
    );
    const other = await inspectBytes(await paint(60, 40).negate().png().toBuffer());
    const all = [...inspections, other].map(({ fingerprint }) => fingerprint);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('what is no picture', () => {
  const seeds = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAxxxxxxxxxxxx', 'base64');
  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'incomplete-image'],
    ['the start of a PNG', seeds, 'incomplete-image'],
    ['a fake PNG', Buffer.from('iVBORxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'base64'), 'incomplete-image'],
    ['a fake JPEG', Buffer.from('/9j/4AAQxxxxxxxxxxxxxxxxxxxxxxxx', 'base64'), 'incomplete-image'],
    [
      'a JPEG of markers only',
      Buffer.from('ffd8ffd9000000000000000000000000', 'hex'),
      'incomplete-image',
    ],
    ['HTML', Buffer.from('<!DOCTYPE html><title>502</title>'), 'incomplete-image'],
    ['words', Buffer.from('I cannot draw this, sorry.'), 'incomplete-image'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'attachment-unsupported'],
    [
      'SVG in XML',
      Buffer.from('<?xml version="1.0"?>\n<!-- -->\n<svg/>'),
      'attachment-unsupported',
    ],
    ['MP3', Buffer.from('ID3\x04\0\0\0\0\0\x23TSSE\0\0\0\x0f', 'latin1'), 'attachment-unsupported'],
    ['MP4', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), 'attachment-unsupported'],
    ['BMP', Buffer.from(`BM${'\0'.repeat(60)}`, 'latin1'), 'attachment-unsupported'],
    [
      'HEIC without a picture',
      Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
      'incomplete-image',
    ],
  ])('%s', async (_name, bytes, code) => {
    await expect(inspectBytes(bytes)).rejects.toMatchObject({ code });
  });

  it('a PNG with one bit wrong', async () => {
    const bytes = Buffer.from(sample('png'));
    const at = bytes.indexOf('IDAT') + 20;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await expect(inspectBytes(bytes)).rejects.toMatchObject({ code: 'incomplete-image' });
  });

  it('a flood of tiny chunks, in good time', async () => {
    const flood = Buffer.concat(
      Array.from({ length: 60_000 }, () => pngChunk('aaAa', Buffer.alloc(0))),
    );
    await expect(inspectBytes(insert(sample('png'), 33, flood))).rejects.toMatchObject({
      code: 'incomplete-image',
    });
  });
});

describe('limits', () => {
  it.each([
    [12_289, 1],
    [1, 12_289],
    [6_001, 6_000],
    [4_294_967_295, 4_294_967_295],
  ])('refuse %i x %i pixels', async (width, height) => {
    await expect(inspectBytes(pngOf(width, height))).rejects.toMatchObject({
      code: 'attachment-too-large',
    });
  });

  it('allow the longest picture that a model makes', async () => {
    expect(await inspectBytes(pngOf(12_288, 1_536))).toMatchObject({ width: 12_288 });
  });

  it('allow 6000 x 6000, and refuse no pixels at all', async () => {
    expect(await inspectBytes(pngOf(6_000, 6_000))).toMatchObject({ width: 6_000, height: 6_000 });
    await expect(inspectBytes(pngOf(0, 10))).rejects.toMatchObject({ code: 'incomplete-image' });
  });

  it('hold for every format', async () => {
    const bomb = Buffer.from(sample('gif'));
    bomb.writeUInt16LE(65_535, 6);
    const jpeg = Buffer.from(sample('jpeg'));
    jpeg.writeUInt16BE(65_535, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    const webp = Buffer.from(sample('webp with alpha'));
    webp.writeUIntLE(16_000_000, 24, 3);
    const avif = Buffer.from(sample('avif'));
    avif.writeUInt32BE(1e6, avif.indexOf('ispe') + 8);
    for (const bytes of [bomb, jpeg, webp, avif]) {
      await expect(inspectBytes(bytes)).rejects.toMatchObject({ code: 'attachment-too-large' });
    }
  });
});

it('counts the frames of animations', async () => {
  const frames = await Promise.all(
    [1, 2, 3].map((shade) =>
      paint(20, 20)
        .linear(shade / 3)
        .png()
        .toBuffer(),
    ),
  );
  const animation = () => sharp(frames, { join: { animated: true } });
  expect((await inspectBytes(await animation().gif().toBuffer())).frames).toBe(3);
  expect((await inspectBytes(await animation().webp().toBuffer())).frames).toBe(3);
});

function withWebpChunk(webp: Buffer, type: string): Buffer {
  const chunk = Buffer.concat([Buffer.from(type), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')]);
  const grown = Buffer.concat([webp, chunk]);
  grown.writeUInt32LE(grown.length - 8, 4);
  return grown;
}
