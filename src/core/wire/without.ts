/** A request without the fields that a gateway refused (Q70); what can be said in words is said so. */
import type { ChatStyle, WireInput } from './types.ts';

/** Fields that a request can do without; the `subject` of an `option-rejected` names one. */
export const OPTIONAL_FIELDS = [
  'aspectRatio',
  'size',
  'sizing',
  'quality',
  'count',
  'modalities',
  'streamUsage',
  'thoughts',
  'search',
  'stream',
] as const;
export type OptionalField = (typeof OPTIONAL_FIELDS)[number];

export function isOptionalField(name: string | undefined): name is OptionalField {
  return OPTIONAL_FIELDS.some((field) => field === name);
}

export function withoutFields(
  input: WireInput,
  style: ChatStyle,
  refused: ReadonlySet<OptionalField>,
): { input: WireInput; style: ChatStyle } {
  return {
    input: {
      ...withoutSizing(input, refused),
      ...(refused.has('count') ? { count: 1 } : {}),
      ...(refused.has('thoughts') ? { thoughts: false } : {}),
      ...(refused.has('search') ? { search: false } : {}),
      ...(refused.has('stream') ? { stream: false } : {}),
    },
    style: {
      ...style,
      modalities: style.modalities && !refused.has('modalities'),
      streamUsage: style.streamUsage && !refused.has('streamUsage'),
    },
  };
}

function withoutSizing(input: WireInput, refused: ReadonlySet<OptionalField>): WireInput {
  const { aspectRatio, size, ...rest } = input;
  const noPlace = refused.has('sizing');
  const ratioGoes = noPlace || refused.has('aspectRatio');
  const sizeGoes = noPlace || refused.has('size') || refused.has('quality');
  return {
    ...sayMore(rest, sizeInWords(ratioGoes ? aspectRatio : undefined, sizeGoes ? size : undefined)),
    ...(aspectRatio === undefined || ratioGoes ? {} : { aspectRatio }),
    ...(size === undefined || sizeGoes ? {} : { size }),
  };
}

function sayMore(input: WireInput, text: string): WireInput {
  const last = input.messages.at(-1);
  if (text === '' || last === undefined) return input;
  const said = { ...last, parts: [...last.parts, { type: 'text' as const, text }] };
  return { ...input, messages: [...input.messages.slice(0, -1), said] };
}

/** Ratio and size for a gateway that has no field for them. */
export function sizeInWords(
  aspectRatio: WireInput['aspectRatio'],
  size: WireInput['size'],
): string {
  return [aspectRatio ? `Aspect ratio: ${aspectRatio}.` : '', size ? `Resolution: ${size}.` : '']
    .filter((sentence) => sentence !== '')
    .join(' ');
}
