/** `POST /v1/images/generations`, and `/v1/images/edits` as soon as a picture is given. */
import { randomUUID } from 'node:crypto';
import { EaselError } from '../errors.ts';
import { type AspectRatio, EXTENSIONS } from '../types.ts';
import type { BodyPiece, EncodedRequest, Part, WireInput } from './types.ts';

type ImagePart = Extract<Part, { type: 'image' }>;
type Fields = Record<string, string | number>;

/** OpenAI's own models, by name; every other model behind this dialect is a relayed Gemini. */
const OPENAI_MODEL = /gpt-image|dall-e/i;

/**
 * The words of all turns become one prompt. Neither `stream` (relays of Gemini do not know it here) nor
 * `response_format` (refused by gpt-image) is sent: the decoder takes base64 and links alike.
 * @throws EaselError `bad-config` for words, which this dialect cannot bring
 */
export function encodeOpenAiImages(input: WireInput): EncodedRequest {
  if (input.textOnly) throw new EaselError('bad-config', { subject: 'openai-images' });
  const parts = input.messages.flatMap((message) => message.parts);
  const pictures = parts.filter((part) => part.type === 'image');
  const fields = formFields(input, parts);
  return pictures.length === 0 ? generation(fields) : edit(fields, pictures);
}

function formFields(input: WireInput, parts: Part[]): Fields {
  const words = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return {
    model: input.model,
    prompt: words.join('\n\n'),
    ...((input.count ?? 1) > 1 ? { n: input.count ?? 1 } : {}),
    ...sizeFields(input),
  };
}

/** OpenAI's models take three pixel sizes; relays of Gemini take the ratio, and `hd` for everything above 1K. */
function sizeFields({ model, aspectRatio, size }: WireInput): Fields {
  if (OPENAI_MODEL.test(model)) return aspectRatio ? { size: nearestPixels(aspectRatio) } : {};
  return {
    ...(aspectRatio ? { size: aspectRatio } : {}),
    ...(size === '2K' || size === '4K' ? { quality: 'hd' } : {}),
  };
}

function nearestPixels(aspectRatio: AspectRatio): string {
  const [width = 1, height = 1] = aspectRatio.split(':').map(Number);
  if (width === height) return '1024x1024';
  return width > height ? '1536x1024' : '1024x1536';
}

function generation(fields: Fields): EncodedRequest {
  return {
    path: '/v1/images/generations',
    contentType: 'application/json',
    body: [JSON.stringify(fields)],
  };
}

function edit(fields: Fields, pictures: ImagePart[]): EncodedRequest {
  // Random, so that neither words nor pictures can contain it.
  const boundary = `easel-${randomUUID()}`;
  const body: BodyPiece[] = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  for (const [index, picture] of pictures.entries()) {
    body.push(fileHead(boundary, index, picture), { raw: picture.data }, '\r\n');
  }
  body.push(`--${boundary}--\r\n`);
  return {
    path: '/v1/images/edits',
    contentType: `multipart/form-data; boundary=${boundary}`,
    body,
  };
}

function fileHead(boundary: string, index: number, { mediaType }: ImagePart): string {
  const fileName = `picture-${index + 1}.${EXTENSIONS[mediaType]}`;
  return [
    `--${boundary}`,
    `content-disposition: form-data; name="image[]"; filename="${fileName}"`,
    `content-type: ${mediaType}`,
    '\r\n',
  ].join('\r\n');
}
