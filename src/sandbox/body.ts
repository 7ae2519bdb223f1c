import type { IncomingMessage } from 'node:http';
import { BadAsk, type FormBody } from './types.ts';

/** Room for the 14 references that Gemini takes, as base64. */
export const MAX_BODY_BYTES = 64 * 2 ** 20;

/** The whole body, or undefined as soon as it is larger than `MAX_BODY_BYTES`. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // The rest is read and dropped: a client that is still writing would miss an answer on a broken connection.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

/** Parsed JSON, or a `FormBody` for multipart; null for no body. @throws BadAsk */
export async function parseContent(bytes: Buffer, contentType: string): Promise<unknown> {
  if (bytes.length === 0) return null;
  try {
    if (contentType.startsWith('multipart/form-data')) return await parseForm(bytes, contentType);
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BadAsk('The body could not be parsed.');
  }
}

async function parseForm(bytes: Buffer, contentType: string): Promise<FormBody> {
  const response = new Response(new Uint8Array(bytes), {
    headers: { 'content-type': contentType },
  });
  const form: FormBody = { fields: {}, files: [] };
  for (const [field, value] of await response.formData()) {
    if (typeof value === 'string') form.fields[field] = value;
    else form.files.push({ field, name: value.name, type: value.type, bytes: await value.bytes() });
  }
  return form;
}
