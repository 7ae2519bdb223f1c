import type { Dimensions } from './dimensions.ts';
import { choosePalette, type Palette } from './palette.ts';
import { between, createRandom, type Random } from './random.ts';

/** An invented picture for words alone: the same words and variation give the same SVG, at any size. */
export function drawAbstract(prompt: string, variation: number, size: Dimensions): Buffer {
  const seed = `${variation} ${prompt.trim()}`;
  const random = createRandom(seed);
  const palette = choosePalette(prompt, seed);
  const { width, height } = size;
  const layers = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    drawDefinitions(palette),
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    drawLights(random, palette, size),
    drawSun(random, palette, size),
    ...palette.hills.map((color, index) => drawHill(random, { size, color, index })),
    drawOrbs(random, palette, size),
    '</svg>',
  ];
  return Buffer.from(layers.join(''));
}

function drawDefinitions({ sky, glow, sun }: Palette): string {
  const fade = (id: string, color: string, inner: number): string =>
    `<radialGradient id="${id}"><stop offset="0" stop-color="${color}" stop-opacity="${inner}"/>` +
    `<stop offset="1" stop-color="${color}" stop-opacity="0"/></radialGradient>`;
  const stops = sky.map((color, index) => `<stop offset="${index * 0.36}" stop-color="${color}"/>`);
  return (
    `<defs><linearGradient id="sky" x2=".15" y2="1">${stops.join('')}</linearGradient>` +
    `${fade('glow', glow, 0.85)}${fade('orb', sun, 0.5)}` +
    '<linearGradient id="mist" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".28"/>' +
    '<stop offset=".5" stop-color="#fff" stop-opacity="0"/></linearGradient></defs>'
  );
}

/** Stars at night, faint drifting motes by day. */
function drawLights(random: Random, { dark }: Palette, { width, height }: Dimensions): string {
  const unit = Math.min(width, height) / 1000;
  const lights = Array.from({ length: dark ? 130 : 34 }, () => {
    const x = random() * width;
    const y = random() * height * 0.62;
    const radius = unit * between(random, 0.7, dark ? 2.6 : 3.4);
    return `<circle cx="${x}" cy="${y}" r="${radius}" fill="#fff" fill-opacity="${between(random, 0.2, dark ? 0.95 : 0.5)}"/>`;
  });
  return lights.join('');
}

function drawSun(random: Random, { sun }: Palette, { width, height }: Dimensions): string {
  const short = Math.min(width, height);
  const x = width * between(random, 0.22, 0.78);
  const y = height * between(random, 0.2, 0.42);
  const radius = short * between(random, 0.07, 0.13);
  return (
    `<circle cx="${x}" cy="${y}" r="${radius * 4.6}" fill="url(#glow)"/>` +
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="${sun}"/>`
  );
}

interface Hill {
  size: Dimensions;
  color: string;
  /** 0 is the farthest. */
  index: number;
}

/** One ridge across the picture: a smooth curve through a few seeded points, with mist on its crest. */
function drawHill(random: Random, { size, color, index }: Hill): string {
  const { width, height } = size;
  const base = height * (0.46 + index * 0.092);
  const rise = height * between(random, 0.05, 0.11);
  const count = 3 + Math.floor(random() * 3);
  const step = width / count;
  const points = Array.from({ length: count + 1 }, (_, i) => [i * step, base - rise * random()]);
  let path = '';
  let previous: number[] | undefined;
  for (const [x = 0, y = 0] of points) {
    const [px = 0, py = 0] = previous ?? [];
    path +=
      previous === undefined ? `M0 ${y}` : `C${px + step / 2} ${py} ${x - step / 2} ${y} ${x} ${y}`;
    previous = [x, y];
  }
  const shape = `${path}V${height}H0Z`;
  return `<path d="${shape}" fill="${color}"/><path d="${shape}" fill="url(#mist)"/>`;
}

/** Translucent circles that float in front, like light in a lens. */
function drawOrbs(random: Random, { sun }: Palette, { width, height }: Dimensions): string {
  const short = Math.min(width, height);
  const orbs = Array.from({ length: 7 }, () => {
    const place = `cx="${random() * width}" cy="${random() * height}"`;
    const radius = short * between(random, 0.02, 0.11);
    const ring = `<circle ${place} r="${radius}" fill="none" stroke="${sun}" stroke-opacity=".22" stroke-width="${short / 600}"/>`;
    return `<circle ${place} r="${radius}" fill="url(#orb)" fill-opacity=".55"/>${ring}`;
  });
  return orbs.join('');
}
