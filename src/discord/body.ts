/** What a message of ours holds, as REST takes it. */
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import type { RESTPatchAPIChannelMessageJSONBody as MessageBody } from 'discord.js';
import { FormData } from 'undici';
import { EXTENSIONS, type Picture } from '../core/index.ts';
import { SUPPRESS_EMBEDS } from './api.ts';
import { truncate } from './text.ts';

export interface Content {
  /** Markdown, at most 2,000 characters. */
  content: string;
  components: NonNullable<MessageBody['components']>;
  pictures?: Picture[];
  /** Alternative text of the pictures. */
  description?: string;
  isSpoiler?: boolean;
}

const DESCRIPTION_UNITS = 1024;

/** Nobody is ever pinged, by the model's words least of all. */
const PINGS_NOBODY = { parse: [], replied_user: false };

/**
 * The whole message: what is not named here is taken away by an edit. Pictures are read from their files as the
 * connection takes them, so no copy of them is in memory; a form can be sent again. `extra` is merged into the JSON.
 */
export async function bodyOf(
  { content, components, pictures = [], description = '', isSpoiler = false }: Content,
  extra: object = {},
): Promise<object | FormData> {
  const alt = description === '' ? {} : { description: truncate(description, DESCRIPTION_UNITS) };
  const names = pictures.map((picture, index) => nameOf(picture, index, isSpoiler));
  const message = {
    content,
    components,
    attachments: names.map((filename, id) => ({ id: String(id), filename, ...alt })),
    allowed_mentions: PINGS_NOBODY,
    flags: SUPPRESS_EMBEDS,
    ...extra,
  };
  if (pictures.length === 0) return message;
  const form = new FormData();
  form.append('payload_json', JSON.stringify(message));
  for (const [index, { path, mediaType }] of pictures.entries()) {
    form.append(`files[${index}]`, await openAsBlob(path, { type: mediaType }), names[index]);
  }
  return form;
}

/** A name of our own: nothing that a person or a model wrote gets into a header. */
function nameOf({ mediaType }: Picture, index: number, isSpoiler: boolean): string {
  return `${isSpoiler ? 'SPOILER_' : ''}easel-${index + 1}.${EXTENSIONS[mediaType]}`;
}

/** Makes Discord take a new message once, however often it is sent within some minutes; at most 25 characters. */
export function onlyOnce(): object {
  return { nonce: randomUUID().replaceAll('-', '').slice(0, 25), enforce_nonce: true };
}
