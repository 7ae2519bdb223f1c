import { DiscordFailure } from './discord-failure.ts';
import { readFields, type UploadedFile } from './telegram-multipart.ts';

export type Values = Record<string, unknown>;

/** A file of a request, with what `attachments[]` says of it. */
export interface DiscordUpload extends UploadedFile {
  /** The `n` of `files[n]`. */
  index: string;
  /** Alternative text. */
  description?: string;
  /** What a person's app declares; bots cannot. */
  contentType?: string | undefined;
  size?: number | undefined;
}

export interface DiscordBody {
  body: Values;
  files: DiscordUpload[];
}

/** Reads a request's body: JSON, or multipart with `payload_json` and `files[n]`. */
export function readBody(bytes: Buffer, contentType: string): DiscordBody {
  const isForm = contentType.startsWith('multipart/form-data');
  const { fields, files } = parse(bytes, contentType);
  const body = (isForm ? (fields.payload_json ?? {}) : fields) as Values;
  const data = (body.data ?? body) as { attachments?: { id: unknown; description?: string }[] };
  const uploads = Object.entries(files).map(([name, file]) => {
    const index = /^files\[(\d+)\]$/.exec(name)?.[1] ?? name;
    const about = data.attachments?.find(({ id }) => String(id) === index);
    return { ...file, index, ...(about?.description && { description: about.description }) };
  });
  return { body, files: uploads };
}

function parse(bytes: Buffer, contentType: string) {
  try {
    return readFields(bytes, contentType);
  } catch {
    throw new DiscordFailure(50_109);
  }
}
