/** OhMyGPT, framed like the stream on its page; a plain answer is the same without the stream's steps. */
import { readChatAsk } from '../ask-chat.ts';
import { newApiProblem } from '../problems.ts';
import { jsonReply, printPretty, streamReply } from '../reply.ts';
import type { Content, Endpoint, Gateway } from '../types.ts';
import { toMarkdown } from './markdown.ts';

const ID = 'chatcmpl-20251209153731610783868KCHZKZG';
const CREATED = 1765265876;
const MODEL = 'gemini-3-pro-image-preview';

const THOUGHTS = [
  "**Developing Animated Emotes**\n\nI am now focused on generating a set of animated emotes featuring a blue-haired anime girl. I'm ensuring the character maintains her signature blue hair, double hair clips, sailor uniform, and blue eyes. The current plan is to create six distinct expressions.\n\n\n",
  "**Considering Emote Characters**\n\nI'm working on integrating the provided character's features into the emotes. The goal is to keep the blue hair, hair clips, uniform, and blue eyes consistent. I'm aiming for six distinct expressions.\n\n\n",
  "**Confirming the Manifestation**\n\nI am verifying that the generated meme set adheres to the specified criteria. The character's transformation into a cohesive anime-style meme set appears successful. The expressions (happy, surprised, sad, angry, shy, and confused) are all accounted for, accompanied by text and cute stickers. I will now rigorously assess the particulars.\n\n\n",
  "**Analyzing the Output**\n\nI'm assessing how well the meme set aligns with the initial request. The conversion seems complete, accurately capturing the character's core traits in the anime style. I am checking to make sure that each emotion (happy, surprised, sad, angry, shy, and confused) is rendered correctly with associated text and stickers. I'm now verifying the final results.\n\n\n",
];

const chat: Endpoint = {
  mediaType: 'image/png',
  drafts: false,
  read: (input) => readChatAsk(input, { links: true }),
  render: (content, { stream }) =>
    stream ? streamReply(renderStream(content)) : jsonReply(printPretty(renderCompletion(content))),
  problem: newApiProblem,
};

export const ohmygpt: Gateway = {
  prefix: '/ohmygpt',
  endpoints: { '/v1/chat/completions': chat },
  models: ['vertex-gemini-3-pro-image-preview'],
  problem: newApiProblem,
};

/** The last event is broken inside its brackets on the page, and so it is here. */
function renderStream(content: Content): string[] {
  const thoughts = content.painted ? THOUGHTS : [];
  const texts = [...(content.words === undefined ? [] : [content.words]), ...toMarkdown(content)];
  return [
    printEvent(createChunk({ content: '', role: 'assistant' })),
    ...thoughts.map((thought) => printEvent(createChunk({ reasoning_content: thought }))),
    ...texts.map((text) => printEvent(createChunk({ content: text }))),
    printEvent(createChunk({}, 'stop')),
    printEvent({ ...HEAD, system_fingerprint: '', choices: [], usage: countUsage(content) }),
    'data: [DONE\n]\n',
  ];
}

const printEvent = (chunk: object): string => `data: ${printPretty(chunk)}\n\n`;

const HEAD = {
  id: ID,
  object: 'chat.completion.chunk',
  created: CREATED,
  model: MODEL,
  system_fingerprint: null,
};

function createChunk(delta: object, finishReason: string | null = null): object {
  const choice = { delta, logprobs: null, finish_reason: finishReason, index: 0 };
  return { ...HEAD, choices: [choice], usage: null };
}

function renderCompletion(content: Content): object {
  const message = {
    role: 'assistant',
    content: [content.words ?? [], toMarkdown(content)].flat().join('\n'),
    ...(content.painted ? { reasoning_content: THOUGHTS.join('') } : {}),
  };
  return {
    id: ID,
    object: 'chat.completion',
    created: CREATED,
    model: MODEL,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: countUsage(content),
  };
}

function countUsage({ painted, words }: Content): object {
  const completion = painted ? 1367 : (words?.length ?? 0);
  return {
    prompt_tokens: 538,
    completion_tokens: completion,
    total_tokens: 538 + completion,
    prompt_tokens_details: { cached_tokens: 0, text_tokens: 538, audio_tokens: 0, image_tokens: 0 },
    completion_tokens_details: {
      text_tokens: 0,
      audio_tokens: 0,
      reasoning_tokens: painted ? 247 : 0,
    },
    input_tokens: 0,
    output_tokens: 0,
    input_tokens_details: null,
    claude_cache_creation_5_m_tokens: 0,
    claude_cache_creation_1_h_tokens: 0,
  };
}
