/** The bodies that are measured: one picture as four kinds of gateways stream it. */
import { createCipheriv, createHash } from 'node:crypto';

/** Where an answer carries its picture. */
export const FORMATS = {
  a: '`delta.images[].image_url.url`',
  b: 'markdown in one delta',
  c: 'markdown over deltas of 4 KiB',
  d: "Gemini's `inlineData`",
} as const;
export type Format = keyof typeof FORMATS;

/** Answers of gateways that stream words in pieces: characters of base64 in one delta. */
const DELTA_CHARACTERS = 4_096;

export function isFormat(name: string): name is Format {
  return Object.hasOwn(FORMATS, name);
}

/** Begins as a PNG; the rest does not compress, and is the same every time. */
export function createPicture(bytes: number): Buffer {
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  return Buffer.concat([signature, cipher.update(Buffer.alloc(bytes - signature.length))]);
}

/** SHA-256 of a picture, as hex. */
export async function hashPicture(
  picture: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of picture) hash.update(piece);
  return hash.digest('hex');
}

/** The whole body of a stream with one picture of `bytes` bytes. */
export function createBody(format: Format, bytes: number): Buffer {
  const base64 = createPicture(bytes).toString('base64');
  const events = format === 'd' ? geminiEvents(base64) : chatEvents(format, base64);
  return Buffer.from(events.map((event) => `data: ${event}\n\n`).join(''), 'latin1');
}

function geminiEvents(base64: string): string[] {
  const inlineData = { mimeType: 'image/png', data: base64 };
  const content = { role: 'model', parts: [{ inlineData }] };
  const usageMetadata = {
    promptTokenCount: 9,
    candidatesTokenCount: 1_290,
    totalTokenCount: 1_299,
  };
  return [
    JSON.stringify({ candidates: [{ content, index: 0 }] }),
    JSON.stringify({ candidates: [{ finishReason: 'STOP', index: 0 }], usageMetadata }),
  ];
}

function chatEvents(format: Exclude<Format, 'd'>, base64: string): string[] {
  const uri = `data:image/png;base64,${base64}`;
  return [
    chatEvent({ role: 'assistant', content: '' }),
    ...pictureDeltas(format, uri).map((delta) => chatEvent(delta)),
    chatEvent({}, 'stop'),
    '[DONE]',
  ];
}

function pictureDeltas(format: Exclude<Format, 'd'>, uri: string): object[] {
  if (format === 'a') return [{ images: [{ type: 'image_url', image_url: { url: uri } }] }];
  const markdown = `![image](${uri})`;
  if (format === 'b') return [{ content: markdown }];
  const deltas: object[] = [];
  for (let at = 0; at < markdown.length; at += DELTA_CHARACTERS) {
    deltas.push({ content: markdown.slice(at, at + DELTA_CHARACTERS) });
  }
  return deltas;
}

function chatEvent(delta: object, finishReason: string | null = null): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'painter-1',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });
}
