/** What a gateway counted, in OpenAI's and Google's names (which differ in meaning, so nothing is added up). */
import type { Usage } from '../types.ts';
import { type Fields, isFields, numberOf, own } from './json.ts';

/** Undefined where no number is found. */
export function readUsage(fields: Fields): Usage | undefined {
  const details = own(fields, 'completion_tokens_details', 'output_tokens_details');
  const usage = {
    promptTokens: numberOf(own(fields, 'prompt_tokens', 'promptTokenCount', 'input_tokens')),
    completionTokens: numberOf(
      own(fields, 'completion_tokens', 'candidatesTokenCount', 'output_tokens'),
    ),
    imageTokens: isFields(details) ? numberOf(own(details, 'image_tokens')) : imageTokens(fields),
    totalTokens: numberOf(own(fields, 'total_tokens', 'totalTokenCount')),
    cost: numberOf(own(fields, 'cost')),
  };
  const known = Object.entries(usage).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Gemini counts by modality. */
function imageTokens(fields: Fields): number | undefined {
  const details = own(fields, 'candidatesTokensDetails');
  if (!Array.isArray(details)) return undefined;
  const image = details.find((entry) => isFields(entry) && own(entry, 'modality') === 'IMAGE');
  return isFields(image) ? numberOf(own(image, 'tokenCount')) : undefined;
}
