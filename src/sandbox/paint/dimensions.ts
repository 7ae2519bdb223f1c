import type { AspectRatio, ImageSize } from '../../core/types.ts';

export interface Dimensions {
  width: number;
  height: number;
}

/** Pixels at 1K as Google documents them for the Gemini 3 image models; 2K doubles, 4K quadruples. */
const PIXELS_AT_1K: Readonly<Record<AspectRatio, readonly [number, number]>> = {
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

const SCALES: Readonly<Record<ImageSize, number>> = { '512': 0.5, '1K': 1, '2K': 2, '4K': 4 };

const isRatio = (text: string): text is AspectRatio => text in PIXELS_AT_1K;

/** The documented ratio nearest to a picture's own, by the quotient of the two. */
export function nearestRatio({ width, height }: Dimensions): AspectRatio {
  const wanted = Math.log(width / height);
  let best: AspectRatio = '1:1';
  let bestGap = Number.POSITIVE_INFINITY;
  for (const [ratio, [w, h]] of Object.entries(PIXELS_AT_1K)) {
    const gap = Math.abs(Math.log(w / h) - wanted);
    if (gap < bestGap && isRatio(ratio)) [best, bestGap] = [ratio, gap];
  }
  return best;
}

/** Pixels of a ratio at a size. */
export function toPixels(ratio: AspectRatio, size: ImageSize): Dimensions {
  const [width, height] = PIXELS_AT_1K[ratio];
  const scale = SCALES[size];
  return { width: width * scale, height: height * scale };
}
