import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, type Environment, loadConfig } from '../src/config.ts';

const KEY = 'sk-abcdefgh12345678';
const TOKEN = '123456:AAcanary_canary-canary';

/** The lines of the error that this environment makes; none when it is accepted. */
function problems(env: Environment): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1);
  }
}

describe('defaults', () => {
  it('start the sandbox alone', () => {
    expect(loadConfig({})).toEqual({
      providers: [
        expect.objectContaining({
          name: 'sandbox',
          baseUrl: '',
          keys: [],
          headers: {},
          dialect: 'openai-chat',
        }),
      ],
      prices: {},
      dataDir: './data',
      storeUrl: 'sqlite:',
      retentionMs: 180 * 86_400_000,
      trustedHosts: [],
      access: { users: [], chats: [], admins: [] },
      limits: {
        dailyImagesPerUser: 0,
        concurrency: 8,
        userConcurrency: 2,
        timeoutMs: 300_000,
        maxImageBytes: 20_971_520,
      },
      graceMs: 25_000,
      http: { host: '127.0.0.1', port: 8787 },
      logLevel: 'info',
      language: 'en',
      secrets: [],
    });
  });

  it('take the place of empty and blank text', () => {
    const names = ['TELEGRAM_BOT_TOKEN', 'PROVIDERS', 'HTTP_PORT', 'LOG_LEVEL', 'SANDBOX_MODEL'];
    const env = Object.fromEntries(names.map((name) => [name, ' \t']));
    expect(loadConfig({ ...env, DATA_DIR: '' })).toEqual(loadConfig({}));
  });
});

