/** What stands under the pictures: the model's words, then what came out otherwise than asked. */
import type { ImageSize, PictureOptions, StoredPicture } from '../types.ts';
import { type Language, say } from './words.ts';

/** Of the model's words; more than a few messages would bury the pictures. */
const MAX_WORDS = 8_000;

export function captionOf(
  { pictures, text, truncated }: { pictures: StoredPicture[]; text: string; truncated: boolean },
  options: PictureOptions,
  language: Language,
): string {
  const asked = options.count ?? 1;
  const made = pictures.length;
  const lines = [
    cut(text),
    made < asked ? say(language, 'result.fewer', { made, asked }) : '',
    truncated ? say(language, 'result.truncated') : '',
    difference(pictures[0], options, language),
  ];
  return lines.filter(Boolean).join('\n');
}

function cut(text: string): string {
  if (text.length <= MAX_WORDS) return text;
  return `${text.slice(0, MAX_WORDS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function difference(
  picture: StoredPicture | undefined,
  { aspectRatio, size }: PictureOptions,
  language: Language,
): string {
  if (picture === undefined) return '';
  const missed = [
    aspectRatio !== undefined && !hasRatio(picture, aspectRatio) ? aspectRatio : '',
    size !== undefined && !hasSize(picture, size) ? size : '',
  ].filter(Boolean);
  if (missed.length === 0) return '';
  const made = `${picture.width}×${picture.height}`;
  return say(language, 'result.size-differs', { made, asked: missed.join(' · ') });
}

/** Ratios drift a little: 1376×768 is called 16:9. */
const RATIO_TOLERANCE = 0.05;

function hasRatio({ width, height }: StoredPicture, ratio: string): boolean {
  const [across = 1, down = 1] = ratio.split(':').map(Number);
  return Math.abs(width / height / (across / down) - 1) <= RATIO_TOLERANCE;
}

/** Sides of the square picture of that size; other ratios have about its area. */
const SIDES: Record<ImageSize, number> = { '512': 512, '1K': 1024, '2K': 2048, '4K': 4096 };

/** The nearest size counts. */
function hasSize({ width, height }: StoredPicture, size: ImageSize): boolean {
  return Math.abs(Math.log2(Math.sqrt(width * height) / SIDES[size])) <= 0.5;
}
