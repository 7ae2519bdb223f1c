import type { StoredFile } from '../image/picture-store.ts';
import type { Turn } from './turn.ts';

/** Every file that a turn cannot do without; one may occur twice. */
export function filesOf({ inputs, pictures, parts = [] }: Turn): StoredFile[] {
  const signatures = parts.flatMap(({ signature }) =>
    signature !== undefined && 'file' in signature ? [signature] : [],
  );
  return [...inputs, ...pictures, ...signatures];
}
