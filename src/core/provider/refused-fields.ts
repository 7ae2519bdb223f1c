/** Fields that a gateway refuses before work: left out at once, and the lasting ones from then on (Q70). */
import type { EaselError } from '../errors.ts';
import { isOptionalField, type OptionalField } from '../wire/without.ts';

export interface RefusedFields {
  /** What one request for this model leaves out from the start; it grows by `note`. */
  begin(model: string): Set<OptionalField>;
  /** True when the refusal named a field that is not left out yet: then it is worth asking again. */
  note(model: string, fields: Set<OptionalField>, refusal: EaselError): boolean;
}

/** A gateway that does not know these never will; of the others only a value was wrong, as in `1:8`. */
const LASTING: readonly OptionalField[] = [
  'sizing',
  'modalities',
  'streamUsage',
  'thoughts',
  'search',
  'stream',
];

export function createRefusedFields(): RefusedFields {
  const lasting = new Map<string, Set<OptionalField>>();
  return {
    begin: (model) => new Set(lasting.get(model)),
    note(model, fields, { code, billed, subject }) {
      if (code !== 'option-rejected' || billed !== 'no') return false;
      if (!isOptionalField(subject) || fields.has(subject)) return false;
      fields.add(subject);
      if (LASTING.includes(subject)) {
        lasting.set(model, new Set([...(lasting.get(model) ?? []), subject]));
      }
      return true;
    },
  };
}
