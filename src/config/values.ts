/**
 * How one value of the environment is read. Each description completes the sentence "expected …" in the start-up
 * error, which never shows a value; zod's own messages are not used.
 */
import { z } from 'zod';
import { LANGUAGES, type Language } from '../core/job/words.ts';
import { normaliseBaseUrl } from '../core/provider/presets.ts';
import { DIALECTS } from '../core/wire/types.ts';

/** pino's names, without `fatal`, which nothing here logs. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Never forwarded by a client, or computed from the body (RFC 9110 section 7.6.1); undici refuses most of them late. */
const FORBIDDEN_HEADERS =
  /^(connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const HEADER_VALUE = /^[\x20-\x7e\xa0-\xff]+$/;

function parseUrl(text: string, schemes: string[]): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && schemes.includes(url.protocol) && url.host !== '' ? url : undefined;
}

function isPlainWebUrl(text: string): boolean {
  const url = parseUrl(text, ['http:', 'https:']);
  return url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
}

function isUrlWithPassword(text: string, schemes: string[]): boolean {
  const url = parseUrl(text, schemes);
  // A lone % in a password would throw where the password is needed.
  return url !== undefined && !/%(?![0-9a-f]{2})/i.test(url.username + url.password);
}

function splitList(text: string, separator = ','): string[] {
  return text
    .split(separator)
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function list(entry: RegExp) {
  return z
    .string()
    .transform((text) => splitList(text))
    .pipe(z.array(z.string().regex(entry)));
}

function integer(min: number, max: number, fallback: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(fallback)
    .describe(`a whole number from ${min} to ${max}`);
}

/** `host:port` in lower case; the port is never implied, so that a trusted host opens no other service beside it. */
function parseHosts(text: string): string[] | undefined {
  const hosts = splitList(text).map((entry) => entry.toLowerCase());
  const isHost = (host: string) => {
    const port = Number(/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\]):(\d{1,5})$/.exec(host)?.[1]);
    return port >= 1 && port <= 65_535 && URL.canParse(`http://${host}`);
  };
  return hosts.every(isHost) ? hosts : undefined;
}

function parseHeaders(text: string): Record<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const pair of splitList(text, ';')) {
    const colon = pair.indexOf(':');
    const name = pair.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = pair.slice(colon + 1).trim();
    if (!HEADER_NAME.test(name) || FORBIDDEN_HEADERS.test(name) || headers.has(name))
      return undefined;
    if (!HEADER_VALUE.test(value)) return undefined;
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

/** US dollars by model; a digit too many is surely a slip. */
function parsePrices(text: string): Record<string, number> | undefined {
  const prices = new Map<string, number>();
  for (const entry of splitList(text)) {
    const [, model = '', dollars] =
      /^([^\s=;]{1,200}) *= *(\d{1,4}(?:\.\d{1,6})?)$/.exec(entry) ?? [];
    if (dollars === undefined || prices.has(model)) return undefined;
    prices.set(model, Number(dollars));
  }
  return Object.fromEntries(prices);
}

/**
 * Ours is `en`, `zh` or `ja`, but gettext has a variable of the same name (`de_CH:de`), set on many desktops: from
 * such a list the first language that we speak is taken, and none is no reason not to start.
 */
function parseLanguage(text: string): Language | undefined {
  const primaries = text.split(':').map((tag) => tag.toLowerCase().split(/[-_.@]/, 1)[0]);
  const spoken = primaries.flatMap((primary) => LANGUAGES.filter((known) => known === primary));
  return spoken[0] ?? (/[_:.]/.test(text) ? 'en' : undefined);
}

/** A string schema for what `parse` understands: it gives undefined for what it does not. */
function parsed<T>(parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue('not understood');
    return z.NEVER;
  });
}

const WEB_URL = 'an http(s) URL without user name, password, ?query and #fragment';
const webUrl = z
  .string()
  .refine(isPlainWebUrl)
  .transform((url) => url.replace(/\/+$/, ''))
  .optional()
  .describe(WEB_URL);

/** Ids as `Person.id` carries them. */
const userIds = list(/^(telegram|discord):\d+$/)
  .default([])
  .describe('ids such as telegram:123,discord:456');

