/** `ai` with `@openrouter/ai-sdk-provider`, which makes files of `images`; pictures in words are for the caller to find. */
import { type Decode, decodeDataUri, KEY, MODEL, WORDS } from './peer.ts';

/** The parts of the packages that are used. Their own types are absent unless `bench/` is installed. */
interface AiModule {
  streamText(options: { model: unknown; prompt: string; maxRetries: number }): {
    fullStream: AsyncIterable<StreamPart>;
  };
}

interface OpenRouterModule {
  createOpenRouter(options: { baseURL: string; apiKey: string }): { chat(model: string): unknown };
}

type StreamPart =
  | { type: 'text-delta'; text: string }
  | { type: 'file'; file: { uint8Array: Uint8Array } }
  | { type: 'error'; error: unknown };

export async function loadOpenRouter(): Promise<Decode> {
  const [ai, openRouter]: [string, string] = ['ai', '@openrouter/ai-sdk-provider'];
  const { streamText }: AiModule = await import(ai);
  const { createOpenRouter }: OpenRouterModule = await import(openRouter);
  return async ({ baseUrl }) => {
    const model = createOpenRouter({ baseURL: `${baseUrl}/v1`, apiKey: KEY }).chat(MODEL);
    const pictures: Uint8Array[] = [];
    let words = '';
    for await (const part of streamText({ model, prompt: WORDS, maxRetries: 0 }).fullStream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'text-delta') words += part.text;
      if (part.type === 'file') pictures.push(part.file.uint8Array);
    }
    if (words !== '') pictures.push(decodeDataUri(words));
    return pictures.map((picture) => [picture]);
  };
}
