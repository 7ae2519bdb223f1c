/** OpenRouter: `images` beside `content`, comments while the stream waits, usage at its end with a price. */
import { readChatAsk } from '../ask-chat.ts';
import { openRouterProblem } from '../problems.ts';
import { jsonReply, streamReply } from '../reply.ts';
import type { Ask, Content, Endpoint, Gateway } from '../types.ts';
import { toDataUri } from './markdown.ts';

const CREATED = 1765265876;
const KEEP_ALIVE = ': OPENROUTER PROCESSING\n\n';

export const openRouterChat: Endpoint = {
  mediaType: 'image/png',
  drafts: false,
  read: (input) => readChatAsk(input),
  render: (content, ask) =>
    ask.stream
      ? streamReply(renderStream(content, ask))
      : jsonReply(JSON.stringify(renderCompletion(content, ask))),
  problem: openRouterProblem,
};

export const openrouter: Gateway = {
  prefix: '/openrouter/api',
  endpoints: { '/v1/chat/completions': openRouterChat },
  models: ['google/gemini-3-pro-image-preview', 'google/gemini-2.5-flash-image'],
  problem: openRouterProblem,
};

const createHead = (object: string, { model }: Ask): object => ({
  id: 'gen-1765265876-SandboxSandboxSandbx',
  provider: 'Google AI Studio',
  model,
  object,
  created: CREATED,
});

function listImages({ pictures }: Content): object[] {
  return pictures.map((picture, index) => ({
    type: 'image_url',
    image_url: { url: toDataUri(picture) },
    index,
  }));
}

function renderCompletion(content: Content, ask: Ask): object {
  const message = {
    role: 'assistant',
    content: content.words ?? '',
    refusal: null,
    reasoning: content.painted ? '**Sketching the scene**\n\nLaying out shapes and light.\n' : null,
    images: listImages(content),
  };
  const choice = {
    logprobs: null,
    finish_reason: 'stop',
    native_finish_reason: 'STOP',
    index: 0,
    message,
  };
  return { ...createHead('chat.completion', ask), choices: [choice], usage: countUsage(content) };
}

function renderStream(content: Content, ask: Ask): string[] {
  const head = createHead('chat.completion.chunk', ask);
  const printChunk = (delta: object, finishReason: string | null = null): string => {
    const native = finishReason === null ? null : 'STOP';
    const said = { role: 'assistant', content: '', ...delta };
    const choice = {
      index: 0,
      delta: said,
      finish_reason: finishReason,
      native_finish_reason: native,
    };
    return printEvent({ ...head, choices: [{ ...choice, logprobs: null }] });
  };
  const thoughts = content.painted
    ? ['**Sketching the scene**\n\n', 'Laying out shapes and light.\n']
    : [];
  const images = listImages(content);
  const { words } = content;
  return [
    KEEP_ALIVE,
    KEEP_ALIVE,
    ...thoughts.map((reasoning) => printChunk({ reasoning })),
    ...(words === undefined ? [] : [printChunk({ content: words })]),
    ...(images.length === 0 ? [] : [printChunk({ images })]),
    printChunk({}, 'stop'),
    printEvent({ ...head, choices: [], usage: countUsage(content) }),
    'data: [DONE]\n\n',
  ];
}

const printEvent = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

function countUsage({ painted, words }: Content): object {
  const completion = painted ? 1120 : (words?.length ?? 0);
  return {
    prompt_tokens: 9,
    completion_tokens: completion,
    total_tokens: 9 + completion,
    cost: painted ? 0.134 : 0,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, image_tokens: painted ? 1120 : 0 },
  };
}
