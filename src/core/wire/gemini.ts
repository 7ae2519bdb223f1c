/** Google's own `generateContent`, in camelCase: relays drop the snake_case spelling of signatures. */
import { jsonBody, type Slot } from './body.ts';
import { modelFamily } from './models.ts';
import type { EncodedRequest, Message, Part, WireInput } from './types.ts';

/** Parts keep their order and their signatures, since Google checks the seal of every model part. */
export function encodeGemini(input: WireInput): EncodedRequest {
  const method = input.stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return {
    path: `/v1beta/models/${modelSegment(input.model)}:${method}`,
    contentType: 'application/json',
    body: jsonBody((slot) => ({
      contents: withCount(input).map(({ role, parts }) => ({
        role,
        parts: parts.map((part) => nativePart(part, slot)),
      })),
      generationConfig: generationConfig(input),
      ...(searches(input) ? { tools: [{ google_search: {} }] } : {}),
    })),
  };
}

/** A wish for several pictures is said in words: the image models refuse `candidateCount`. */
function withCount({ messages, count = 1, textOnly }: WireInput): Message[] {
  const last = messages.at(-1);
  if (last === undefined || count < 2 || textOnly) return messages;
  const wish: Part = { type: 'text', text: `Make ${count} different pictures.` };
  return [...messages.slice(0, -1), { ...last, parts: [...last.parts, wish] }];
}

/** One path segment whatever the id holds, so that `google/…` cannot change the route and `..` cannot climb it. */
function modelSegment(model: string): string {
  return encodeURIComponent(model.replace(/^models\//, ''));
}

function nativePart(part: Part, slot: Slot): object {
  const seal = sealOf(part, slot);
  if (part.type === 'text') return { text: part.text, ...seal };
  return { inlineData: { mimeType: part.mediaType, data: slot(part.data) }, ...seal };
}

function sealOf({ signature }: Part, slot: Slot): object {
  if (signature === undefined) return {};
  return { thoughtSignature: typeof signature === 'string' ? signature : slot(signature) };
}

/**
 * Thoughts feed the progress line. They are asked for only where the id names a model that thinks: every other model
 * answers 400 "Thinking is not enabled for this model". `imageConfig` and not the newer `responseFormat`, which relays
 * drop.
 */
function generationConfig(input: WireInput): object {
  const imageConfig = {
    ...(input.aspectRatio === undefined ? {} : { aspectRatio: input.aspectRatio }),
    ...(input.size === undefined ? {} : { imageSize: input.size }),
  };
  return {
    responseModalities: input.textOnly ? ['TEXT'] : ['TEXT', 'IMAGE'],
    ...(Object.keys(imageConfig).length > 0 ? { imageConfig } : {}),
    ...(thinks(input) ? { thinkingConfig: { includeThoughts: true } } : {}),
  };
}

function thinks({ model, thoughts = true }: WireInput): boolean {
  return thoughts && (modelFamily(model)?.thinks ?? false);
}

function searches(input: WireInput): boolean {
  return input.search === true && (modelFamily(input.model)?.searches ?? true);
}
