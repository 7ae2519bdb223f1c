/** Reads one error object's fields: words, tags, code and delay. Wrong types count as missing. */
import { type Fields, isFields, listOf, own } from './json.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Entries of a list that are looked at. */
export const MAX_ENTRIES = 16;
/** Characters of a message that are looked at, for JSON inside it and for cleaning. */
export const MAX_WORDS = 65_536;

const MESSAGE_KEYS = [
  'message',
  'msg',
  'err',
  'error_msg',
  'error_message',
  'errmsg',
  'detail',
  'description',
  'fail_reason',
  'title',
];

/** The first words under a known key; FastAPI's `detail` is a list of objects with `msg`. */
export function firstText(fields: Fields): string {
  for (const key of MESSAGE_KEYS) {
    const value = field(fields, key);
    const entry = Array.isArray(value) ? value[0] : value;
    const text = isFields(entry) ? own(entry, 'message', 'msg') : entry;
    if (typeof text === 'string' && text.trim() !== '') return text.slice(0, MAX_WORDS);
  }
  return '';
}

/** `code`, `type`, `status` and reasons as sent; `param=…` names the field at fault. */
export function tagsOf(error: Fields): string[] {
  const metadata = field(error, 'metadata');
  const param = field(error, 'param');
  const values = ['code', 'type', 'status', 'reason'].map((key) => field(error, key));
  const reasons = detailsOf(error).map((detail) => field(detail, 'reason'));
  return [
    ...[...values, ...reasons].filter((value) => typeof value === 'string'),
    ...(typeof param === 'string' && param !== '' ? [`param=${param}`] : []),
    ...(field(metadata, 'flagged_input') === undefined && field(metadata, 'reasons') === undefined
      ? []
      : ['moderation']),
  ];
}

/** A whole number under the keys that gateways use for a status. */
export function numericCode(fields: Fields): number | undefined {
  for (const key of ['code', 'status', 'error_code', 'statusCode']) {
    const value = field(fields, key);
    const code = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
    if (typeof code === 'number' && Number.isInteger(code)) return code;
  }
  return undefined;
}

/** Google's RetryInfo, or `retry_after` in seconds. */
export function delayIn(error: Fields): number | undefined {
  for (const detail of detailsOf(error)) {
    const delay = retryDelayMs(field(detail, 'retryDelay') ?? field(detail, 'retry_delay'));
    if (delay !== undefined) return delay;
  }
  return retryDelayMs(field(error, 'retry_after'));
}

function detailsOf(error: Fields): readonly unknown[] {
  return listOf(field(error, 'details')).slice(0, MAX_ENTRIES);
}

/** A field of anything: undefined unless `value` is an object that has it and it is not null. */
export function field(value: unknown, key: string): unknown {
  return isFields(value) ? own(value, key) : undefined;
}
