/** JSON as it arrives: one value, several in a row, or one that was cut off. */

/** Any object, read without trusting it. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property, so that a key such as `constructor` never reaches a prototype. */
export function own(fields: Fields, ...names: string[]): unknown {
  for (const name of names) {
    const value = fields[name];
    // Most are absent, which needs no second look.
    if (value !== undefined && value !== null && Object.hasOwn(fields, name)) return value;
  }
  return undefined;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export interface JsonValues {
  values: unknown[];
  /** Something was left that is no whole value. */
  truncated: boolean;
}

/** Every whole value of `text`, which may hold several back to back (Q65) or end in the middle of one. Linear. */
export function readJson(text: string): JsonValues {
  const whole = parse(text);
  if (whole !== undefined) return { values: [whole.value], truncated: false };
  const values: unknown[] = [];
  let rest = 0;
  for (const [start, stop] of spans(text)) {
    const piece = parse(text.slice(start, stop));
    if (piece !== undefined) values.push(piece.value);
    rest = stop;
  }
  return { values, truncated: text.slice(rest).trim() !== '' };
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Where top-level objects and arrays begin and end. */
function* spans(text: string): Generator<[number, number]> {
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22 && depth > 0) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) {
      if (depth === 0) start = at;
      depth += 1;
    } else if ((code === 0x7d || code === 0x5d) && depth > 0) {
      depth -= 1;
      if (depth === 0) yield [start, at + 1];
    }
  }
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22)
    at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