describe('settings', () => {
  it('keeps conversations for ever at 0 days', () => {
    expect(loadConfig({ RETENTION_DAYS: '0' })).not.toHaveProperty('retentionMs');
  });

  it.each([
    ['painter-1=0.134,*=0.04', { 'painter-1': 0.134, '*': 0.04 }],
    [' google/painter:2 = 1 , *=0,', { 'google/painter:2': 1, '*': 0 }],
  ])('reads prices: %j', (text, prices) => {
    expect(loadConfig({ PRICES: text }).prices).toEqual(prices);
  });

  it('reads every group', () => {
    const config = loadConfig({
      TELEGRAM_BOT_TOKEN: ` ${TOKEN} `,
      TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/',
      TELEGRAM_WEBHOOK_URL: 'https://bot.example/hook',
      TELEGRAM_WEBHOOK_SECRET: 'hook_secret-1',
      DISCORD_BOT_TOKEN: 'MTA.GxYz.abc-def_ghi',
      DISCORD_API_ROOT: 'http://127.0.0.1:9000/api',
      DISCORD_SHARDS: '4',
      RETENTION_DAYS: '30',
      GRACE_SECONDS: '5',
      DATA_DIR: '/srv/easel',
      STORE_URL: 'redis://:store%20pass@10.0.0.1:6379/0',
      TRUSTED_HOSTS: 'Gateway.LAN:8080, [::1]:8081,',
      ALLOWED_USERS: 'telegram:1, discord:2',
      ALLOWED_CHATS: 'telegram:-1001,discord:3',
      ADMINS: 'telegram:1',
      DAILY_IMAGES_PER_USER: '50',
      TIMEOUT_SECONDS: '60',
      MAX_IMAGE_MB: '5',
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: '0',
      HTTPS_PROXY: 'socks5://ada:proxy%2Bpass@127.0.0.1:1080',
      NO_PROXY: 'localhost',
      LOG_LEVEL: 'debug',
      LANGUAGE: 'ja',
    });
    expect(config).toMatchObject({
      telegram: {
        token: TOKEN,
        apiRoot: 'http://127.0.0.1:8081',
        webhook: { url: 'https://bot.example/hook', secret: 'hook_secret-1' },
      },
      discord: {
        token: 'MTA.GxYz.abc-def_ghi',
        apiRoot: 'http://127.0.0.1:9000/api',
        shards: 4,
      },
      retentionMs: 30 * 86_400_000,
      graceMs: 5_000,
      dataDir: '/srv/easel',
      trustedHosts: ['gateway.lan:8080', '[::1]:8081'],
      access: {
        users: ['telegram:1', 'discord:2'],
        chats: ['telegram:-1001', 'discord:3'],
        admins: ['telegram:1'],
      },
      limits: { dailyImagesPerUser: 50, timeoutMs: 60_000, maxImageBytes: 5_242_880 },
      http: { host: '0.0.0.0', port: 0 },
      proxy: 'socks5://ada:proxy%2Bpass@127.0.0.1:1080',
      noProxy: 'localhost',
      logLevel: 'debug',
      language: 'ja',
    });
    expect(config.secrets).toEqual([
      TOKEN,
      'hook_secret-1',
      'MTA.GxYz.abc-def_ghi',
      'proxy%2Bpass',
      'proxy+pass',
      'ada:proxy+pass',
      'store%20pass',
      'store pass',
      ':store pass',
    ]);
  });

  it.each([
    ['de_CH.UTF-8:ja_JP:en', 'ja'],
    ['de_CH:de', 'en'],
    ['zh_TW', 'zh'],
    ['zh-hans', 'zh'],
  ])("takes gettext's LANGUAGE=%s as %s", (text, language) => {
    expect(loadConfig({ LANGUAGE: text }).language).toBe(language);
  });

  it.each([
    ['TELEGRAM_BOT_TOKEN', 'canary'],
    ['TELEGRAM_BOT_TOKEN', '12:canary/../x'],
    ['TELEGRAM_API_ROOT', 'ftp://canary.example'],
    ['TELEGRAM_API_ROOT', 'canary.example:8081'],
    ['TELEGRAM_API_ROOT', 'https://ada:canary@a.example'],
    ['TELEGRAM_API_ROOT', 'https://a.example/?canary=1'],
    ['DISCORD_BOT_TOKEN', 'Bot canary.a.b'],
    ['DISCORD_API_ROOT', 'canary'],
    ['PROVIDERS', 'Canary'],
    ['PROVIDERS', 'canary,sandbox,canary'],
    ['PROVIDERS', ','],
    ['PRICES', 'canary'],
    ['PRICES', 'canary='],
    ['PRICES', '=0.7654321'],
    ['PRICES', 'canary=free'],
    ['PRICES', 'canary=-1'],
    ['PRICES', 'canary=$1'],
    ['PRICES', 'canary=.5'],
    ['PRICES', 'canary=1e3'],
    ['PRICES', 'canary=7654321'],
    ['PRICES', 'a canary=1'],
    ['PRICES', 'canary=1,canary=2'],
    ['PRICES', '*=1;canary=2'],
    ['STORE_URL', 'canary.db'],
    ['STORE_URL', 'sqlite:canary.db'],
    ['STORE_URL', 'redis://:canary%@127.0.0.1'],
    ['TRUSTED_HOSTS', 'canary'],
    ['TRUSTED_HOSTS', 'canary:0'],
    ['TRUSTED_HOSTS', 'canary:65536'],
    ['TRUSTED_HOSTS', 'http://canary:80'],
    ['TRUSTED_HOSTS', '::1:80'],
    ['TRUSTED_HOSTS', '[::canary]:80'],
    ['TRUSTED_HOSTS', '999.1.1.1:80'],
    ['ALLOWED_USERS', '7654321'],
    ['ALLOWED_USERS', 'telegram:@canary'],
    ['ALLOWED_USERS', 'telegram:-7654321'],
    ['ALLOWED_CHATS', 'matrix:7654321'],
    ['ADMINS', 'telegram:canary'],
    ['DAILY_IMAGES_PER_USER', '-7654321'],
    ['CONCURRENCY', '0'],
    ['CONCURRENCY', '7654321'],
    ['USER_CONCURRENCY', '1.7654321'],
    ['TIMEOUT_SECONDS', '7654321s'],
    ['MAX_IMAGE_MB', '1e7654321'],
    ['HTTP_HOST', 'http://canary'],
    ['HTTP_PORT', '65536'],
    ['HTTPS_PROXY', 'canary:1080'],
    ['HTTPS_PROXY', 'http://ada:canary%zz@127.0.0.1'],
    ['LOG_LEVEL', 'canary'],
    ['LANGUAGE', 'canary'],
    ['SANDBOX_DIALECT', 'canary'],
    ['SANDBOX_BASE_URL', 'canary'],
    ['SANDBOX_MODEL', 'a canary'],
    ['SANDBOX_API_KEY', 'Bearer canary'],
    ['SANDBOX_API_KEY', '钥匙'],
    ['SANDBOX_HEADERS', 'canary'],
    ['SANDBOX_HEADERS', 'x y: canary'],
    ['SANDBOX_HEADERS', ': canary'],
    ['SANDBOX_HEADERS', 'x-canary:'],
    ['SANDBOX_HEADERS', 'x-a: canary\r\nx-b: 1'],
    ['SANDBOX_HEADERS', 'X-A: canary; x-a: canary'],
    ['SANDBOX_HEADERS', 'Host: canary'],
    ['SANDBOX_HEADERS', 'content-length: 7654321'],
    ['SANDBOX_HEADERS', 'Transfer-Encoding: canary'],
    ['SANDBOX_HEADERS', 'Proxy-Authorization: canary'],
  ])('refuses %s=%j by name, without the value', (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toEqual([expect.stringMatching(new RegExp(`^${name}: expected .{5,}$`))]);
    expect(found.join()).not.toMatch(/canary|7654321|钥匙/i);
  });

  it.each([
    [{ TELEGRAM_WEBHOOK_URL: 'https://a.example' }, 'TELEGRAM_WEBHOOK_SECRET: missing'],
    [{ TELEGRAM_WEBHOOK_SECRET: 'canary' }, 'TELEGRAM_WEBHOOK_URL: missing'],
    [
      { TELEGRAM_WEBHOOK_URL: 'https://a.example', TELEGRAM_WEBHOOK_SECRET: 'a canary' },
      'TELEGRAM_WEBHOOK_SECRET: expected',
    ],
    [
      { TELEGRAM_WEBHOOK_URL: 'https://a.example', TELEGRAM_WEBHOOK_SECRET: 'x'.repeat(257) },
      'TELEGRAM_WEBHOOK_SECRET: expected',
    ],
  ])('wants a webhook complete: %j', (env, line) => {
    expect(problems(env)).toEqual([expect.stringContaining(line)]);
  });

  it('lists every problem at once', () => {
    const env = {
      PROVIDERS: 'ohmygpt,newapi,mine',
      HTTP_PORT: 'x',
      ADMINS: 'ada',
      USER_CONCURENCY: '1',
    };
    expect(problems(env).map((line) => line.split(/, |: expected|: not/)[0])).toEqual([
      'ADMINS',
      'HTTP_PORT',
      'OHMYGPT_API_KEY: missing',
      'NEWAPI_API_KEY: missing',
      'NEWAPI_BASE_URL: missing',
      'MINE_API_KEY: missing',
      'MINE_BASE_URL: missing',
      'MINE_MODEL: missing',
      'USER_CONCURENCY',
    ]);
  });

  it('never shows a value, whatever it is', () => {
    const name = fc.constantFrom('TELEGRAM_BOT_TOKEN', 'SANDBOX_HEADERS', 'HTTPS_PROXY', 'ADMINS');
    const value = fc.string({ minLength: 8, unit: 'grapheme' }).map((text) => `~${text}~`);
    fc.assert(
      fc.property(name, value, (key, text) => {
        expect(problems({ [key]: text }).join('\n')).not.toContain(text);
      }),
    );
  });
});

