/**
 * OpenAI-Next: the native dialect in snake_case. The page's one part has words, a picture, `thought: true` and a
 * signature at once; alone it would be a draft, so here it holds the draft and a second part the picture itself.
 */
import { readNativeAsk } from '../ask-native.ts';
import { newApiProblem } from '../problems.ts';
import { jsonReply, printPretty } from '../reply.ts';
import type { Ask, Content, Endpoint, Gateway, Painted, Reply } from '../types.ts';
import { nativeStream } from './native-stream.ts';

const problem: Endpoint['problem'] = (kind, detail) =>
  kind === 'blocked' ? undefined : newApiProblem(kind, detail);

const native: Endpoint = {
  mediaType: 'image/jpeg',
  drafts: true,
  read: (input) => readNativeAsk(input),
  render,
  problem,
};

export const openaiNext: Gateway = {
  prefix: '/openai-next',
  endpoints: { native },
  models: ['gemini-3-pro-image-preview', 'gemini-2.5-flash-image'],
  problem,
};

function render(content: Content, { stream, sse }: Ask): Reply {
  const parts = listParts(content);
  if (!stream) return jsonReply(printPretty(createResponse(content, parts, 'STOP')));
  const steps = parts.map((part) => ({ candidates: [createCandidate([part])] }));
  return nativeStream([...steps, createResponse(content, [{ text: '' }], 'STOP')], {
    sse,
    lineEnd: '\n',
  });
}

function listParts({ draft, pictures, words }: Content): object[] {
  const thought = draft && {
    text: 'Create a picture of a nano banana dish in a fancy restaurant with a Gemini theme',
    inline_data: toInlineData(draft),
    thought: true,
    thought_signature: 'string',
  };
  return [
    ...(thought ? [thought] : []),
    ...(words === undefined ? [] : [{ text: words }]),
    ...pictures.map((picture) => ({
      inline_data: toInlineData(picture),
      thought_signature: 'string',
    })),
  ];
}

const toInlineData = ({ mediaType, base64 }: Painted): object => ({
  mime_type: mediaType,
  data: base64,
});

function createCandidate(parts: object[], finishReason?: string): object {
  const content = { role: 'user', parts };
  if (finishReason === undefined) return { content };
  const safetyRatings = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'NEGLIGIBLE' }];
  return { content, finishReason, safetyRatings };
}

function createResponse(content: Content, parts: object[], finishReason: string): object {
  const made = content.painted ? 1290 : (content.words?.length ?? 0);
  const answer =
    content.finish === 'blocked'
      ? { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }
      : { candidates: [createCandidate(parts, finishReason)] };
  return {
    ...answer,
    usageMetadata: {
      promptTokenCount: 100,
      candidatesTokenCount: made,
      totalTokenCount: 100 + made,
    },
    groundingMetadata: {
      searchEntryPoint: { renderedContent: 'string' },
      groundingChunks: [
        { web: { uri: 'https://example.com/article', title: 'Example Article Title' } },
      ],
    },
  };
}
