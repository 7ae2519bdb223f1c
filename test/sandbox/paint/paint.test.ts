import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PaintAsk, paint } from '../../../src/sandbox/paint/paint.ts';
import { makePhoto, PHOTO } from '../../fixtures/photo.ts';

/** Mean of each channel, 0 to 255, and the pixels themselves. */
interface Look {
  width: number;
  height: number;
  red: number;
  green: number;
  blue: number;
  light: number;
  pixels: Buffer;
}

async function look(bytes: Buffer): Promise<Look> {
  const image = sharp(bytes, { autoOrient: true }).toColourspace('srgb').removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { channels } = await sharp(data, { raw: info }).stats();
  const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean);
  return {
    width: info.width,
    height: info.height,
    red,
    green,
    blue,
    light: (red + green + blue) / 3,
    pixels: data,
  };
}

async function paintBytes(ask: Partial<PaintAsk>, variation = 0): Promise<Buffer> {
  const { base64 } = await paint(
    { prompt: '', pictures: [], ...ask },
    { mediaType: 'image/png', variation },
  );
  return Buffer.from(base64, 'base64');
}

/** The means of one rectangle, in parts of the whole. */
async function lookAt(
  bytes: Buffer,
  [x, y, w, h]: readonly [number, number, number, number],
): Promise<Look> {
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  const box = {
    left: Math.round(x * width),
    top: Math.round(y * height),
    width: Math.round(w * width),
    height: Math.round(h * height),
  };
  return look(await sharp(bytes).extract(box).png().toBuffer());
}

