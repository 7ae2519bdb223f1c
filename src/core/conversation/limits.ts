/** What fits into one request. */
import type { Message, Part } from '../wire/types.ts';

/** Reference pictures that the Gemini 3 image models take in one prompt (Google's image generation guide). */
const MAX_PICTURES = 14;
/**
 * Bytes of pictures and signatures. The Gemini API takes requests of 20 MB with everything in them, and base64 makes four
 * of three: 19.3 MB, which leaves the rest for words.
 */
export const MAX_BYTES = 14_500_000;
/** One picture as it lies (Google's limit for an inline file on Vertex). */
export const MAX_PICTURE_BYTES = 7_000_000;
/** Earlier words that a collapsed path may bring along. */
export const MAX_HISTORY_CHARACTERS = 4_000;
/** Turns of a path that are looked at. */
export const MAX_TURNS = 50;

export interface Weight {
  pictures: number;
  bytes: number;
}

export function weigh(messages: readonly Message[]): Weight {
  const parts = messages.flatMap((message) => message.parts);
  return {
    pictures: parts.filter(({ type }) => type === 'image').length,
    bytes: parts.reduce((sum, part) => sum + bytesOf(part), 0),
  };
}

export function fits({ pictures, bytes }: Weight): boolean {
  return pictures <= MAX_PICTURES && bytes <= MAX_BYTES;
}

function bytesOf(part: Part): number {
  const data = part.type === 'image' ? part.data.length : 0;
  return data + (part.signature?.length ?? 0);
}
