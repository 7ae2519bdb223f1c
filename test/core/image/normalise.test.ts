import { randomFillSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createNormaliser, type Normaliser } from '../../../src/core/image/normalise.ts';
import { encoders, heic, paint, pngOf } from './pictures.ts';

const warm = createNormaliser();
afterAll(() => warm.close());

const { signal } = new AbortController();
const normalise = (bytes: Uint8Array, normaliser: Normaliser = warm) =>
  normaliser.normalise(bytes, { signal });

/** Two halves, red on the left and blue on the right. */
function halves(width = 40, height = 20) {
  const blue = { create: { width: width / 2, height, channels: 3 as const, background: 'blue' } };
  return sharp({ create: { width, height, channels: 3, background: 'red' } }).composite([
    { input: blue, left: width / 2, top: 0 },
  ]);
}

async function pixel(data: Uint8Array, left: number, top: number): Promise<number[]> {
  const picked = sharp(data).extract({ left, top, width: 1, height: 1 }).raw();
  return [...(await picked.toBuffer())];
}

function expectNear(actual: number[], expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) {
    expect(Math.abs((actual[at] ?? -999) - value)).toBeLessThan(16);
  }
}

/** Children of this process that run the worker (Linux). */
function workers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] ===
            String(process.pid) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('normalise-worker')
        );
      } catch {
        return false; // gone meanwhile
      }
    })
    .map(Number);
}

