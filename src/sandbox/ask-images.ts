import { z } from 'zod';
import { ASPECT_RATIOS } from '../core/types.ts';
import { countSchema, PLAIN_ASK, parseBody, readSizing } from './ask.ts';
import { type Ask, BadAsk, type EndpointInput, type FormBody } from './types.ts';

/** Either side, in pixels; 4096 is the longest side that any gateway here offers at 1:1. */
const sideSchema = z.coerce.number().int().min(256).max(4096);
const bodySchema = z.object({
  prompt: z.string().min(1),
  model: z.string().min(1).optional(),
  n: countSchema,
  size: z.string().nullish(),
  quality: z.enum(['auto', 'low', 'medium', 'high', 'standard', 'hd']).nullish(),
});
type ImagesBody = z.infer<typeof bodySchema>;

const formSchema = z.object({
  fields: z.record(z.string(), z.string()),
  files: z.array(z.custom<FormBody['files'][number]>()),
});

/** Reads `/v1/images/generations`. @throws BadAsk */
export function readGeneration({ body }: EndpointInput): Ask {
  return toAsk(parseBody(bodySchema, body), []);
}

/** Reads the multipart body of `/v1/images/edits`: pictures as `image` or `image[]`. @throws BadAsk */
export function readEdit({ body }: EndpointInput): Ask {
  const { fields, files } = parseBody(formSchema, body);
  const pictures = files.filter(({ field }) => field === 'image' || field === 'image[]');
  if (pictures.length === 0) throw new BadAsk("Missing required parameter: 'image'.");
  const { n, ...rest } = fields;
  const parsed = parseBody(bodySchema, n === undefined ? rest : { ...rest, n: Number(n) });
  return toAsk(
    parsed,
    pictures.map(({ bytes }) => bytes),
  );
}

function toAsk({ prompt, model, n, size, quality }: ImagesBody, pictures: Uint8Array[]): Ask {
  const sized = size === undefined || size === null || size === 'auto' ? {} : readSize(size);
  const { pixels, ...named } = { pixels: undefined, ...sized };
  return {
    ...PLAIN_ASK,
    model: model ?? '',
    prompt,
    pictures,
    count: n ?? 1,
    ...readSizing(prompt, { ...named, size: quality === 'hd' ? '2K' : undefined }),
    ...(pixels === undefined ? {} : { pixels }),
  };
}

/** `1536x1024` as OpenAI has it, or `16:9` as relays of Gemini do. */
function readSize(size: string): Pick<Ask, 'pixels' | 'aspectRatio'> {
  const aspectRatio = ASPECT_RATIOS.find((ratio) => ratio === size);
  if (aspectRatio !== undefined) return { aspectRatio };
  const [width, height, ...more] = size.split('x');
  if (more.length > 0) throw new BadAsk(`Invalid value at 'size': ${size}`);
  return { pixels: { width: parseBody(sideSchema, width), height: parseBody(sideSchema, height) } };
}