/** Every variable that has one fixed name, in the order of `.env.example`. */
export const SETTINGS = z.object({
  // The part before the colon is the bot's own user id.
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/)
    .optional()
    .describe('a token as @BotFather gives it, digits:letters'),
  TELEGRAM_API_ROOT: webUrl,
  TELEGRAM_WEBHOOK_URL: webUrl,
  // setWebhook's `secret_token`: 1-256 of these characters.
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/)
    .optional()
    .describe('1 to 256 of the characters A-Z, a-z, 0-9, _ and -'),
  DISCORD_BOT_TOKEN: z
    .string()
    .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    .optional()
    .describe("the bot's token from the developer portal, three parts with dots"),
  DISCORD_API_ROOT: webUrl,
  // Discord gives large bots some dozens.
  DISCORD_SHARDS: z
    .string()
    .regex(/^(auto|[1-9]\d{0,2})$/)
    .transform((text) => (text === 'auto' ? text : Number(text)))
    .default('auto')
    .describe('auto, or a whole number from 1 to 999'),
  PROVIDERS: list(/^[a-z0-9-]+$/)
    .refine((names) => names.length > 0 && new Set(names).size === names.length)
    .default(['sandbox'])
    .describe('names of lower-case letters, digits and hyphens, with commas, each once'),
  PRICES: parsed(parsePrices)
    .default({})
    .describe('model=dollars pairs with commas, each model once, * for any other model'),
  DATA_DIR: z.string().default('./data').describe('a folder'),
  STORE_URL: z
    .string()
    .refine((text) => text === 'sqlite:' || isUrlWithPassword(text, ['redis:', 'rediss:']))
    .default('sqlite:')
    .describe('sqlite: or redis://host:port or rediss://host:port'),
  // Ten years; more than that is 0.
  RETENTION_DAYS: integer(0, 3650, 180),
  TRUSTED_HOSTS: parsed(parseHosts).default([]).describe('host:port with commas, IPv6 in brackets'),
  ALLOWED_USERS: userIds,
  // Telegram's groups have negative ids.
  ALLOWED_CHATS: list(/^(telegram:-?|discord:)\d+$/)
    .default([])
    .describe('ids such as telegram:-100123,discord:456'),
  ADMINS: userIds,
  DAILY_IMAGES_PER_USER: integer(0, 100_000, 0),
  CONCURRENCY: integer(1, 256, 8),
  USER_CONCURRENCY: integer(1, 256, 2),
  TIMEOUT_SECONDS: integer(1, 3600, 300),
  MAX_IMAGE_MB: integer(1, 100, 20),
  GRACE_SECONDS: integer(0, 3600, 25),
  HTTP_HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .default('127.0.0.1')
    .describe('an address or a host name without port'),
  HTTP_PORT: integer(0, 65_535, 8787),
  HTTPS_PROXY: z
    .string()
    .refine((text) => isUrlWithPassword(text, ['http:', 'https:', 'socks5:']))
    .optional()
    .describe('an http, https or socks5 URL'),
  NO_PROXY: z.string().optional().describe('host names with commas'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe(LOG_LEVELS.join(', ')),
  LANGUAGE: parsed(parseLanguage).default('en').describe(LANGUAGES.join(', ')),
});

export type Settings = z.output<typeof SETTINGS>;

/** Every variable that a provider has, by what follows `<NAME>_`. */
export const PROVIDER_SETTINGS = z.object({
  // Visible ASCII: whatever else would make no header, and is a placeholder or a wrong copy.
  API_KEY: list(/^[\x21-\x7e]+$/)
    .refine((keys) => keys.length > 0)
    .transform((keys) => [...new Set(keys)])
    .describe('one key, or several with commas'),
  BASE_URL: z.string().refine(isPlainWebUrl).transform(normaliseBaseUrl).describe(WEB_URL),
  MODEL: z
    .string()
    .regex(/^\S{1,200}$/)
    .describe('a model id as the gateway spells it'),
  DIALECT: z.enum(DIALECTS).describe(DIALECTS.join(', ')),
  HEADERS: parsed(parseHeaders)
    .default({})
    .describe(
      '"name: value" pairs with ; between, without host, content-length and connection headers',
    ),
});
