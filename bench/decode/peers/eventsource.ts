/** The plain way: parse events as text, then JSON, then decode the whole string. */
import { createParser } from 'eventsource-parser';
import { openHttp } from './drain.ts';
import { type Decode, decodeDataUri } from './peer.ts';

/** The part of a chunk that is read, of both kinds of API. */
interface Chunk {
  choices?: { delta: { content?: string; images?: { image_url: { url: string } }[] } }[];
  candidates?: { content?: { parts: { inlineData?: { data: string } }[] } }[];
}

export const eventsourceParser: Decode = async (target) => {
  const pictures: Buffer[] = [];
  let words = '';
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return;
      const chunk: Chunk = JSON.parse(data);
      const delta = chunk.choices?.[0]?.delta;
      words += delta?.content ?? '';
      for (const image of delta?.images ?? []) pictures.push(decodeDataUri(image.image_url.url));
      for (const { inlineData } of chunk.candidates?.[0]?.content?.parts ?? []) {
        if (inlineData !== undefined) pictures.push(Buffer.from(inlineData.data, 'base64'));
      }
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of await openHttp(target))
    parser.feed(decoder.decode(bytes, { stream: true }));
  if (words !== '') pictures.push(decodeDataUri(words));
  return pictures.map((picture) => [picture]);
};
