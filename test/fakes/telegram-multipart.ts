import { createHash } from 'node:crypto';

export interface UploadedFile {
  filename: string;
  bytes: Buffer;
  sha256: string;
}

export interface Fields {
  /** Parsed values: JSON where the text is an object or array, text otherwise (JSON bodies keep their types). */
  fields: Record<string, unknown>;
  files: Record<string, UploadedFile>;
}

/** Reads a request's body as the Bot API does: JSON, or multipart whose `attach://name` refer to parts. */
export function readFields(body: Buffer, contentType: string): Fields {
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(contentType)?.[1];
  if (boundary !== undefined) return readMultipart(body, boundary);
  const fields = body.length === 0 ? {} : JSON.parse(body.toString());
  return { fields, files: {} };
}

function readMultipart(body: Buffer, boundary: string): Fields {
  const result: Fields = { fields: {}, files: {} };
  const mark = Buffer.from(`--${boundary}`);
  let start = body.indexOf(mark) + mark.length;
  while (body.toString('latin1', start, start + 2) !== '--') {
    const end = body.indexOf(mark, start);
    if (end < 0) throw new Error('multipart body without its end');
    // Each part stands between CRLFs that belong to the marks.
    readPart(body.subarray(start + 2, end - 2), result);
    start = end + mark.length;
  }
  return result;
}

function readPart(part: Buffer, { fields, files }: Fields): void {
  const split = part.indexOf('\r\n\r\n');
  const head = part.toString('utf8', 0, split);
  const bytes = Buffer.from(part.subarray(split + 4));
  const name = /[;\s]name="([^"]*)"/.exec(head)?.[1] ?? '';
  const filename = /filename="?([^"\r\n]*)"?/.exec(head)?.[1];
  if (filename === undefined) fields[name] = parseValue(bytes.toString());
  else files[name] = { filename, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Multipart values are texts: numbers, flags and objects as JSON. A caption stays a text. */
function parseValue(text: string): unknown {
  if (!/^(-?\d+|true|false|[[{].*[\]}])$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
