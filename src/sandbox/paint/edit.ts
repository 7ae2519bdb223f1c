import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import type { Dimensions } from './dimensions.ts';
import { createRandom } from './random.ts';
import type { Tint, Wishes } from './wishes.ts';

/** Uncompressed pixels, as sharp hands them from step to step. */
export interface Canvas extends Dimensions {
  data: Buffer;
  channels: 3 | 4;
}

type Row = [number, number, number];
/** How much red, green and blue of the old pixel goes into each channel of the new one. */
type Mix = [Row, Row, Row];

/** The channel of the tint is raised, the others lowered. */
const TINTS: Readonly<Record<Tint, Mix>> = {
  red: [
    [0.85, 0.3, 0.15],
    [0.12, 0.42, 0.1],
    [0.12, 0.12, 0.4],
  ],
  green: [
    [0.42, 0.12, 0.1],
    [0.25, 0.85, 0.2],
    [0.1, 0.14, 0.4],
  ],
  blue: [
    [0.4, 0.12, 0.1],
    [0.1, 0.46, 0.12],
    [0.18, 0.3, 0.85],
  ],
};

/** Rec. 709 weights. The same row three times leaves no chroma and, unlike `grayscale()`, keeps three channels. */
const LUMA: Row = [0.2126, 0.7152, 0.0722];

/** Blurring costs by radius: a fourth of the size and back looks the same and stays quick at 4K. */
const BLUR_SHRINK = 4;

/** Opens a canvas for the next step. */
export function openCanvas({ data, width, height, channels }: Canvas): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** Runs a chain of sharp operations down to opaque sRGB pixels. */
export async function toCanvas(image: Sharp): Promise<Canvas> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 };
}

/** Changes the picture as the words ask; words that mean nothing here still change it gently. */
export async function editPicture(canvas: Canvas, wishes: Wishes, seed: string): Promise<Canvas> {
  let image = openCanvas(canvas);
  if (wishes.mirror) image = image.flop();
  const mixes = chooseMixes(wishes);
  if (mixes.length > 0) image = image.recomb(mixes.reduce(multiply));
  const overlays = chooseOverlays(wishes, canvas, seed);
  if (overlays.length > 0) image = image.composite(overlays);
  let edited = await toCanvas(image);
  if (wishes.blur) edited = await blurPicture(edited);
  return wishes.gray ? toCanvas(openCanvas(edited).recomb([LUMA, LUMA, LUMA])) : edited;
}

/** Matrices rather than `modulate()`, which takes thrice the time for its trip through another colour space. */
function chooseMixes(wishes: Wishes): Mix[] {
  const mixes: Mix[] = [];
  if (wishes.tint !== undefined) mixes.push(TINTS[wishes.tint]);
  if (wishes.night) mixes.push(adjust({ brightness: 0.5, saturation: 0.75 }));
  else if (wishes.day) mixes.push(adjust({ brightness: 1.28, saturation: 1.08 }));
  if (isPlain(wishes)) mixes.push(adjust({ brightness: 1.05, saturation: 1.2 }));
  return mixes;
}

/** Both as factors; 1 changes nothing. */
function adjust({ brightness, saturation }: { brightness: number; saturation: number }): Mix {
  const row = (own: number): Row => {
    const [red, green, blue] = LUMA.map(
      (weight, channel) =>
        brightness * (weight * (1 - saturation) + (channel === own ? saturation : 0)),
    );
    return [red ?? 0, green ?? 0, blue ?? 0];
  };
  return [row(0), row(1), row(2)];
}

/** The mix that does `first` and then `second`. */
function multiply(first: Mix, second: Mix): Mix {
  const [red, green, blue] = first;
  const row = ([r, g, b]: Row): Row => [
    r * red[0] + g * green[0] + b * blue[0],
    r * red[1] + g * green[1] + b * blue[1],
    r * red[2] + g * green[2] + b * blue[2],
  ];
  return [row(second[0]), row(second[1]), row(second[2])];
}

function isPlain(wishes: Wishes): boolean {
  const { night, day, gray, blur, mirror, tint, caption } = wishes;
  return !(night || day || gray || blur || mirror || tint !== undefined || caption !== undefined);
}

function chooseOverlays(wishes: Wishes, size: Dimensions, seed: string): OverlayOptions[] {
  if (wishes.night) {
    return [
      { input: drawDusk(size), blend: 'multiply' },
      { input: drawStars(size, seed), blend: 'screen' },
    ];
  }
  return isPlain(wishes) ? [{ input: drawGlow(size, seed), blend: 'soft-light' }] : [];
}

const openSvg = ({ width, height }: Dimensions): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`;

/** Deep blue from above: multiplied, it never makes a pixel brighter. */
function drawDusk(size: Dimensions): Buffer {
  return Buffer.from(
    `${openSvg(size)}<linearGradient id="g" x2="0" y2="1"><stop offset="0" stop-color="#4a5fb0"/>` +
      '<stop offset="1" stop-color="#8f93c8"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/></svg>',
  );
}

/** A moon and stars in the upper part, on nothing. */
function drawStars(size: Dimensions, seed: string): Buffer {
  const random = createRandom(`stars ${seed}`);
  const unit = Math.min(size.width, size.height) / 1000;
  const stars = Array.from({ length: 90 }, () => {
    const y = random() ** 1.6 * size.height * 0.5;
    return `<circle cx="${random() * size.width}" cy="${y}" r="${unit * (0.8 + 2.2 * random())}" fill="#fff" fill-opacity="${0.35 + 0.6 * random()}"/>`;
  });
  const moon = `cx="${size.width * 0.82}" cy="${size.height * 0.15}"`;
  return Buffer.from(
    `${openSvg(size)}<radialGradient id="m"><stop offset="0" stop-color="#dfe6ff" stop-opacity=".55"/><stop offset="1" stop-color="#dfe6ff" stop-opacity="0"/></radialGradient>` +
      `${stars.join('')}<circle ${moon} r="${190 * unit}" fill="url(#m)"/><circle ${moon} r="${52 * unit}" fill="#f4f1de"/></svg>`,
  );
}

/** Warm light from a seeded corner and a cool shade opposite, so that each wording looks a little different. */
function drawGlow(size: Dimensions, seed: string): Buffer {
  const random = createRandom(`glow ${seed}`);
  const [x, y] = [Math.round(random() * 100), Math.round(random() * 100)];
  return Buffer.from(
    `${openSvg(size)}<radialGradient id="g" cx="${x}%" cy="${y}%" fx="${x}%" fy="${y}%" r="95%">` +
      '<stop offset="0" stop-color="#ffdf9e"/><stop offset=".5" stop-color="#a08a90"/><stop offset="1" stop-color="#2a3568"/>' +
      '</radialGradient><rect width="100%" height="100%" fill="url(#g)"/></svg>',
  );
}

async function blurPicture(canvas: Canvas): Promise<Canvas> {
  const { width, height } = canvas;
  const small = await toCanvas(
    openCanvas(canvas)
      .resize(Math.ceil(width / BLUR_SHRINK), Math.ceil(height / BLUR_SHRINK), { fit: 'fill' })
      .blur(Math.max(1, Math.min(width, height) / 60 / BLUR_SHRINK)),
  );
  return toCanvas(openCanvas(small).resize(width, height, { fit: 'fill', kernel: 'cubic' }));
}
