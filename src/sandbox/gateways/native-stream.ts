import { jsonReply, streamReply } from '../reply.ts';
import type { Reply } from '../types.ts';

/** Native responses one after another: events with `alt=sse` (no `[DONE]`), else the members of one JSON array. */
export function nativeStream(
  responses: object[],
  { sse, lineEnd }: { sse: boolean; lineEnd: '\n' | '\r\n' },
): Reply {
  const printed = responses.map((response) => JSON.stringify(response));
  if (sse) return streamReply(printed.map((json) => `data: ${json}${lineEnd}${lineEnd}`));
  const members = printed.map((json, index) => (index === 0 ? `[${json}` : `,${lineEnd}${json}`));
  return { ...jsonReply(''), chunks: [...members, ']'] };
}
