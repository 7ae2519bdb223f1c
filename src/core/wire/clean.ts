/** The gateway's own words, made fit for a person: no secrets, no base64, no HTML, no tricks with text direction. */

/** UTF-16 units of a detail, as the design promises people. */
const MAX_UNITS = 300;

/** More than this of an answer's words is never read; 300 units of prose stand well within it. */
const MAX_READ = 16_384;

const HIDDEN = '…';

/** Applied in order, each linear: no pattern can run over the same letters twice. */
const RULES: readonly [RegExp, string | ((match: string) => string)][] = [
  // Invisible letters go first, since they could split a key in two.
  [/[\p{Cf}\p{Co}]/gu, ''],
  [/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' '],
  [/[([（【]?\s?(?:request|trace|req)[ _-]?id\s?[:=：]?\s?[\w-]{6,}\s?[)\]）】]?/gi, ''],
  [/\bdata:[a-z]+\/[^\s"'<>)\]]*/gi, HIDDEN],
  [/<[a-z!/?][^<>]*(?:>|$)/gi, ' '],
  [/\b[a-z][a-z0-9+.-]{1,11}:\/\/[^\s"'<>`]+/gi, bareUrl],
  [/\b(?:bearer|basic)\s+[\w.~+/=*-]{6,}/gi, HIDDEN],
  [/\b(?:sk|pk|rk|ak|gsk|xai|hf|key|fk)[-_][\w.*-]{6,}/gi, HIDDEN],
  [/\bAIza[\w*-]{6,}/g, HIDDEN],
  [/\b(?:bot)?\d{6,12}:[\w-]{20,}/gi, HIDDEN],
  [/\b[\w-]{17,}\.[\w-]{5,}\.[\w-]{17,}/g, HIDDEN],
  [/\b(?:key|token|secret|password)["']?\s*[:=]\s*["']?[^\s"',;)]{8,}/gi, hideValue],
  [/[\w+/=-]{20,}/g, (run) => (looksSecret(run) ? HIDDEN : run)],
  [/…\s+[A-Za-z0-9+/]*={1,2}(?![\w=])/g, HIDDEN],
];

/** At most 300 UTF-16 units of plain words, whitespace folded; empty when nothing is fit to show. */
export function cleanDetail(text: string): string {
  const read = readable(text).toWellFormed();
  const cleaned = RULES.reduce(applyRule, read).replace(/\s+/g, ' ').trim();
  return cut(cleaned);
}

function applyRule(text: string, [pattern, replacement]: (typeof RULES)[number]): string {
  return typeof replacement === 'string'
    ? text.replace(pattern, replacement)
    : text.replace(pattern, (match) => replacement(match));
}

/** The start of the words, or the title of a page; a word cut by the limit is left out, for it could be half a key. */
function readable(text: string): string {
  const start = text.slice(0, MAX_READ);
  if (/^\s*<(?:!doctype|html|head|\?xml)/i.test(start)) return pageTitle(start);
  return text.length > MAX_READ ? start.replace(/\S+$/, '') : start;
}

function pageTitle(page: string): string {
  const lower = page.toLowerCase();
  const open = lower.indexOf('>', lower.indexOf('<title'));
  const close = lower.indexOf('</title', open);
  return lower.includes('<title') && close > open ? page.slice(open + 1, close) : '';
}

/** Address without credentials, query and fragment. */
function bareUrl(url: string): string {
  const [address = ''] = url.split(/[?#]/, 1);
  return address.replace(/^([^/]*\/\/)[^/]*@/, '$1');
}

function hideValue(pair: string): string {
  const at = pair.search(/[:=]/) + 1;
  const value = pair.slice(at);
  return /\d/.test(value) ? `${pair.slice(0, at)} ${HIDDEN}` : pair;
}

/** Ids of models and codes are words between dashes; a key or base64 has one long stretch, or mixes all kinds. */
function looksSecret(run: string): boolean {
  if (run.split(/[-_/=]/).some((stretch) => stretch.length >= 24)) return true;
  return run.length >= 32 && /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

function cut(text: string): string {
  if (text.length <= MAX_UNITS) return text;
  return `${text.slice(0, MAX_UNITS - 1).replace(/[\uD800-\uDBFF]$/, '')}${HIDDEN}`;
}
