/** The environment as a `Config`. The only file that reads `process.env`. */
import type { z } from 'zod';
import { secretsOf } from './config/secrets.ts';
import { findMeant } from './config/typos.ts';
import { type LogLevel, PROVIDER_SETTINGS, SETTINGS, type Settings } from './config/values.ts';
import type { Language } from './core/job/words.ts';
import { PRESETS, type ProviderSettings, presetFor } from './core/provider/presets.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the operator set, checked. */
export interface Config {
  readonly telegram?: {
    readonly token: string;
    readonly apiRoot?: string;
    readonly webhook?: { readonly url: string; readonly secret: string };
  };
  readonly discord?: {
    readonly token: string;
    readonly apiRoot?: string;
    readonly shards: number | 'auto';
  };
  /** At least one, in the order in which they are tried. */
  readonly providers: ProviderSettings[];
  /** US dollars for one picture, by model; `*` for every model that is not named. */
  readonly prices: Readonly<Record<string, number>>;
  readonly dataDir: string;
  /** `sqlite:` (in `dataDir`), or a Redis URL. */
  readonly storeUrl: string;
  /** How long conversations and their pictures are kept; for ever without. */
  readonly retentionMs?: number;
  /** `host:port` in lower case, IPv6 in brackets. */
  readonly trustedHosts: string[];
  /** `platform:id`; empty lists mean everyone, and nobody is admin. */
  readonly access: Readonly<Record<'users' | 'chats' | 'admins', string[]>>;
  readonly limits: {
    /** 0 means no limit. */
    readonly dailyImagesPerUser: number;
    readonly concurrency: number;
    readonly userConcurrency: number;
    readonly timeoutMs: number;
    readonly maxImageBytes: number;
  };
  /** How long running jobs may go on when the process is told to stop. */
  readonly graceMs: number;
  /** Port 0 lets the system choose. */
  readonly http: { readonly host: string; readonly port: number };
  readonly proxy?: string;
  readonly noProxy?: string;
  readonly logLevel: LogLevel;
  readonly language: Language;
  /** What must never be seen: tokens, keys, the webhook's secret, header values, passwords. For the logger. */
  readonly secrets: string[];
}

/** Bad configuration; the message lists every problem, one a line, by the variable's name and without its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(problems: string[]) {
    super(['The configuration is not usable:', ...problems].join('\n'));
  }
}

type Tidy = Readonly<Record<string, string>>;

const BYTES_PER_MB = 1_048_576;
const MS_PER_DAY = 86_400_000;

/**
 * Reads the environment; text is trimmed, and empty text counts as unset.
 * @throws ConfigError with every problem at once
 */
export function loadConfig(environment: Environment = process.env): Config {
  const env = tidy(environment);
  const problems: string[] = [];
  const settings = parse(SETTINGS, env, '', problems);
  const names = SETTINGS.shape.PROVIDERS.safeParse(env.PROVIDERS).data ?? [];
  const providers = names.flatMap((name) => readProvider(name, env, problems) ?? []);
  problems.push(...webhookProblems(env), ...typoProblems(names, env));
  if (settings === undefined || problems.length > 0) throw new ConfigError(problems);
  return toConfig(settings, providers);
}

/** Every variable that there is with these providers. */
export function variableNames(providerNames: string[]): string[] {
  const suffixes = Object.keys(PROVIDER_SETTINGS.shape);
  const ofProviders = providerNames.flatMap((name) => suffixes.map((end) => prefixOf(name) + end));
  return [...Object.keys(SETTINGS.shape), ...ofProviders];
}

function prefixOf(providerName: string): string {
  return `${providerName.toUpperCase().replaceAll('-', '_')}_`;
}

function tidy(environment: Environment): Tidy {
  const entries = Object.entries(environment).map(
    ([name, text]) => [name, text?.trim() ?? ''] as const,
  );
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}

const SHAPES: Record<string, z.ZodType> = { ...SETTINGS.shape, ...PROVIDER_SETTINGS.shape };

function parse<Schema extends z.ZodObject>(
  schema: Schema,
  values: Environment,
  prefix: string,
  problems: string[],
): z.output<Schema> | undefined {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  for (const name of new Set(result.error.issues.map((issue) => String(issue.path[0])))) {
    const missing = values[name] === undefined ? 'missing, ' : '';
    problems.push(`${prefix}${name}: ${missing}expected ${SHAPES[name]?.description}`);
  }
  return undefined;
}