describe('a picture made fit for a model', () => {
  it('is upright and without metadata', async () => {
    const canary = 'Canary-Ada-Lovelace';
    const tagged = await halves()
      .jpeg({ quality: 95 })
      .withExif({
        IFD0: { Artist: canary, Orientation: '6' },
        IFD3: { GPSLatitude: '52/1 31/1 0/1' },
      })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(tagged.includes(canary)).toBe(true);
    const { data, mediaType, width, height } = await normalise(tagged);
    expect({ mediaType, width, height }).toEqual({
      mediaType: 'image/jpeg',
      width: 20,
      height: 40,
    });
    const metadata = await sharp(data).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', width: 20, height: 40 });
    expect([metadata.exif, metadata.xmp, metadata.icc, metadata.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(Buffer.from(data).includes(canary)).toBe(false);
    // Turned clockwise, left becomes top.
    expectNear(await pixel(data, 10, 5), [254, 0, 0]);
    expectNear(await pixel(data, 10, 35), [0, 0, 254]);
  });

  it.each(Object.keys(encoders))('may have been %s', async (name) => {
    const result = await normalise((await encoders[name]?.()) ?? Buffer.alloc(0));
    const transparent = name === 'interlaced png' || name === 'webp with alpha';
    expect(result).toMatchObject({
      width: 60,
      height: 40,
      mediaType: transparent ? 'image/png' : 'image/jpeg',
    });
    expect((await sharp(result.data).metadata()).width).toBe(60);
  });

  it('is at most 2048 pixels long, and never enlarged', async () => {
    const large = await sharp({
      create: { width: 4_000, height: 1_000, channels: 3, background: 'green' },
    })
      .png()
      .toBuffer();
    expect(await normalise(large)).toMatchObject({ width: 2_048, height: 512 });
  });

  it('may have been the longest that a model makes', async () => {
    const strip = {
      create: { width: 12_288, height: 1_536, channels: 3 as const, background: 'red' },
    };
    expect(await normalise(await sharp(strip).png().toBuffer())).toMatchObject({
      width: 2_048,
      height: 256,
    });
  });

  it('is a JPEG on white where its transparency would make it too large', async () => {
    const rgba = randomFillSync(Buffer.alloc(2_048 * 1_024 * 4));
    // A corner that is nothing but transparent.
    for (let at = 3; at < 64 * 4; at += 4)
      for (let row = 0; row < 64; row += 1) rgba[row * 2_048 * 4 + at] = 0;
    const raw = { width: 2_048, height: 1_024, channels: 4 as const };
    const noise = await sharp(rgba, { raw }).png().toBuffer();
    expect(noise.length).toBeGreaterThan(7_000_000);
    const { data, mediaType } = await normalise(noise);
    expect(mediaType).toBe('image/jpeg');
    expect(data.length).toBeLessThan(7_000_000);
    expectNear(await pixel(data, 20, 20), [255, 255, 255]);
  });

  it.each([
    ['CMYK', () => halves().toColourspace('cmyk').jpeg().toBuffer()],
    ['16 bits a channel', () => halves().toColourspace('rgb16').png().toBuffer()],
    ['a wide gamut', () => halves().withIccProfile('p3').jpeg().toBuffer()],
    ['an opaque alpha channel', () => halves().ensureAlpha().png().toBuffer()],
    ['a palette', () => halves().png({ palette: true }).toBuffer()],
  ])('from %s becomes 8-bit sRGB', async (_name, encode) => {
    const { data, mediaType } = await normalise(await encode());
    expect(mediaType).toBe('image/jpeg');
    expect(await sharp(data).metadata()).toMatchObject({
      space: 'srgb',
      depth: 'uchar',
      channels: 3,
    });
    const [red = 0, green = 255, blue = 255] = await pixel(data, 5, 10);
    expect(red).toBeGreaterThan(200);
    expect(Math.max(green, blue)).toBeLessThan(60);
  });

  it('may have been HEIC', async () => {
    const result = await normalise(heic());
    expect(result).toMatchObject({ mediaType: 'image/jpeg', width: 16, height: 16 });
    expectNear(await pixel(result.data, 8, 8), [254, 0, 0]);
  });

  it('from grey becomes colour', async () => {
    const { data } = await normalise(await halves().greyscale().png().toBuffer());
    expect(await sharp(data).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
  });

  it('from an animation is its first frame', async () => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 8, height: 8, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const result = await normalise(
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    );
    expect(result).toMatchObject({ width: 8, height: 8 });
    expectNear(await pixel(result.data, 4, 4), [254, 0, 0]);
  });
});

describe('what is refused', () => {
  const cut = async (name: string) => {
    const bytes = (await encoders[name]?.()) ?? Buffer.alloc(0);
    return bytes.subarray(0, Math.floor(bytes.length * 0.7));
  };
  it.each<[string, string, () => Uint8Array | Promise<Uint8Array>]>([
    ['nothing', 'attachment-gone', () => Buffer.alloc(0)],
    [
      'SVG',
      'attachment-unsupported',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
    ['HTML', 'attachment-unsupported', () => Buffer.from('<!DOCTYPE html><p>no</p>')],
    ['TIFF', 'attachment-unsupported', () => halves().tiff().toBuffer()],
    ['a cut JPEG', 'attachment-unsupported', () => cut('jpeg')],
    ['a cut PNG', 'attachment-unsupported', () => cut('png')],
    [
      'junk behind a PNG signature',
      'attachment-unsupported',
      () => Buffer.from('\x89PNG\r\n\x1a\n<svg/>', 'latin1'),
    ],
    [
      'junk that says HEIC',
      'attachment-unsupported',
      () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heicxxxx', 'latin1'),
    ],
    ['a cut HEIC', 'attachment-unsupported', () => heic().subarray(0, 300)],
    ['a HEIC of 13000 x 16', 'attachment-too-large', () => heicOfWidth(13_000)],
    ['a side too long', 'attachment-too-large', () => pngOf(12_289, 10)],
    ['too many pixels', 'attachment-too-large', () => pngOf(9_000, 9_000)],
    ['a bomb', 'attachment-too-large', () => pngOf(900_000, 900_000)],
    [
      'a size beyond all sense',
      'attachment-unsupported',
      () => pngOf(2_000_000_000, 2_000_000_000),
    ],
  ])('%s is %s', async (_name, code, make) => {
    const normalised = normalise(await make());
    await expect(normalised).rejects.toMatchObject({ name: 'EaselError' });
    await expect(normalised).rejects.toHaveProperty('code', code);
  });
});

describe('the child process', () => {
  it('decodes one picture after the other, in one process', async () => {
    const normaliser = createNormaliser();
    const before = workers().length;
    const bytes = await paint().jpeg().toBuffer();
    const results = await Promise.all([1, 2, 3].map(() => normalise(bytes, normaliser)));
    expect(results).toHaveLength(3);
    expect(workers().length).toBe(before + 1);
    await normaliser.close();
  });

  it('is replaced after it died, and its picture is unsupported', async () => {
    const normaliser = createNormaliser();
    const others = workers();
    const bytes = await paint(3_000, 3_000).png().toBuffer();
    await normalise(bytes, normaliser);
    const pending = normalise(bytes, normaliser);
    const rejected = expect(pending).rejects.toMatchObject({ code: 'attachment-unsupported' });
    for (const pid of workers().filter((pid) => !others.includes(pid)))
      process.kill(pid, 'SIGKILL');
    await rejected;
    expect(await normalise(bytes, normaliser)).toMatchObject({ width: 2_048 });
    await normaliser.close();
  });

  it('is killed when one picture takes too long', async () => {
    const normaliser = createNormaliser({ timeoutMs: 1 });
    const bytes = await paint(3_000, 3_000).png().toBuffer();
    await expect(normalise(bytes, normaliser)).rejects.toMatchObject({
      code: 'attachment-unsupported',
    });
    await normaliser.close();
  });

  it('is killed when its picture is no longer wanted', async () => {
    const normaliser = createNormaliser();
    const controller = new AbortController();
    const bytes = await paint().png().toBuffer();
    const running = normaliser.normalise(bytes, { signal: controller.signal });
    const waiting = normaliser.normalise(bytes, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect(await normalise(bytes, normaliser)).toMatchObject({ width: 60 });
    await normaliser.close();
    await expect(normalise(bytes, normaliser)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is let go when there is nothing to do', async () => {
    const others = workers();
    const normaliser = createNormaliser({ idleMs: 50 });
    await normalise(await paint().png().toBuffer(), normaliser);
    await expect.poll(() => workers().filter((pid) => !others.includes(pid))).toEqual([]);
    expect(await normalise(await paint().png().toBuffer(), normaliser)).toMatchObject({
      width: 60,
    });
    await normaliser.close();
  });
});

function heicOfWidth(width: number): Buffer {
  const bytes = heic();
  bytes.writeUInt32BE(width, bytes.indexOf('ispe') + 8);
  return bytes;
}
