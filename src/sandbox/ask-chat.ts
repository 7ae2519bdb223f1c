import { z } from 'zod';
import {
  asksToDescribe,
  countSchema,
  latestPictures,
  PLAIN_ASK,
  parseBody,
  readCount,
  readDataUri,
  readSizing,
  snakeConfigSchema,
} from './ask.ts';
import { type Ask, BadAsk, type EndpointInput } from './types.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const linkPart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string() }),
});
const imagePart = z.object({ type: z.literal('image'), image: z.string() });
const partSchema = z.discriminatedUnion('type', [textPart, linkPart, imagePart]);
type ChatPart = z.infer<typeof partSchema>;

const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(partSchema).min(1)]),
});

const bodySchema = z.object({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  n: countSchema,
  modalities: z.array(z.enum(['text', 'image'])).nullish(),
  image_config: snakeConfigSchema.nullish(),
  extra_body: z
    .object({
      google: z
        .object({ image_config: snakeConfigSchema.nullish(), imageConfig: z.unknown().optional() })
        .nullish(),
    })
    .nullish(),
  omg_extra_body: z.object({ gemini_b64img_upload_enabled: z.boolean().optional() }).nullish(),
});

/**
 * Reads a chat completion request. `{type: "image", image}` parts are yisu's alone (`imageParts`); elsewhere nobody
 * documents them. `links` reads OhMyGPT's switch. @throws BadAsk
 */
export function readChatAsk(
  { body }: EndpointInput,
  { imageParts = false, links = false } = {},
): Ask {
  const parsed = parseBody(bodySchema, body);
  const turns = parsed.messages.map(({ role, content }) => ({
    role,
    parts: typeof content === 'string' ? [{ type: 'text', text: content } as const] : content,
  }));
  if (!imageParts && turns.some(({ parts }) => parts.some(({ type }) => type === 'image'))) {
    throw new BadAsk(
      "Invalid value at 'messages': content type 'image' is not supported, use 'image_url'",
    );
  }
  const last = turns.at(-1);
  if (last?.role !== 'user')
    throw new BadAsk("Invalid value at 'messages': the last one must be the user's");
  const prompt = readWords(last.parts);
  return {
    ...PLAIN_ASK,
    model: parsed.model,
    prompt,
    pictures: latestPictures(turns.map(({ parts }) => readPictures(parts))),
    stream: parsed.stream ?? false,
    count: parsed.n ?? readCount(prompt),
    wordsOnly: parsed.modalities ? !parsed.modalities.includes('image') : asksToDescribe(prompt),
    links: links && (parsed.omg_extra_body?.gemini_b64img_upload_enabled ?? false),
    streamUsage: parsed.stream_options?.include_usage ?? false,
    ...readChatSizing(prompt, parsed),
  };
}

function readWords(parts: ChatPart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function readPictures(parts: ChatPart[]): Uint8Array[] {
  return parts.flatMap((part) => {
    if (part.type === 'text') return [];
    return [readDataUri(part.type === 'image' ? part.image : part.image_url.url)];
  });
}

/** OpenRouter's field, else new-api's; new-api refuses the camelCase spelling by name, so the sandbox does too. */
function readChatSizing(
  prompt: string,
  body: z.infer<typeof bodySchema>,
): Pick<Ask, 'aspectRatio' | 'size'> {
  const google = body.extra_body?.google;
  if (google?.imageConfig !== undefined) {
    throw new BadAsk(
      'extra_body.google.imageConfig is not supported, use extra_body.google.image_config instead',
    );
  }
  const config = body.image_config ?? google?.image_config;
  return readSizing(prompt, { aspectRatio: config?.aspect_ratio, size: config?.image_size });
}
