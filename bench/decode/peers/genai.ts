/** `@google/genai`, Google's own client. */
import { type Decode, KEY, MODEL, WORDS } from './peer.ts';

/** The part of the package that is used. Its own types are absent unless `bench/` is installed. */
interface GenAiModule {
  GoogleGenAI: new (options: {
    apiKey: string;
    httpOptions: { baseUrl: string };
  }) => {
    models: {
      generateContentStream(request: {
        model: string;
        contents: string;
      }): Promise<AsyncIterable<Chunk>>;
    };
  };
}

interface Chunk {
  candidates?: { content?: { parts?: { inlineData?: { data?: string } }[] } }[];
}

export async function loadGenAi(): Promise<Decode> {
  const name: string = '@google/genai';
  const { GoogleGenAI }: GenAiModule = await import(name);
  return async ({ baseUrl }) => {
    const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl } });
    const stream = await client.models.generateContentStream({ model: MODEL, contents: WORDS });
    const pictures: Buffer[] = [];
    for await (const { candidates } of stream) {
      for (const { inlineData } of candidates?.[0]?.content?.parts ?? []) {
        if (inlineData?.data !== undefined) pictures.push(Buffer.from(inlineData.data, 'base64'));
      }
    }
    return pictures.map((picture) => [picture]);
  };
}
