/** Takes out of a text what must not be seen: known secrets in every spelling, and what looks like one. */

/** What takes a secret's place. */
const GONE = '[...]';

/** Shorter ones are no secrets, and taking them out would garble every line. */
const MIN_SECRET_LENGTH = 6;

/** What nobody named. Each is linear in the text: no match can begin inside one that failed. */
const PATTERNS: [RegExp, string][] = [
  // Telegram's method and file addresses.
  [/bot\d+(?::|%3A)[\w-]+/gi, `bot${GONE}`],
  [/\b(bearer)(?: |\+|%20){1,9}[\w.~+/=-]{8,}/gi, `$1 ${GONE}`],
  [/([?&](?:[\w-]*(?:key|token)|sig|signature)=)[^&\s"'\\#]+/gi, `$1${GONE}`],
  // Base64 of pictures and signatures, also in lines, URL-encoded or with JSON's escaped slashes.
  [/(?<![\w+/\\%\r\n-])[\w+/\\%\r\n-]{201,}={0,2}/g, GONE],
];

/** C1 and DEL, soft hyphen, zero-width, separators and bidi controls; JSON itself escapes the controls below them. */
const INVISIBLE =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A function that scrubs a text, in time linear in its length. */
export function createScrubber(secrets: string[]): (text: string) => string {
  const long = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  // Longest first: one form may be the beginning of another.
  const forms = [...new Set(long.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of forms) clean = clean.replaceAll(form, GONE);
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    return clean.replace(INVISIBLE, escapeCharacter);
  };
}

/** A secret as it is, as JSON spells it, in a URL, and inside base64. */
function formsOf(secret: string): string[] {
  const inUrl = encodeURIComponent(secret);
  const inLowerCase = inUrl.replace(/%../g, (code) => code.toLowerCase());
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inUrl, inLowerCase, ...base64FormsOf(secret)];
}

/** The base64 characters that a secret alone decides, for each of the three places where it can begin in a longer text. */
function base64FormsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const own = text.slice(Math.ceil((offset * 8) / 6), end);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