describe('edits of a photograph', () => {
  let photo: Buffer = Buffer.alloc(0);
  let before: Look;
  beforeAll(async () => {
    photo = await makePhoto();
    before = await look(await sharp(photo, { autoOrient: true }).resize(448, 600).png().toBuffer());
  });
  const edit = async (prompt: string) =>
    look(await paintBytes({ prompt, pictures: [photo], size: '512' }));

  test('the photograph lies on its side, with its place in the world', async () => {
    const metadata = await sharp(photo).metadata();
    expect(metadata).toMatchObject({
      width: PHOTO.height,
      height: PHOTO.width,
      orientation: 6,
      format: 'jpeg',
    });
    expect(metadata.exif?.includes('Easel')).toBe(true);
  });

  test.each(['make it night', '夜にして'])('%s: darker and bluer', async (prompt) => {
    const after = await edit(prompt);
    expect(after).toMatchObject({ width: 448, height: 600 });
    expect(after.light).toBeLessThan(before.light * 0.5);
    expect(after.blue / after.red).toBeGreaterThan(before.blue / before.red);
  });

  test.each(['black and white', '变成黑白'])('%s: no chroma', async (prompt) => {
    const { pixels } = await edit(prompt);
    let chroma = 0;
    for (let at = 0; at < pixels.length; at += 3) {
      if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) chroma++;
    }
    expect(chroma).toBe(0);
  });

  test.each([
    ['主题风格改成红色', 'red'],
    ['blue please', 'blue'],
    ['绿色', 'green'],
  ] as const)('%s: more %s than before', async (prompt, channel) => {
    const after = await edit(prompt);
    expect(after[channel] / after.light).toBeGreaterThan((before[channel] / before.light) * 1.1);
  });

  test('mirror: left is right', async () => {
    const prompt = 'mirror';
    const bytes = await paintBytes({ prompt, pictures: [photo], size: '512' });
    const door = await lookAt(bytes, [0.77, 0.6, 0.04, 0.06]);
    expect(door.red).toBeGreaterThan(170);
    expect(door.green).toBeLessThan(70);
  });

  test('ぼかし: neighbours are alike', async () => {
    const prompt = 'ぼかし';
    // Away from the mark, which stays sharp.
    const sharpness = async (bytes: Buffer) => {
      const { pixels, width, height } = await lookAt(bytes, [0, 0.25, 1, 0.5]);
      return (await sharp(pixels, { raw: { width, height, channels: 3 } }).stats()).sharpness;
    };
    const after = await paintBytes({ prompt, pictures: [photo], size: '512' });
    const plain = await paintBytes({ prompt: 'mirror', pictures: [photo], size: '512' });
    expect(await sharpness(after)).toBeLessThan((await sharpness(plain)) * 0.7);
  });

  test('变亮: lighter', async () => {
    const prompt = '变亮';
    expect((await edit(prompt)).light).toBeGreaterThan(before.light * 1.1);
  });

  test('words that it does not know still change it a little', async () => {
    const after = await edit('give him a hat');
    expect(Math.abs(after.light - before.light)).toBeLessThan(40);
    expect(meanDifference(after.pixels, before.pixels)).toBeGreaterThan(8);
  });

  test('加上「Summer」: letters below, the rest untouched', async () => {
    const prompt = '加上「Summer」';
    const bytes = await paintBytes({ prompt, pictures: [photo], size: '512' });
    const letters = await lookAt(bytes, [0.07, 0.78, 0.86, 0.1]);
    expect(letters.pixels.filter((value) => value > 250).length).toBeGreaterThan(5000);
    const sky = await lookAt(bytes, [0, 0, 1, 0.5]);
    expect(meanDifference(sky.pixels, before.pixels.subarray(0, sky.pixels.length))).toBeLessThan(
      1,
    );
  });

  test('several pictures: all of them, in order, on one sheet', async () => {
    const colors = ['#ff0000', '#00ff00', '#0000ff'];
    const pictures = await Promise.all(
      colors.map((background) =>
        sharp({ create: { width: 90, height: 60, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await paintBytes({ prompt: 'mirror', pictures, aspectRatio: '21:9' });
    const thirds = await Promise.all(
      [0.75, 0.45, 0.15].map((x) => lookAt(bytes, [x, 0.45, 0.1, 0.1])),
    );
    expect(thirds.map(({ red, green, blue }) => [red, green, blue])).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ]);
  });

  test('the mark stands in the corner, legible, of every picture', async () => {
    const corner = await lookAt(
      await paintBytes({ prompt: 'night', pictures: [photo], size: '512' }),
      [0.85, 0.96, 0.15, 0.04],
    );
    expect(corner.pixels.filter((value) => value === 255).length).toBeGreaterThan(200);
  });
});

describe('inventions', () => {
  test('the same words give the same bytes; other words, and variations, do not', async () => {
    const [first, again, other, varied] = await Promise.all([
      paintBytes({ prompt: 'a fox in snow', size: '512' }),
      paintBytes({ prompt: 'a fox in snow', size: '512' }),
      paintBytes({ prompt: 'a fox in rain', size: '512' }),
      paintBytes({ prompt: 'a fox in snow', size: '512' }, 1),
    ]);
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
    expect(first.equals(varied)).toBe(false);
  });

  test('colour words and night are seen', async () => {
    const see = async (prompt: string) => look(await paintBytes({ prompt, size: '512' }));
    const [red, blue, night] = await Promise.all([
      see('a red dragon'),
      see('a blue dragon'),
      see('a dragon at night'),
    ]);
    expect(red.red).toBeGreaterThan(red.blue * 1.2);
    expect(blue.blue).toBeGreaterThan(blue.red * 1.2);
    expect(night.light).toBeLessThan(Math.min(red.light, blue.light));
  });

  test('letters of other scripts and of XML do no harm', async () => {
    const { width } = await look(
      await paintBytes({ prompt: "“夏 & <b>'\u0001\ud800 日”", size: '512' }),
    );
    expect(width).toBe(512);
  });
});

function meanDifference(one: Buffer, other: Buffer): number {
  let sum = 0;
  for (const [at, value] of one.entries()) sum += Math.abs(value - (other[at] ?? 0));
  return sum / one.length;
}
