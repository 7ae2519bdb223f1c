/** Finds a gateway's error in any of the envelopes that gateways use. Never throws, whatever it is given. */
import { cleanDetail } from './clean.ts';
import {
  delayIn,
  field,
  firstText,
  MAX_ENTRIES,
  MAX_WORDS,
  numericCode,
  tagsOf,
} from './error-fields.ts';
import { type Fields, isFields, listOf, own } from './json.ts';
import { retryDelayMsInText } from './retry-delay.ts';
import type { GatewayError } from './types.ts';

/** Envelopes within envelopes: a relay of a relay of Google. */
const MAX_DEPTH = 3;

/** Keys that mean "this is an answer", so that a `message` beside them is no complaint. */
const ANSWER_KEYS = [
  'choices',
  'candidates',
  'output',
  'predictions',
  'images',
  'promptFeedback',
  'usageMetadata',
  'b64_json',
];
const FINE_WORDS =
  /^(?:ok|okay|success|succeeded|successful|done|completed?|成功|操作成功|提交成功|0|200)$/i;
const FINE_STATES =
  /^(?:ok|success|succeeded|completed?|queued|pending|submitted|processing|running|in_progress|not_start)$/i;

/**
 * The error in a parsed answer or stream event, or undefined where it is none. Only the envelope is read: named wrappers
 * to a depth of 3, lists, and JSON inside the message.
 */
export function findError(value: unknown): GatewayError | undefined {
  return find(value, 0);
}

function find(value: unknown, depth: number): GatewayError | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === 'string') return fromBareString(value, depth);
  if (Array.isArray(value)) return firstIn(value, depth);
  if (!isFields(value)) return undefined;
  return fromErrorKey(value, depth) ?? fromWrapper(value, depth) ?? fromLooseKeys(value, depth);
}

function firstIn(list: readonly unknown[], depth: number): GatewayError | undefined {
  for (const entry of list.slice(0, MAX_ENTRIES)) {
    // A bare string in a list is a value, and only a whole body that is a string is a complaint.
    const found = typeof entry === 'string' ? undefined : find(entry, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** A body that is one JSON string (gemini-balance), unless it is the end mark, a picture or a link. */
function fromBareString(text: string, depth: number): GatewayError | undefined {
  const trimmed = text.slice(0, MAX_WORDS).trim();
  if (trimmed === '' || /^(?:\[?\s*done\s*\]?$|data:|https?:)/i.test(trimmed)) return undefined;
  return fromNestedJson(trimmed, depth) ?? errorOf({ message: trimmed }, {}, depth);
}

/** `error` as an object, a list, a text or a mere `true`. */
function fromErrorKey(fields: Fields, depth: number): GatewayError | undefined {
  const error = own(fields, 'error');
  if (typeof error === 'string' && error.trim() !== '') {
    return errorOf({ message: error }, fields, depth);
  }
  if (Array.isArray(error)) return firstIn(error, depth);
  if (isFields(error) && Object.keys(error).length > 0) return errorOf(error, fields, depth);
  if (error === true || own(fields, 'object') === 'error' || own(fields, 'type') === 'error') {
    return errorOf(fields, {}, depth);
  }
  return undefined;
}

function fromWrapper(fields: Fields, depth: number): GatewayError | undefined {
  const response = own(fields, 'response');
  if (isFields(response)) return find(response, depth + 1);
  const header = own(fields, 'header');
  if (isFields(header)) return fromLooseKeys(header, depth + 1);
  for (const inner of ['data', 'body', 'result'].map((key) => own(fields, key))) {
    if (field(inner, 'error') !== undefined) return find(inner, depth + 1);
  }
  const choices = listOf(own(fields, 'choices')).slice(0, MAX_ENTRIES);
  const failed = choices.find((choice) => field(choice, 'error') !== undefined);
  return failed === undefined ? undefined : find(failed, depth + 1);
}

/** `{message}`, `{code,msg}`, `{success:false}`, `{detail}` and their kin, where nothing says that all is well. */
function fromLooseKeys(fields: Fields, depth: number): GatewayError | undefined {
  if (ANSWER_KEYS.some((key) => own(fields, key) !== undefined)) return undefined;
  if (isFine(fields)) return undefined;
  const found = errorOf(fields, {}, depth);
  const failed = own(fields, 'success') === false || (found.code ?? 0) >= 400;
  return failed || found.message !== '' ? found : undefined;
}

function isFine(fields: Fields): boolean {
  if (own(fields, 'success') === false || (numericCode(fields) ?? 0) >= 400) return false;
  const code = own(fields, 'code');
  const state = own(fields, 'status');
  const words = firstText(fields);
  return (
    own(fields, 'success') === true ||
    FINE_WORDS.test(String(typeof code === 'number' || typeof code === 'string' ? code : '')) ||
    (typeof state === 'string' && FINE_STATES.test(state)) ||
    FINE_WORDS.test(words) ||
    Array.isArray(own(fields, 'data'))
  );
}

function errorOf(error: Fields, around: Fields, depth: number): GatewayError {
  const said = firstText(error) || firstText(around);
  const raw = field(own(error, 'metadata'), 'raw');
  const inner = innerError(error, depth) ?? fromNestedJson(said, depth);
  const message = cleanDetail(inner?.message || (typeof raw === 'string' && raw) || said);
  const code = inner?.code ?? numericCode(error) ?? numericCode(around);
  const retryAfterMs = inner?.retryAfterMs ?? delayIn(error) ?? retryDelayMsInText(said);
  return {
    message,
    tags: cleanDetail([...tagsOf(error), inner?.tags ?? ''].join(' ')),
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The cause that a relay passes on: as JSON text in `metadata.raw`, or as an error within the error. */
function innerError(error: Fields, depth: number): GatewayError | undefined {
  const raw = jsonIn(field(own(error, 'metadata'), 'raw'));
  if (raw !== undefined) return find(raw, depth + 1);
  return depth < MAX_DEPTH ? fromErrorKey({ error: own(error, 'error') }, depth + 1) : undefined;
}

function fromNestedJson(text: string, depth: number): GatewayError | undefined {
  const value = jsonIn(text);
  return value === undefined ? undefined : find(value, depth + 1);
}

/** JSON that starts somewhere in a text: relays put words before it. */
function jsonIn(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > MAX_WORDS) return undefined;
  const start = text.search(/[{[]\s*["{]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    return undefined;
  }
}
