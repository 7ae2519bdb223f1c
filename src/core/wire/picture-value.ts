/** A picture as a field holds it: a token, a data URI, bare base64, a link, or an object around one of them. */
import { type Fields, isFields, own } from './json.ts';
import type { Lifted, LiftedRuns } from './lifted.ts';
import { detectMediaType } from './magic.ts';

export type PictureValue = { lifted: Lifted } | { url: string };

/** Objects inside objects: `{image_url: {url}}`, `{source: {data}}`; deeper is not a picture. */
const MAX_DEPTH = 3;

/** Sound, film and drawings; blanks may stand anywhere in a header (Q39). */
export const FOREIGN_URI = /^\s*data\s*:\s*(?!\s|image\/(?!svg))/i;

const NAMES = [
  'inlineData',
  'inline_data',
  'image_url',
  'b64_json',
  'bytesBase64Encoded',
  'data',
  'base64',
  'b64',
  'image_base64',
  'result',
  'image',
  'source',
  'url',
  'fileUri',
  'file_uri',
  'uri',
];

export function readPictureValue(value: unknown, runs: LiftedRuns): PictureValue | undefined {
  return read(value, runs, 0);
}

function read(value: unknown, runs: LiftedRuns, depth: number): PictureValue | undefined {
  if (typeof value === 'string') return readString(value, runs);
  if (!isFields(value) || depth > MAX_DEPTH || isForeign(value)) return undefined;
  for (const name of NAMES) {
    const found = read(own(value, name), runs, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Sound and film are declared; a picture's declared type is not believed, but another kind's is (Q41). */
function isForeign(fields: Fields): boolean {
  const type = own(fields, 'mimeType', 'mime_type', 'media_type', 'type');
  return (
    typeof type === 'string' && /^(?:audio|video|input_audio|application|image\/svg)\b/i.test(type)
  );
}

function readString(text: string, runs: LiftedRuns): PictureValue | undefined {
  const lifted = runs.split(text).find((piece) => typeof piece !== 'string');
  if (lifted !== undefined) return FOREIGN_URI.test(text) ? undefined : { lifted };
  const link = text.trim();
  if (/^(?:https?:\/\/|gs:\/\/|\/[\w-])/i.test(link) && !/^\/9j\//.test(link)) {
    return { url: link.replaceAll('&amp;', '&') };
  }
  return readBase64(text, runs);
}

/** Short base64, which the lifter left in the text. */
function readBase64(text: string, runs: LiftedRuns): PictureValue | undefined {
  const header = /^\s*(?:data\s*:[^,]{0,120},|base64:\/\/)/i.exec(text)?.[0] ?? '';
  if (FOREIGN_URI.test(header)) return undefined;
  const { lifted, whole } = runs.decode(text.slice(header.length));
  // Without a header only what is all base64 and begins as a picture does is more than a word.
  if (header === '' && !(whole && detectMediaType(lifted.head) !== undefined)) return undefined;
  return { lifted };
}
