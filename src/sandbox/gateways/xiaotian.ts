/** 小天API: parts in `message.content`, and plain JSON whatever was asked, as its page shows. */
import { readChatAsk } from '../ask-chat.ts';
import { newApiProblem } from '../problems.ts';
import { jsonReply, printPretty } from '../reply.ts';
import type { Content, Endpoint, Gateway } from '../types.ts';
import { toDataUri } from './markdown.ts';

const problem: Endpoint['problem'] = (kind, detail) =>
  kind === 'blocked' ? undefined : newApiProblem(kind, detail);

const chat: Endpoint = {
  mediaType: 'image/png',
  drafts: false,
  read: (input) => readChatAsk(input),
  render: (content) => jsonReply(printPretty(renderCompletion(content))),
  problem,
};

export const xiaotian: Gateway = {
  prefix: '/xiaotian',
  endpoints: { '/v1/chat/completions': chat },
  models: ['gemini-3-pro-image-preview', 'gemini-2.5-flash-image-preview'],
  problem,
};

function renderCompletion(content: Content): object {
  const { pictures, words, finish, painted } = content;
  const text = words ?? (pictures.length > 0 ? '没问题,请看:\n' : '');
  const images = pictures.map((picture) => ({
    type: 'image_url',
    image_url: { url: toDataUri(picture) },
  }));
  const imageTokens = painted ? 1290 : 0;
  const completion = painted ? 1297 : text.length;
  return {
    id: 'chatcmpl-540074f500e04bc5aa3950bdc0a3013b',
    model: 'gemini-2.5-flash-image-preview',
    object: 'chat.completion',
    created: 1756500337,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: [...(text === '' ? [] : [{ type: 'text', text }]), ...images],
        },
        finish_reason: finish === 'stop' ? 'stop' : 'content_filter',
      },
    ],
    usage: {
      prompt_tokens: 1304,
      completion_tokens: completion,
      total_tokens: 1304 + completion,
      prompt_tokens_details: { text_tokens: 14, image_tokens: 1290 },
      completion_tokens_details: { image_tokens: imageTokens },
    },
  };
}