function readProvider(name: string, env: Tidy, problems: string[]): ProviderSettings | undefined {
  const preset = presetFor(name);
  const prefix = prefixOf(name);
  // The sandbox listens on loopback at an address that it finds itself, and asks for no key.
  const schema =
    name === 'sandbox'
      ? PROVIDER_SETTINGS.partial({ API_KEY: true, BASE_URL: true })
      : PROVIDER_SETTINGS;
  const given = {
    API_KEY: env[`${prefix}API_KEY`],
    BASE_URL: env[`${prefix}BASE_URL`] ?? preset.baseUrl,
    MODEL: env[`${prefix}MODEL`] ?? preset.model,
    DIALECT: env[`${prefix}DIALECT`] ?? preset.dialect,
    HEADERS: env[`${prefix}HEADERS`],
  };
  const values = parse(schema, given, prefix, problems);
  return (
    values && {
      name,
      baseUrl: values.BASE_URL ?? '',
      keys: values.API_KEY ?? [],
      model: values.MODEL,
      dialect: values.DIALECT,
      headers: values.HEADERS,
      style: preset.style,
      stream: preset.stream,
    }
  );
}

/** Without its secret anybody could post updates, and without its URL a secret protects nothing. */
function webhookProblems(env: Tidy): string[] {
  const pair = ['TELEGRAM_WEBHOOK_URL', 'TELEGRAM_WEBHOOK_SECRET'];
  const missing = pair.filter((name) => env[name] === undefined);
  return missing.length === 1 ? [`${missing[0]}: missing, ${pair.join(' and ')} go together`] : [];
}

function typoProblems(providerNames: string[], env: Tidy): string[] {
  const known = new Set(variableNames([...providerNames, ...Object.keys(PRESETS)]));
  const unset = variableNames(providerNames).filter((name) => env[name] === undefined);
  return Object.keys(env).flatMap((name) => {
    const meant = known.has(name) ? undefined : findMeant(name, unset);
    return meant === undefined ? [] : [`${name}: not known, did you mean ${meant}?`];
  });
}

function toConfig(settings: Settings, providers: ProviderSettings[]): Config {
  const { ALLOWED_USERS, ALLOWED_CHATS, ADMINS } = settings;
  return {
    ...platformsOf(settings),
    providers,
    prices: settings.PRICES,
    dataDir: settings.DATA_DIR,
    storeUrl: settings.STORE_URL,
    ...(settings.RETENTION_DAYS > 0 && { retentionMs: settings.RETENTION_DAYS * MS_PER_DAY }),
    trustedHosts: settings.TRUSTED_HOSTS,
    access: { users: ALLOWED_USERS, chats: ALLOWED_CHATS, admins: ADMINS },
    limits: {
      dailyImagesPerUser: settings.DAILY_IMAGES_PER_USER,
      concurrency: settings.CONCURRENCY,
      userConcurrency: settings.USER_CONCURRENCY,
      timeoutMs: settings.TIMEOUT_SECONDS * 1000,
      maxImageBytes: settings.MAX_IMAGE_MB * BYTES_PER_MB,
    },
    graceMs: settings.GRACE_SECONDS * 1000,
    http: { host: settings.HTTP_HOST, port: settings.HTTP_PORT },
    ...(settings.HTTPS_PROXY && { proxy: settings.HTTPS_PROXY }),
    ...(settings.NO_PROXY && { noProxy: settings.NO_PROXY }),
    logLevel: settings.LOG_LEVEL,
    language: settings.LANGUAGE,
    secrets: secretsOf(settings, providers),
  };
}

function platformsOf(settings: Settings): Pick<Config, 'telegram' | 'discord'> {
  const { TELEGRAM_BOT_TOKEN, TELEGRAM_API_ROOT, DISCORD_BOT_TOKEN, DISCORD_API_ROOT } = settings;
  const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = settings;
  return {
    ...(TELEGRAM_BOT_TOKEN && {
      telegram: {
        token: TELEGRAM_BOT_TOKEN,
        ...(TELEGRAM_API_ROOT && { apiRoot: TELEGRAM_API_ROOT }),
        ...(url && secret && { webhook: { url, secret } }),
      },
    }),
    ...(DISCORD_BOT_TOKEN && {
      discord: {
        token: DISCORD_BOT_TOKEN,
        ...(DISCORD_API_ROOT && { apiRoot: DISCORD_API_ROOT }),
        shards: settings.DISCORD_SHARDS,
      },
    }),
  };
}
