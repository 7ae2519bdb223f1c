/**
 * Google's own API: camelCase, a thought in words, a thought picture, the picture with its signature, and the finish
 * reason on a last part without text, as live captures have it. A replayed picture must bring its signature back.
 */
import { readNativeAsk } from '../ask-native.ts';
import { googleProblem } from '../problems.ts';
import { jsonReply } from '../reply.ts';
import { signPicture } from '../signature.ts';
import type { Ask, Content, Endpoint, Gateway, Painted, Reply } from '../types.ts';
import { nativeStream } from './native-stream.ts';

const THOUGHT =
  '**Sketching the scene**\n\nI am laying out the shapes and the light before I paint.\n\n\n';

export const googleNative: Endpoint = {
  mediaType: 'image/jpeg',
  drafts: true,
  read: (input) => readNativeAsk(input, { strict: true }),
  render,
  problem: googleProblem,
};

export const google: Gateway = {
  prefix: '/google',
  endpoints: { native: googleNative },
  models: ['gemini-3-pro-image', 'gemini-3.1-flash-image', 'gemini-2.5-flash-image'],
  problem: googleProblem,
};

function render(content: Content, ask: Ask): Reply {
  if (content.finish === 'blocked') return renderBlocked(content, ask);
  const parts = listParts(content);
  if (!ask.stream) {
    return jsonReply(
      JSON.stringify(createResponse(content, ask, { parts, finishReason: 'STOP' }), null, 2),
    );
  }
  const steps = parts.map((part) => createResponse(content, ask, { parts: [part] }));
  const last = createResponse(content, ask, { parts: [{ text: '' }], finishReason: 'STOP' });
  return nativeStream([...steps, last], { sse: ask.sse, lineEnd: '\r\n' });
}

/** No `candidates` at all, in both forms. */
function renderBlocked(content: Content, ask: Ask): Reply {
  const response = {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: countUsage(content),
    modelVersion: ask.model,
  };
  if (!ask.stream) return jsonReply(JSON.stringify(response, null, 2));
  return nativeStream([response], { sse: ask.sse, lineEnd: '\r\n' });
}

function listParts({ draft, pictures, words, painted }: Content): object[] {
  return [
    ...(painted ? [{ text: THOUGHT, thought: true }] : []),
    ...(draft === undefined ? [] : [{ inlineData: toInlineData(draft), thought: true }]),
    ...(words === undefined ? [] : [{ text: words }]),
    ...pictures.map((picture) => ({
      inlineData: toInlineData(picture),
      thoughtSignature: signPicture(picture.base64),
    })),
  ];
}

const toInlineData = ({ mediaType, base64 }: Painted): object => ({
  mimeType: mediaType,
  data: base64,
});

function createResponse(
  content: Content,
  { model }: Ask,
  { parts, finishReason }: { parts: object[]; finishReason?: string },
): object {
  const finish = finishReason === undefined ? {} : { finishReason };
  return {
    candidates: [{ content: { parts, role: 'model' }, ...finish, index: 0 }],
    usageMetadata: countUsage(content),
    modelVersion: model,
    responseId: 'c2FuZGJveA',
  };
}

/** 1120 tokens are one picture at 1K or 2K by Google's price page. */
function countUsage({ painted, words }: Content): object {
  const made = painted ? 1120 : (words?.length ?? 0);
  const details = painted
    ? { candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1120 }] }
    : {};
  return {
    promptTokenCount: 9,
    candidatesTokenCount: made,
    totalTokenCount: 9 + made + (painted ? 247 : 0),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
    ...details,
    ...(painted ? { thoughtsTokenCount: 247 } : {}),
  };
}
