/** `openai`: it passes fields on that it does not know; pictures in words are for the caller to find. */
import { type Decode, decodeDataUri, KEY, MODEL, WORDS } from './peer.ts';

/** The part of the package that is used. Its own types are absent unless `bench/` is installed. */
interface OpenAiModule {
  OpenAI: new (options: {
    baseURL: string;
    apiKey: string;
    maxRetries: number;
  }) => {
    chat: { completions: { create(request: object): Promise<AsyncIterable<Chunk>> } };
  };
}

interface Chunk {
  choices: { delta: { content?: string; images?: { image_url: { url: string } }[] } }[];
}

export async function loadOpenAi(): Promise<Decode> {
  const name: string = 'openai';
  const { OpenAI }: OpenAiModule = await import(name);
  return async ({ baseUrl }) => {
    const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: KEY, maxRetries: 0 });
    const messages = [{ role: 'user', content: WORDS }];
    const stream = await client.chat.completions.create({ model: MODEL, stream: true, messages });
    const pictures: Buffer[] = [];
    let words = '';
    for await (const { choices } of stream) {
      const delta = choices[0]?.delta;
      words += delta?.content ?? '';
      for (const image of delta?.images ?? []) pictures.push(decodeDataUri(image.image_url.url));
    }
    if (words !== '') pictures.push(decodeDataUri(words));
    return pictures.map((picture) => [picture]);
  };
}
