/** One request, spelled in the dialect that the provider is configured for. Pure. */
import { encodeGemini } from './gemini.ts';
import { fitOptions } from './models.ts';
import { encodeOpenAiChat } from './openai-chat.ts';
import { encodeOpenAiImages } from './openai-images.ts';
import type { ChatStyle, Dialect, EncodedRequest, WireInput } from './types.ts';

/**
 * Ratio and size that the model is known not to take are left out (`fitOptions` names them). `style` matters to
 * `openai-chat` only.
 * @throws EaselError `bad-config` for words from `openai-images`, which only makes pictures
 */
export function encodeRequest(
  dialect: Dialect,
  input: WireInput,
  style: ChatStyle,
): EncodedRequest {
  const fitted = withFittedOptions(input);
  if (dialect === 'openai-chat') return encodeOpenAiChat(fitted, style);
  if (dialect === 'gemini') return encodeGemini(fitted);
  return encodeOpenAiImages(fitted);
}

function withFittedOptions(input: WireInput): WireInput {
  const { aspectRatio: _ratio, size: _size, ...rest } = input;
  if (input.textOnly) return rest;
  const { dropped: _dropped, ...fitted } = fitOptions(input.model, input);
  return { ...rest, ...fitted };
}
