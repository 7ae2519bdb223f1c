import { between, createRandom } from './random.ts';
import { readWishes } from './wishes.ts';

/** The colours of one invented picture, as CSS colours. */
export interface Palette {
  /** Top to horizon. */
  sky: [string, string, string];
  /** The disc in the sky. */
  sun: string;
  glow: string;
  /** Far to near. */
  hills: string[];
  dark: boolean;
}

const HILL_COUNT = 6;

/** A word in the prompt pulls the palette to a hue (degrees) and may take colour away. */
const HINTS: readonly { pattern: RegExp; hue: number; saturation?: number; pale?: true }[] = [
  {
    pattern: /\b(snow|snowy|ice|winter|white)\b|雪|冰|白|冬/i,
    hue: 208,
    saturation: 34,
    pale: true,
  },
  { pattern: /\b(fox|orange|autumn|sunset|amber)\b|狐|橙|橘|秋|夕/i, hue: 22 },
  { pattern: /\b(gold|golden|yellow|desert|sun)\b|金|黄|沙/i, hue: 42 },
  { pattern: /\b(forest|grass|jungle|spring)\b|森|林|草|春/i, hue: 135 },
  { pattern: /\b(sea|ocean|sky|water|lake)\b|海|空|湖|水/i, hue: 200 },
  { pattern: /\b(purple|violet|lavender|magic)\b|紫/i, hue: 272 },
  { pattern: /\b(pink|rose|cherry|sakura)\b|粉|桃|樱|桜/i, hue: 335 },
];

const TINT_HUES = { red: 355, green: 140, blue: 216 } as const;

/** Colours for the words; colour words decide the hue, all other words seed it. */
export function choosePalette(prompt: string, seed: string): Palette {
  const random = createRandom(`palette ${seed}`);
  const wishes = readWishes(prompt);
  const hint = HINTS.find(({ pattern }) => pattern.test(prompt));
  const named = wishes.tint === undefined ? hint?.hue : TINT_HUES[wishes.tint];
  const hue = (named ?? random() * 360) + between(random, -8, 8);
  const saturation = wishes.gray ? 0 : (hint?.saturation ?? between(random, 58, 76));
  const lift = wishes.night ? -34 : hint?.pale ? 14 : wishes.day ? 8 : 0;
  return mixPalette({ hue, saturation, lift, turn: between(random, 24, 62) });
}

interface Mix {
  hue: number;
  saturation: number;
  /** Added to every lightness, in percent. */
  lift: number;
  /** Degrees from the sky's hue to the glow's. */
  turn: number;
}

function mixPalette({ hue, saturation, lift, turn }: Mix): Palette {
  const color = (angle: number, part: number, lightness: number): string =>
    `hsl(${(hue + angle + 360) % 360} ${saturation * part}% ${Math.min(96, Math.max(4, lightness + lift))}%)`;
  const hills = Array.from({ length: HILL_COUNT }, (_, index) => {
    const depth = index / (HILL_COUNT - 1);
    return color(-turn * 0.5 * depth, 0.75 + 0.2 * depth, 66 - 48 * depth);
  });
  return {
    sky: [color(-turn, 0.85, 48), color(0, 0.95, 68), color(turn, 1, 82)],
    sun: color(turn * 1.2, 1, lift < 0 ? 122 : 92),
    glow: color(turn, 1, lift < 0 ? 104 : 88),
    hills,
    dark: lift < 0,
  };
}
