import sharp, { type Sharp } from 'sharp';
import { type Ask, BadAsk, type Painted, type PaintedType } from '../types.ts';
import { drawAbstract } from './abstract.ts';
import { composeCollage, openPicture } from './collage.ts';
import { type Dimensions, nearestRatio, toPixels } from './dimensions.ts';
import { type Canvas, editPicture, openCanvas, toCanvas } from './edit.ts';
import { drawLettering } from './lettering.ts';
import { readWishes } from './wishes.ts';

/** What the gateways say they read (GIF from yisu's page, HEIC needs a decoder that sharp lacks). */
const INPUT_FORMATS = new Set(['png', 'jpeg', 'webp', 'gif']);

/** The parts of an `Ask` that a picture depends on. */
export type PaintAsk = Pick<Ask, 'prompt' | 'pictures' | 'aspectRatio' | 'size' | 'pixels'>;

/**
 * Paints one picture: an edit of what was sent, or an invention from the words. The same ask and variation give the
 * same bytes.
 * @throws BadAsk when a sent picture is not one
 */
export async function paint(
  ask: PaintAsk,
  { mediaType, variation = 0 }: { mediaType: PaintedType; variation?: number },
): Promise<Painted> {
  const wishes = readWishes(ask.prompt);
  const sent = await Promise.all(ask.pictures.map(measurePicture));
  const size = chooseDimensions(ask, sent);
  const canvas = await paintCanvas(ask, { size, sent, variation });
  const lettered = openCanvas(canvas).composite([{ input: drawLettering(size, wishes.caption) }]);
  return { mediaType, base64: (await encode(lettered, mediaType)).toString('base64') };
}

/** A rough small version of a picture, as models show while they think. */
export async function paintDraft(picture: Painted): Promise<Painted> {
  const rough = sharp(Buffer.from(picture.base64, 'base64')).resize(320).blur(2);
  const { mediaType } = picture;
  return { mediaType, base64: (await encode(rough, mediaType)).toString('base64') };
}

/** @throws BadAsk when the bytes are not a picture that gateways read */
export async function measurePicture(bytes: Uint8Array): Promise<Dimensions & { format: string }> {
  const metadata = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  if (metadata === undefined || !INPUT_FORMATS.has(metadata.format)) {
    throw new BadAsk('Invalid image format.');
  }
  const { width, height } = metadata.autoOrient;
  return { width, height, format: metadata.format };
}

/** The asked ratio, else the first picture's own, else a square; the asked size, else 1K. */
function chooseDimensions(ask: PaintAsk, [first]: Dimensions[]): Dimensions {
  if (ask.pixels !== undefined) return ask.pixels;
  const ratio = ask.aspectRatio ?? (first === undefined ? '1:1' : nearestRatio(first));
  return toPixels(ratio, ask.size ?? '1K');
}

async function paintCanvas(
  { prompt, pictures }: PaintAsk,
  { size, sent, variation }: { size: Dimensions; sent: Dimensions[]; variation: number },
): Promise<Canvas> {
  const [first] = pictures;
  if (first === undefined) return toCanvas(sharp(drawAbstract(prompt, variation, size)));
  const before =
    pictures.length > 1
      ? await composeCollage(pictures, { size, sent })
      : await toCanvas(openPicture(first).resize(size.width, size.height, { fit: 'cover' }));
  return editPicture(before, readWishes(prompt), `${variation} ${prompt}`);
}

function encode(image: Sharp, mediaType: PaintedType): Promise<Buffer> {
  return mediaType === 'image/png'
    ? image.png({ compressionLevel: 3 }).toBuffer()
    : image.jpeg({ quality: 88 }).toBuffer();
}