describe('providers', () => {
  const mine = {
    PROVIDERS: 'my-gate',
    MY_GATE_API_KEY: `${KEY}, second-key,${KEY}`,
    MY_GATE_BASE_URL: 'http://10.0.0.5:3000/api/v1/chat/completions',
    MY_GATE_MODEL: 'google/nano-banana-2',
  };

  it('defines one by any name', () => {
    const { providers, secrets } = loadConfig({
      ...mine,
      MY_GATE_HEADERS: 'X-Title: Easel: pictures; authorization: Token canary-canary;',
    });
    expect(providers).toMatchObject([
      {
        name: 'my-gate',
        baseUrl: 'http://10.0.0.5:3000/api',
        keys: [KEY, 'second-key'],
        model: 'google/nano-banana-2',
        dialect: 'openai-chat',
        headers: { 'x-title': 'Easel: pictures', authorization: 'Token canary-canary' },
        stream: true,
      },
    ]);
    expect(secrets).toEqual([KEY, 'second-key', 'Easel: pictures', 'Token canary-canary']);
  });

  it('overrides a preset and keeps its style and the order', () => {
    const { providers } = loadConfig({
      PROVIDERS: 'yisu, openai-next',
      YISU_API_KEY: KEY,
      YISU_BASE_URL: 'https://relay.example/v1/',
      YISU_MODEL: 'other-image-model',
      OPENAI_NEXT_API_KEY: KEY,
      OPENAI_NEXT_DIALECT: 'openai-images',
    });
    expect(providers).toMatchObject([
      {
        name: 'yisu',
        baseUrl: 'https://relay.example',
        model: 'other-image-model',
        style: { imagePart: 'image' },
      },
      {
        name: 'openai-next',
        baseUrl: 'https://drwa.openai-next.com',
        dialect: 'openai-images',
        stream: false,
      },
    ]);
  });

  it('survives names that objects have', () => {
    const env = { PROVIDERS: 'constructor', CONSTRUCTOR_API_KEY: KEY };
    expect(problems(env)).toEqual([
      expect.stringContaining('CONSTRUCTOR_BASE_URL: missing'),
      expect.stringContaining('CONSTRUCTOR_MODEL: missing'),
    ]);
  });
});

