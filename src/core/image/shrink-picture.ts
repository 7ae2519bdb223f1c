import sharp from 'sharp';
import { EaselError } from '../errors.ts';
import type { NormalisedPicture, ShrinkTask } from './normalise.ts';
import { decodePicture, hasTransparency } from './normalise-picture.ts';

type Pixels = Awaited<ReturnType<typeof decodePicture>>;
type Format = 'jpeg' | 'webp';

/** At full size, best first; with the last of each, fewer pixels look better than more of them. */
const QUALITIES = { jpeg: [95, 88, 78], webp: [85] } as const;
/** Bytes go with the pixels, roughly; the rest is for where they do not. */
const MARGIN = 0.95;
/** Each try comes nearer to the limit; a decoder has seconds. */
const MAX_RESIZES = 4;
/** Of the limit: with that much used, more tries are not worth their time. */
const ENOUGH = 0.8;

/**
 * The picture in at most `maxBytes`: at full size if a good quality fits, else with about as many pixels as fit. One to
 * seven encodings, of 0.2 s to 0.4 s each for 16 megapixels as JPEG. To run in the child process only.
 * @throws EaselError `attachment-too-large` for what cannot be made so small, and as `decodePicture`
 */
export async function shrinkPicture({ bytes, maxBytes }: ShrinkTask): Promise<NormalisedPicture> {
  const pixels = await decodePicture(bytes);
  const format = hasTransparency(pixels.data, pixels.info.channels) ? 'webp' : 'jpeg';
  let last = 0;
  for (const quality of QUALITIES[format]) {
    const whole = await encode(pixels, { format, quality, scale: 1 });
    if (whole.data.length <= maxBytes) return whole;
    last = whole.data.length;
  }
  const found = await resize(pixels, format, { maxBytes, fullBytes: last });
  if (found === undefined) throw new EaselError('attachment-too-large');
  return found;
}

/** Guesses the size from how large the guess before became, up and down. */
async function resize(
  pixels: Pixels,
  format: Format,
  { maxBytes, fullBytes }: { maxBytes: number; fullBytes: number },
): Promise<NormalisedPicture | undefined> {
  const quality = QUALITIES[format].at(-1) ?? 0;
  let best: NormalisedPicture | undefined;
  let scale = 1;
  let bytes = fullBytes;
  for (let tries = 0; tries < MAX_RESIZES; tries += 1) {
    scale = Math.min(1, scale * Math.sqrt(maxBytes / bytes) * MARGIN);
    const made = await encode(pixels, { format, quality, scale });
    bytes = made.data.length;
    if (bytes <= maxBytes && made.width >= (best?.width ?? 0)) best = made;
    if (bytes <= maxBytes && bytes >= maxBytes * ENOUGH) break;
  }
  return best;
}

async function encode(
  { data, info }: Pixels,
  { format, quality, scale }: { format: Format; quality: number; scale: number },
): Promise<NormalisedPicture> {
  const { width, height, channels } = info;
  const whole = sharp(data, { raw: { width, height, channels } });
  const side = (pixels: number) => Math.max(1, Math.floor(pixels * scale));
  const sized =
    scale === 1 ? whole : whole.resize({ width: side(width), height: side(height), fit: 'fill' });
  const encoded = format === 'webp' ? sized.webp({ quality, effort: 1 }) : sized.jpeg({ quality });
  const made = await encoded.toBuffer({ resolveWithObject: true });
  const size = { width: made.info.width, height: made.info.height };
  return { data: made.data, mediaType: `image/${format}`, ...size };
}
