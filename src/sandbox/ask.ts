import { z } from 'zod';
import { ASPECT_RATIOS, type AspectRatio, IMAGE_SIZES, type ImageSize } from '../core/types.ts';
import { type Ask, BadAsk } from './types.ts';

/** What every dialect may leave out. */
export const PLAIN_ASK = {
  model: '',
  prompt: '',
  stream: false,
  count: 1,
  wordsOnly: false,
  links: false,
  sse: true,
  streamUsage: false,
} as const;

/** Pictures in one answer, as `PictureOptions.count` allows. */
const MAX_COUNT = 10;
export const countSchema = z.int().min(1).max(MAX_COUNT).nullish();
const ratioSchema = z.enum(ASPECT_RATIOS);
const sizeSchema = z.enum(IMAGE_SIZES);

/** Ratio and size as chat gateways spell them. */
export const snakeConfigSchema = z.object({
  aspect_ratio: ratioSchema.nullish(),
  image_size: sizeSchema.nullish(),
});

/** Ratio and size as the native dialect spells them. */
export const camelConfigSchema = z.object({
  aspectRatio: ratioSchema.nullish(),
  imageSize: sizeSchema.nullish(),
});

/** Checks a body. @throws BadAsk with the first problem and its place */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'body';
  throw new BadAsk(`Invalid value at '${place}': ${issue?.message ?? 'not documented'}`);
}

/** Bytes of a base64 data URI. Links are refused: the sandbox fetches nothing. @throws BadAsk */
export function readDataUri(url: string): Uint8Array {
  const comma = url.indexOf(',');
  if (!/^data:image\/[a-z+.-]+;base64$/i.test(url.slice(0, Math.min(comma, 64)))) {
    throw new BadAsk('Only base64 data URIs are read as pictures; links are not fetched here.');
  }
  return Buffer.from(url.slice(comma + 1), 'base64');
}

/** The last resort of dialects that have no field for it: a ratio or size in the words, such as `16:9` or `2K`. */
export function readSizing(
  prompt: string,
  config: { aspectRatio?: AspectRatio | null | undefined; size?: ImageSize | null | undefined },
): Pick<Ask, 'aspectRatio' | 'size'> {
  const words = prompt.split(/[\s,.;,。;()]+/);
  const aspectRatio = config.aspectRatio ?? ASPECT_RATIOS.find((ratio) => words.includes(ratio));
  const size = config.size ?? IMAGE_SIZES.find((name) => name !== '512' && words.includes(name));
  return { ...(aspectRatio ? { aspectRatio } : {}), ...(size ? { size } : {}) };
}

/** Where no field says how many: `2 different pictures`, `3 images`, `4张`, `2枚`; otherwise one. */
export function readCount(prompt: string): number {
  const found = /\b(\d{1,2}) (?:different )?(?:pictures|images)\b|(\d{1,2}) ?[张枚]/i.exec(prompt);
  return Math.min(MAX_COUNT, Math.max(1, Number(found?.[1] ?? found?.[2] ?? 1)));
}

/** Whether the words ask to look rather than to paint. */
export function asksToDescribe(prompt: string): boolean {
  return /^\s*(describe|分析图片|描述|説明)/i.test(prompt);
}

/** The pictures of the last turn, or of the latest one before it that has any. */
export function latestPictures(turns: Uint8Array[][]): Uint8Array[] {
  return turns.findLast((pictures) => pictures.length > 0) ?? [];
}
