/** One request, spelled in the dialect that the provider is configured for. Pure. */
import { encodeGemini } from './gemini.ts';
import { fitOptions } from './models.ts';
import { encodeOpenAiChat } from './openai-chat.ts';
import { encodeOpenAiImages } from './openai-images.ts';
import type { ChatStyle, Dialect, EncodedRequest, WireInput } from './types.ts';
import { type OptionalField, withoutFields } from './without.ts';

/**
 * Ratio and size that the model is known not to take are left out (`fitOptions` names them). `style` matters to
 * `openai-chat` only; `refused` names fields that this gateway does not take.
 * @throws EaselError `bad-config` for words from `openai-images`, which only makes pictures
 */
export function encodeRequest(
  dialect: Dialect,
  input: WireInput,
  style: ChatStyle,
  refused: ReadonlySet<OptionalField> = new Set(),
): EncodedRequest {
  const taken = withoutFields(withFittedOptions(input), style, refused);
  if (dialect === 'openai-chat') return encodeOpenAiChat(taken.input, taken.style);
  if (dialect === 'gemini') return encodeGemini(taken.input);
  return encodeOpenAiImages(taken.input);
}

function withFittedOptions(input: WireInput): WireInput {
  const { aspectRatio: _ratio, size: _size, ...rest } = input;
  if (input.textOnly) return rest;
  const { dropped: _dropped, ...fitted } = fitOptions(input.model, input);
  return { ...rest, ...fitted };
}
