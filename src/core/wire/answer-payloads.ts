import type { Answer, Payload } from './types.ts';

/** Every payload that an answer holds: its pictures and its signatures; one may occur twice. */
export function payloadsOf({ pictures, parts }: Pick<Answer, 'pictures' | 'parts'>): Payload[] {
  return [...pictures, ...parts].flatMap((holder) => [
    ...('payload' in holder ? [holder.payload] : []),
    ...('signature' in holder && typeof holder.signature === 'object' ? [holder.signature] : []),
  ]);
}
