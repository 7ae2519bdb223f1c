/** OpenAI's Images API, and what relays make of it. */
import { readEdit, readGeneration } from '../ask-images.ts';
import { openAiProblem } from '../problems.ts';
import { jsonReply } from '../reply.ts';
import type { Content, Endpoint, Gateway, Reply } from '../types.ts';

const generations: Endpoint = {
  mediaType: 'image/png',
  drafts: false,
  read: readGeneration,
  render,
  problem: openAiProblem,
};

export const openai: Gateway = {
  prefix: '/openai',
  endpoints: {
    '/v1/images/generations': generations,
    '/v1/images/edits': { ...generations, read: readEdit },
  },
  models: ['gpt-image-1'],
  problem: openAiProblem,
};

/** The Images API has no place for words: an answer without a picture is an empty list. */
function render({ pictures, painted }: Content): Reply {
  const output = painted ? 1056 : 0;
  const answer = {
    created: 1765265876,
    data: pictures.map(({ base64 }) => ({ b64_json: base64 })),
    usage: {
      total_tokens: 50 + output,
      input_tokens: 50,
      output_tokens: output,
      input_tokens_details: { text_tokens: 50, image_tokens: 0 },
    },
  };
  return jsonReply(JSON.stringify(answer, null, 2));
}