describe('names that are nearly right', () => {
  it.each([
    [{ TELEGRAM_TOKEN: 'canary' }, 'TELEGRAM_TOKEN', 'TELEGRAM_BOT_TOKEN'],
    [{ TELEGRAM_BOT_TOKNE: 'canary' }, 'TELEGRAM_BOT_TOKNE', 'TELEGRAM_BOT_TOKEN'],
    [{ DISCORD_TOKEN: 'canary' }, 'DISCORD_TOKEN', 'DISCORD_BOT_TOKEN'],
    [{ PROVIDER: 'canary' }, 'PROVIDER', 'PROVIDERS'],
    [{ ALLOWED_USER: 'canary' }, 'ALLOWED_USER', 'ALLOWED_USERS'],
    [{ SANDBOX_URL: 'canary' }, 'SANDBOX_URL', 'SANDBOX_BASE_URL'],
    [{ PROVIDERS: 'ohmygpt', OHMYGPT_KEY: 'canary' }, 'OHMYGPT_KEY', 'OHMYGPT_API_KEY'],
    [{ PROVIDERS: 'ohmygpt', OHMYGPT_APIKEY: 'canary' }, 'OHMYGPT_APIKEY', 'OHMYGPT_API_KEY'],
  ])('%j', (env, name, meant) => {
    const found = problems(env);
    expect(found).toContain(`${name}: not known, did you mean ${meant}?`);
    expect(found.join()).not.toContain('canary');
  });

  it("lets other programs' variables be", () => {
    const names = [
      'HTTP_PROXY',
      'HTTPS_PORT',
      'LOGLEVEL',
      'ALLOWED_HOSTS',
      'ADMIN',
      'LANG',
      'TELEGRAM_CHAT_ID',
      'DISCORD_WEBHOOK',
      'OPENAI_ORG_ID',
      'OPENAI_API_KEY',
      'OHMYGPT_API_KEY',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ];
    expect(problems(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
  });

  it('does not ask again for what is set', () => {
    expect(problems({ TELEGRAM_TOKEN: 'x', TELEGRAM_BOT_TOKEN: TOKEN })).toEqual([]);
  });
});
