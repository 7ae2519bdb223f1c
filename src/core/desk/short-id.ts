import { createHash } from 'node:crypto';

/** 12 letters of base64url, 72 bits: fits into a button, and does not say what it stands for. */
export function shortId(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
