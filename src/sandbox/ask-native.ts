import { z } from 'zod';
import {
  asksToDescribe,
  camelConfigSchema,
  latestPictures,
  PLAIN_ASK,
  parseBody,
  readCount,
  readSizing,
  snakeConfigSchema,
} from './ask.ts';
import { signPicture } from './signature.ts';
import { type Ask, BadAsk, type EndpointInput } from './types.ts';

/** Signatures that Google takes for history that it did not write itself (`thought-signatures` docs). */
const DUMMY_SIGNATURES = [
  'context_engineering_is_the_way_to_go',
  'skip_thought_signature_validator',
];

const base64Schema = z.string().regex(/^[A-Za-z0-9+/_=-]*$/, 'not base64');
/** Both spellings of a part, as Google takes them. */
const partSchema = z
  .object({
    text: z.string().optional(),
    inlineData: z.object({ mimeType: z.string(), data: base64Schema }).optional(),
    inline_data: z.object({ mime_type: z.string(), data: base64Schema }).optional(),
    thought: z.boolean().optional(),
    thoughtSignature: z.string().optional(),
    thought_signature: z.string().optional(),
  })
  .refine(
    (part) => part.text !== undefined || (part.inlineData ?? part.inline_data) !== undefined,
    {
      message: 'a part must have text or inlineData; links are not fetched here',
    },
  );
type NativePart = z.infer<typeof partSchema>;

const contentSchema = z.object({
  role: z.enum(['user', 'model']).optional(),
  parts: z.array(partSchema).min(1),
});

const modalitiesSchema = z.array(z.enum(['TEXT', 'IMAGE', 'Text', 'Image'])).optional();
const bodySchema = z.object({
  contents: z.array(contentSchema).min(1),
  generationConfig: z
    .object({
      responseModalities: modalitiesSchema,
      imageConfig: camelConfigSchema.optional(),
      candidateCount: z.literal(1, 'Multiple candidates is not enabled for this model').optional(),
    })
    .optional(),
  generation_config: z
    .object({ response_modalities: modalitiesSchema, image_config: snakeConfigSchema.optional() })
    .optional(),
});
type NativeBody = z.infer<typeof bodySchema>;

/**
 * Reads a `generateContent` body. With `strict`, a model turn that is replayed must carry its signatures as they came,
 * as Google demands. @throws BadAsk
 */
export function readNativeAsk(input: EndpointInput, { strict = false } = {}): Ask {
  const body = parseBody(bodySchema, input.body);
  const last = body.contents.at(-1);
  if (last === undefined || last.role === 'model')
    throw new BadAsk('Please ensure that the last turn is a user turn.');
  if (strict) checkSignatures(body);
  const prompt = last.parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n');
  const modalities =
    body.generationConfig?.responseModalities ?? body.generation_config?.response_modalities;
  const snake = body.generation_config?.image_config;
  const camel = body.generationConfig?.imageConfig;
  return {
    ...PLAIN_ASK,
    model: input.model ?? '',
    prompt,
    pictures: latestPictures(body.contents.map(({ parts }) => readPictures(parts))),
    stream: input.stream,
    sse: input.query.get('alt') === 'sse',
    count: readCount(prompt),
    wordsOnly:
      modalities === undefined ? asksToDescribe(prompt) : !/image/i.test(modalities.join()),
    ...readSizing(prompt, {
      aspectRatio: camel?.aspectRatio ?? snake?.aspect_ratio,
      size: camel?.imageSize ?? snake?.image_size,
    }),
  };
}

const readBase64 = (part: NativePart): string | undefined =>
  part.inlineData?.data ?? part.inline_data?.data;

function readPictures(parts: NativePart[]): Uint8Array[] {
  return parts.flatMap((part) => {
    const base64 = readBase64(part);
    return base64 === undefined || part.thought ? [] : [Buffer.from(base64, 'base64')];
  });
}

function checkSignatures({ contents }: NativeBody): void {
  for (const [position, { role, parts }] of contents.entries()) {
    if (role !== 'model') continue;
    for (const [index, part] of parts.entries()) checkSignature(part, position + 1, index + 1);
  }
}

function checkSignature(part: NativePart, position: number, index: number): void {
  const base64 = readBase64(part);
  if (base64 === undefined || part.thought) return;
  const signature = part.thoughtSignature ?? part.thought_signature;
  if (signature === undefined) {
    throw new BadAsk(
      `Image part is missing a thought_signature in content position ${position}, part position ${index}. ` +
        'Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures#model-behavior for more details.',
    );
  }
  if (!DUMMY_SIGNATURES.includes(signature) && signature !== signPicture(base64)) {
    throw new BadAsk('Corrupted thought signature.');
  }
}
