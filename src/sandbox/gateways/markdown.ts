import type { Content, Painted } from '../types.ts';

/** `data:<type>;base64,<data>`. */
export function toDataUri({ mediaType, base64 }: Painted): string {
  return `data:${mediaType};base64,${base64}`;
}

/** Each picture as one markdown image, a link where there is one; the alt text is new-api's. */
export function toMarkdown({ pictures, links }: Content): string[] {
  return pictures.map((picture, index) => `![image](${links?.[index] ?? toDataUri(picture)})`);
}
