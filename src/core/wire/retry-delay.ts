/** How long a gateway asks to wait, in every spelling that was met. */

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds from a `Retry-After` header: seconds or an HTTP date, never below 0. Undefined for anything else, since
 * garbage read as "now" would make a tight loop.
 */
export function parseRetryAfter(
  header: string | string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse takes nearly anything ("-1" is a date in 2001), so the shape is checked first.
  if (!/^[A-Z][a-z]{2,8}, .+ GMT$/.test(text)) return undefined;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

/** Milliseconds from a protobuf duration (`"34.4s"`, `{seconds, nanos}`) or a plain number of seconds. */
export function retryDelayMs(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined;
  if (typeof value === 'string') return /^\d/.test(value) ? sumOfUnits(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = new Map<string, unknown>(Object.entries(value));
  const seconds = Number(parts.get('seconds') ?? 0);
  const nanos = Number(parts.get('nanos') ?? 0);
  const delayMs = Math.round(seconds * 1000 + nanos / 1e6);
  return parts.size > 0 && Number.isFinite(delayMs) && delayMs >= 0 ? delayMs : undefined;
}

/** Milliseconds from words: "retry in 34.4s", "try again in 1m30s", "30秒后重试". */
export function retryDelayMsInText(text: string): number | undefined {
  const english = /(?:retry|again|wait)\s(?:in|after|for)?\s?((?:\d[\d.]*\s?[a-z]{1,7}\s?){1,3})/i;
  const wait = english.exec(text)?.[1] ?? /(\d[\d.]* ?)秒/.exec(text)?.[1]?.concat('s');
  return wait === undefined ? undefined : sumOfUnits(wait);
}

function sumOfUnits(text: string): number | undefined {
  const units = [...text.matchAll(/(\d+(?:\.\d+)?)\s?(ms|s|m|h)(?:ec|in|our)?/gi)];
  if (units.length === 0) return undefined;
  return Math.round(
    units.reduce((sum, [, count, unit]) => {
      return sum + Number(count) * (UNIT_MS[unit?.toLowerCase() ?? ''] ?? 0);
    }, 0),
  );
}
