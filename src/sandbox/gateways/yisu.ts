/** yisu: `images` beside an empty `content`, printed as on its page, whose stream has no blank line between events. */
import { readChatAsk } from '../ask-chat.ts';
import { yisuProblem } from '../problems.ts';
import { jsonReply, printFlush, streamReply } from '../reply.ts';
import type { Content, Endpoint, Gateway, Reply } from '../types.ts';
import { toDataUri } from './markdown.ts';

const CREATED = 1779778659;
const MODEL = 'gemini-3-pro-image-preview';

const chat: Endpoint = {
  mediaType: 'image/jpeg',
  drafts: false,
  read: (input) => readChatAsk(input, { imageParts: true }),
  render: (content, { stream }) =>
    stream ? streamReply(renderStream(content)) : jsonReply(printFlush(renderCompletion(content))),
  problem: yisuProblem,
};

export const yisu: Gateway = {
  prefix: '/yisu',
  endpoints: { '/v1/chat/completions': chat },
  models: [MODEL],
  problem: yisuProblem,
  renderModels,
};

function renderModels(models: string[]): Reply {
  const data = models.map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'google' }));
  return jsonReply(printTight({ object: 'list', data }));
}

/** Some samples on the page have no space after a member's name. */
function printTight(value: object): string {
  return printFlush(value).replace(/^("[a-z_]+"): /gm, '$1:');
}

/** The page's stream has no id, no index and no finish reason; a blocked answer needs one to be told from an empty one. */
function renderStream({ pictures, words, finish }: Content): string[] {
  const printEvent = (delta: object): string => `data: ${printTight({ choices: [{ delta }] })}\n`;
  const images = pictures.map((picture) => ({
    type: 'image_url',
    image_url: { url: toDataUri(picture) },
  }));
  const blocked = { choices: [{ delta: {}, finish_reason: 'content_filter' }] };
  return [
    printEvent({ content: words ?? '正在生成图片...' }),
    ...(images.length === 0 ? [] : [printEvent({ images })]),
    ...(finish === 'stop' ? [] : [`data: ${printTight(blocked)}\n`]),
    'data: [DONE]\n',
  ];
}

function renderCompletion(content: Content): object {
  const blocked = content.finish === 'blocked';
  const images = content.pictures.map((picture, index) => ({
    type: 'image_url',
    index,
    image_url: { url: toDataUri(picture) },
  }));
  const message = {
    role: 'assistant',
    content: content.words ?? '',
    refusal: null,
    annotations: null,
    images,
    reasoning_content: '',
    function_call: null,
    tool_calls: null,
    reasoning_details: [],
  };
  const choice = {
    index: 0,
    message,
    finish_reason: blocked ? 'content_filter' : 'stop',
    native_finish_reason: blocked ? 'IMAGE_SAFETY' : 'STOP',
    logprobs: null,
  };
  return {
    id: 'chatcmpl_3ca318e6a156443595445b0fcd45acaa',
    object: 'chat.completion',
    created: CREATED,
    model: MODEL,
    choices: [choice],
    usage: countUsage(content),
    system_fingerprint: null,
    service_tier: null,
    logprobs: null,
  };
}

function countUsage({ painted, words }: Content): object {
  const completion = painted ? 1404 : (words?.length ?? 0);
  return {
    prompt_tokens: 14,
    completion_tokens: completion,
    total_tokens: 14 + completion,
    completion_tokens_details: {
      accepted_prediction_tokens: 0,
      audio_tokens: 0,
      image_tokens: painted ? 1404 : 0,
      reasoning_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    prompt_tokens_details: null,
    cache_creation_input_tokens: null,
    cache_creation: null,
    gemini_cache_tokens_details: null,
  };
}
