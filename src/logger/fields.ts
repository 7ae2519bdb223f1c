/** Log fields as plain data: errors as their facts, bytes as their number, long and deep things cut. */

/** Where a field stops being read: enough for facts, too little for an answer. */
const MAX_DEPTH = 4;
const MAX_ITEMS = 50;
const MAX_TEXT = 1000;

type Scrub = (text: string) => string;

/** The fields as JSON can hold them, every text (names, too) scrubbed before it is cut. */
export function cleanFields(fields: object, scrub: Scrub): object {
  return fields instanceof Error
    ? { error: describeError(fields, scrub, 1) }
    : cleanEntries(fields, scrub, 1);
}

function cleanEntries(fields: object, scrub: Scrub, depth: number): object {
  const entries = Object.entries(fields).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([name, value]) => [scrub(name), cleanValue(value, scrub, depth)]),
  );
}

function cleanValue(value: unknown, scrub: Scrub, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value, scrub);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || value instanceof URL) return cleanText(String(value), scrub);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return describeError(value, scrub, depth);
  if (!Array.isArray(value)) return cleanEntries(value, scrub, depth + 1);
  return value.slice(0, MAX_ITEMS).map((item) => cleanValue(item, scrub, depth + 1));
}

/** Facts only: a library's error may carry the request, with its headers, and the body of the answer. */
function describeError(error: Error, scrub: Scrub, depth: number): object {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const { name, message, stack, cause } = error;
  return {
    name,
    code,
    message: cleanText(message, scrub),
    // A code says where it comes from. An error without one is our own mistake, and its place is all there is.
    at: code === undefined ? cleanValue(framesOf(stack), scrub, depth) : undefined,
    cause: cause instanceof Error ? cleanValue(cause, scrub, depth + 1) : undefined,
  };
}

function framesOf(stack = ''): string[] {
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  return frames.map((line) => line.trim());
}

function cleanText(text: string, scrub: Scrub): string {
  const clean = scrub(text);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean;
}
