/**
 * A new-api relay: the page's envelope with the picture as markdown. Its page shows no stream; the steps are those of
 * new-api's own source, with a comment as its keep-alive.
 */
import { readChatAsk } from '../ask-chat.ts';
import { newApiProblem } from '../problems.ts';
import { jsonReply, printFlush, streamReply } from '../reply.ts';
import type { Ask, Content, Endpoint, Gateway } from '../types.ts';
import { toMarkdown } from './markdown.ts';

const ID = 'chatcmpl-123';
const CREATED = 1677652288;

const chat: Endpoint = {
  mediaType: 'image/png',
  drafts: false,
  read: (input) => readChatAsk(input),
  render: (content, ask) =>
    ask.stream
      ? streamReply(renderStream(content, ask))
      : jsonReply(printFlush(renderCompletion(content))),
  problem: newApiProblem,
};

export const newapi: Gateway = {
  prefix: '/newapi',
  endpoints: { '/v1/chat/completions': chat },
  models: ['gemini-2.0-flash-exp-image-generation', 'gemini-3-pro-image-preview'],
  problem: newApiProblem,
};

const joinText = (content: Content): string =>
  [content.words ?? [], toMarkdown(content)].flat().join('\n');

function renderCompletion(content: Content): object {
  const message = { role: 'assistant', content: joinText(content) };
  return {
    id: ID,
    object: 'chat.completion',
    created: CREATED,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: countUsage(content),
  };
}

function renderStream(content: Content, { model, streamUsage }: Ask): string[] {
  const head = { id: ID, object: 'chat.completion.chunk', created: CREATED, model };
  const printChunk = (delta: object, finishReason: string | null = null): string => {
    const choice = { delta, logprobs: null, finish_reason: finishReason, index: 0 };
    return printEvent({ ...head, system_fingerprint: null, choices: [choice], usage: null });
  };
  const text = joinText(content);
  const usage = { ...head, system_fingerprint: '', choices: [], usage: countUsage(content) };
  return [
    ': PING\n\n',
    printChunk({ content: '', role: 'assistant' }),
    ...(text === '' ? [] : [printChunk({ content: text })]),
    printChunk({}, 'stop'),
    ...(streamUsage ? [printEvent(usage)] : []),
    'data: [DONE]\n\n',
  ];
}

const printEvent = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

/** The page counts 12 tokens for any answer; a lost picture is the one case where the number has to tell. */
function countUsage({ pictures, painted }: Content): object {
  const completion = painted && pictures.length === 0 ? 1120 : painted ? 12 : 0;
  return { prompt_tokens: 9, completion_tokens: completion, total_tokens: 9 + completion };
}
