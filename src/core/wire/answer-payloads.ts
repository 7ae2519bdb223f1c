import type { Answer, Payload } from './types.ts';

type Holders = Pick<Answer, 'pictures' | 'parts'>;

/** Every payload that an answer holds: its pictures and its signatures; one may occur twice. */
export function payloadsOf(answer: Holders): Payload[] {
  const holders = [...answer.pictures, ...answer.parts];
  const pictures = holders.flatMap((holder) => ('payload' in holder ? [holder.payload] : []));
  return [...pictures, ...signaturesOf(answer)];
}

/** Those of its signatures that are payloads. */
export function signaturesOf({ pictures, parts }: Holders): Payload[] {
  return [...pictures, ...parts].flatMap((holder) =>
    'signature' in holder && typeof holder.signature === 'object' ? [holder.signature] : [],
  );
}
