/**
 * What each Gemini image model can do, by a pattern in its id. Ids are opaque (`google/…`, `vertex-…`, `…-2K`), so only
 * the family name inside is read. Figures: Google's image generation guide and model pages, read 2026.
 */
import { ASPECT_RATIOS, type AspectRatio, type ImageSize, type PictureOptions } from '../types.ts';

/** What is known of a model; unknown ids may do everything, and the gateway has the last word. */
export interface ModelFamily {
  match: RegExp;
  ratios: readonly AspectRatio[];
  /** Sizes that may be named in a request; empty where the field itself is refused (the model then makes 1K). */
  sizes: readonly ImageSize[];
  /** Takes `thinkingConfig`. */
  thinks: boolean;
  /** Takes the `google_search` tool. */
  searches: boolean;
  /** Pixels at 1K where they differ from `PIXELS_AT_1K`. */
  pixels?: Partial<Record<AspectRatio, Pixels>>;
}

type Pixels = readonly [width: number, height: number];

const FOURTEEN = ASPECT_RATIOS;
const LONG: readonly AspectRatio[] = ['1:4', '4:1', '1:8', '8:1'];
const TEN = FOURTEEN.filter((ratio) => !LONG.includes(ratio));

/** The first match counts, so longer names stand before the names that they contain. */
const FAMILIES: readonly ModelFamily[] = [
  {
    match: /nano-?banana-?2\.1/i,
    ratios: FOURTEEN,
    sizes: ['1K', '2K', '4K'],
    thinks: true,
    searches: true,
  },
  {
    match: /gemini-3\.1-flash-lite-image|nano-?banana-?2-lite/i,
    ratios: TEN,
    sizes: [],
    thinks: true,
    searches: false,
  },
  {
    match: /gemini-3\.1-flash-image|nano-?banana-?2/i,
    ratios: FOURTEEN,
    sizes: ['512', '1K', '2K', '4K'],
    thinks: true,
    searches: true,
  },
  {
    match: /gemini-3-pro-image|nano-?banana-?pro/i,
    ratios: TEN,
    sizes: ['1K', '2K', '4K'],
    thinks: true,
    searches: true,
  },
  {
    match: /gemini-2\.5-flash-image|nano-?banana/i,
    ratios: TEN,
    sizes: [],
    thinks: false,
    searches: false,
    pixels: {
      '2:3': [832, 1248],
      '3:2': [1248, 832],
      '3:4': [864, 1184],
      '4:3': [1184, 864],
      '4:5': [896, 1152],
      '5:4': [1152, 896],
      '9:16': [768, 1344],
      '16:9': [1344, 768],
      '21:9': [1536, 672],
    },
  },
  {
    match: /gemini-2\.0-flash-.*image/i,
    ratios: [],
    sizes: [],
    thinks: false,
    searches: false,
  },
];

const PIXELS_AT_1K: Record<AspectRatio, Pixels> = {
  '1:1': [1024, 1024],
  '2:3': [848, 1264],
  '3:2': [1264, 848],
  '3:4': [896, 1200],
  '4:3': [1200, 896],
  '4:5': [928, 1152],
  '5:4': [1152, 928],
  '9:16': [768, 1376],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
  '1:4': [512, 2048],
  '4:1': [2048, 512],
  '1:8': [384, 3072],
  '8:1': [3072, 384],
};

const SCALE: Record<ImageSize, number> = { '512': 0.5, '1K': 1, '2K': 2, '4K': 4 };

/** The family of a model id; undefined for ids that name none. */
export function modelFamily(model: string): ModelFamily | undefined {
  return FAMILIES.find((family) => family.match.test(model));
}

/** Which of the wished options the model takes; `dropped` names those that it does not. */
export interface FittedOptions extends Pick<PictureOptions, 'aspectRatio' | 'size'> {
  dropped: ('aspectRatio' | 'size')[];
}

/**
 * Leaves out what the model would refuse or ignore. A wish for 1K from a model that only makes 1K is met without naming
 * it, so it is neither sent nor counted as dropped.
 */
export function fitOptions(
  model: string,
  wish: Pick<PictureOptions, 'aspectRatio' | 'size'>,
): FittedOptions {
  const family = modelFamily(model);
  const { aspectRatio, size } = wish;
  const fitted: FittedOptions = { dropped: [] };
  if (aspectRatio !== undefined) {
    if (family?.ratios.includes(aspectRatio) ?? true) fitted.aspectRatio = aspectRatio;
    else fitted.dropped.push('aspectRatio');
  }
  if (size !== undefined) {
    if (family?.sizes.includes(size) ?? true) fitted.size = size;
    else if (size !== '1K') fitted.dropped.push('size');
  }
  return fitted;
}

/**
 * Pixels that the model makes for a ratio and size; undefined where it makes no such picture. Unknown models are taken
 * for the newest. The documented table gives 792x168 for 21:9 at 512, which is not 21:9; half of 1K is used instead.
 */
export function pixelsFor(
  model: string,
  aspectRatio: AspectRatio,
  size: ImageSize,
): { width: number; height: number } | undefined {
  const fitted = fitOptions(model, { aspectRatio, size });
  if (fitted.dropped.length > 0) return undefined;
  const [width, height] = modelFamily(model)?.pixels?.[aspectRatio] ?? PIXELS_AT_1K[aspectRatio];
  return { width: width * SCALE[size], height: height * SCALE[size] };
}
