/** `POST /v1/chat/completions`, as most gateways take it. */
import { jsonBody, type Slot } from './body.ts';
import type { ChatStyle, EncodedRequest, Part, WireInput } from './types.ts';
import { sizeInWords } from './without.ts';

/**
 * Pictures go as data URIs only: some gateways drop links without a word, and a platform's link holds a token.
 * A wish for several pictures is said in words, because `n` becomes `candidateCount`, which the image models refuse.
 */
export function encodeOpenAiChat(input: WireInput, style: ChatStyle): EncodedRequest {
  return {
    path: '/v1/chat/completions',
    contentType: 'application/json',
    body: jsonBody((slot) => merge(chatFields(input, style, slot), style.extraFields ?? {})),
  };
}

function chatFields(input: WireInput, style: ChatStyle, slot: Slot): Record<string, unknown> {
  return {
    model: input.model,
    stream: input.stream,
    ...(input.stream && style.streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...(style.modalities ? { modalities: input.textOnly ? ['text'] : ['image', 'text'] } : {}),
    ...sizingFields(input, style),
    messages: chatMessages(input, style, slot),
  };
}

function sizingFields(input: WireInput, style: ChatStyle): Record<string, unknown> {
  if (input.aspectRatio === undefined && input.size === undefined) return {};
  const imageConfig = { aspect_ratio: input.aspectRatio, image_size: input.size };
  return {
    ...(style.sizing.includes('image_config') ? { image_config: imageConfig } : {}),
    ...(style.sizing.includes('extra_body')
      ? { extra_body: { google: { image_config: imageConfig } } }
      : {}),
  };
}

function chatMessages(input: WireInput, style: ChatStyle, slot: Slot): unknown[] {
  const last = input.messages.length - 1;
  const wish = wishInWords(input, style);
  return input.messages
    .map((message, index) => {
      if (message.role === 'model') return { role: 'assistant', content: textOf(message.parts) };
      const parts = index === last && wish !== '' ? withWords(message.parts, wish) : message.parts;
      return { role: 'user', content: userContent(parts, style, slot) };
    })
    .filter(({ content }) => content.length > 0);
}

function userContent(parts: Part[], style: ChatStyle, slot: Slot): string | unknown[] {
  if (parts.every((part) => part.type === 'text')) return textOf(parts);
  return parts.map((part) => {
    if (part.type === 'text') return { type: 'text', text: neutralise(part.text) };
    const url = `data:${part.mediaType};base64,${slot(part.data)}`;
    return style.imagePart === 'image'
      ? { type: 'image', image: url }
      : { type: 'image_url', image_url: { url } };
  });
}

function textOf(parts: Part[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [neutralise(part.text)] : []))
    .join('\n\n');
}

/** new-api loses the words that follow a markdown data image in a text, so no text may look like one. */
function neutralise(text: string): string {
  return text.replace(/\]\((\s*data:)/gi, '] ($1');
}

function withWords(parts: Part[], words: string): Part[] {
  return [...parts, { type: 'text', text: words }];
}

function wishInWords(input: WireInput, style: ChatStyle): string {
  if (input.textOnly) return '';
  const inPrompt = style.sizing.includes('prompt');
  return [
    inPrompt ? sizeInWords(input.aspectRatio, input.size) : '',
    (input.count ?? 1) > 1 ? `Make ${input.count} different pictures.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** `extra` joins `base` field by field, so that an operator's `extra_body` keeps our `image_config` beside it. */
function merge(base: object, extra: object): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(extra)) {
    const present = merged.get(key);
    merged.set(key, isRecord(present) && isRecord(value) ? merge(present, value) : value);
  }
  return Object.fromEntries(merged);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
