/** The one composition root: configuration → core → platforms; signals and drain. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, ConfigError, loadConfig } from './config.ts';
import {
  createAccess,
  createEngine,
  type EaselError,
  type Engine,
  type Logger,
  toEaselError,
} from './core/index.ts';
import { createLogger } from './logger.ts';
import { type Setup, setUp } from './setup.ts';
import { createTelegram, type Telegram } from './telegram/telegram.ts';

/** How long running jobs may go on after SIGTERM: a container gets 30 seconds by custom. */
const GRACE_MS = 25_000;
/** Telegram may be out of reach at the start; the pause between tries grows to this. */
const MAX_BACKOFF_MS = 30_000;
/** Pictures that one request may bring: the most that a Gemini model takes (Google's image guide). */
const MAX_ATTACHMENTS = 14;

function readConfig(): Config | undefined {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

async function main(config: Config): Promise<void> {
  const logger = createLogger({ level: config.logLevel, secrets: config.secrets });
  const setup = await setUp(config, logger).catch((thrown: unknown) => {
    const error = toEaselError(thrown);
    logger.error({ error, setting: error.subject }, 'Easel cannot start');
    process.exitCode = 1;
  });
  if (setup === undefined) return;
  const engine = createEngine({
    ...setup.core,
    ...config.limits,
    access: createAccess({ ...config.access, ...config.limits }),
    admins: config.access.admins,
    language: config.language,
    maxAttachments: MAX_ATTACHMENTS,
    logger,
  });
  const stop = createStop(setup, engine, logger);
  if (config.discord !== undefined) {
    logger.warn({ setting: 'DISCORD_BOT_TOKEN' }, 'this version does not speak Discord yet');
  }
  if (config.storeUrl !== 'sqlite:') {
    logger.warn({ setting: 'STORE_URL' }, 'this version keeps jobs in memory only');
  }
  if (config.telegram === undefined) {
    await showFirstPicture(config, setup);
    return stop.now(0);
  }
  try {
    await startTelegram(config, config.telegram, { setup, engine, logger, stop });
    logger.info({ providers: config.providers.map(({ name }) => name) }, 'Easel is ready');
  } catch (thrown) {
    await stop.because(toEaselError(thrown));
  }
}

/** Without a platform there is nobody to paint for, so the newcomer gets a picture; only one that costs nothing. */
async function showFirstPicture({ providers }: Config, { core }: Setup): Promise<void> {
  process.stdout.write(HOW_TO_BEGIN);
  if (providers.some(({ name }) => name !== 'sandbox')) return;
  const wish = { prompt: 'a fox in snow', images: [], options: {} };
  const { signal } = new AbortController();
  const { pictures } = await core.generator.generate(wish, { signal });
  process.stdout.write(`Painted just now by the sandbox: ${pictures[0]?.path}\n`);
}

const HOW_TO_BEGIN = `Easel has no chat to paint in yet: TELEGRAM_BOT_TOKEN is not set.

  Paint without any token:        npm run imagine -- "a fox in snow" --out fox.png
  Make a Telegram bot:            write to @BotFather, then put its token into a file named .env:
                                  TELEGRAM_BOT_TOKEN=<the token>
  Paint with a real model:        PROVIDERS=ohmygpt
                                  OHMYGPT_API_KEY=<your key>

.env.example lists every setting.
`;

interface Stop {
  /** Runs while the process stops, before the jobs are waited for. */
  first(step: () => Promise<void>): void;
  because(error: EaselError): Promise<void>;
  now(exitCode: number): Promise<void>;
}

/** SIGTERM and SIGINT stop the intake, let running jobs end, and leave with 0; a second one leaves at once. */
function createStop(setup: Setup, engine: Engine, logger: Logger): Stop {
  const steps: (() => Promise<void>)[] = [];
  let leaving: Promise<void> | undefined;
  let isAsked = false;

  /** Whoever asks again waits with the first. */
  function leave(exitCode: number, graceMs: number): Promise<void> {
    leaving ??= stopAll(graceMs).then(() => {
      process.exitCode = exitCode;
    });
    return leaving;
  }

  async function stopAll(graceMs: number): Promise<void> {
    await Promise.all(steps.map((step) => step()));
    await engine.close(graceMs);
    await setup.close();
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      logger.info({ signal }, 'stopping');
      leave(0, GRACE_MS).then(
        () => process.exit(),
        () => process.exit(1),
      );
    });
  }

  return {
    first: (step) => steps.push(step),
    now: (exitCode) => leave(exitCode, 0),
    async because(error) {
      logger.error({ error, setting: error.subject, detail: error.detail }, 'Easel cannot go on');
      await leave(1, GRACE_MS);
      process.exit();
    },
  };
}

interface Parts {
  setup: Setup;
  engine: Engine;
  logger: Logger;
  stop: Stop;
}

async function startTelegram(
  config: Config,
  telegram: NonNullable<Config['telegram']>,
  { setup, engine, logger, stop }: Parts,
): Promise<void> {
  const bot = createTelegram({
    ...telegram,
    engine,
    logger,
    network: setup.network,
    language: config.language,
    maxDownloadBytes: config.limits.maxImageBytes,
    onFatal: (error) => void stop.because(error),
  });
  stop.first(() => bot.stop());
  if (telegram.webhook !== undefined && bot.handleWebhook !== undefined) {
    const path = new URL(telegram.webhook.url).pathname;
    // Loaded only when it serves: the bot that polls stays smaller without it.
    const { startWebServer } = await import('./web/server.ts');
    const server = await startWebServer({
      ...config.http,
      webhook: { path, handle: bot.handleWebhook },
    });
    stop.first(() => server.close());
    logger.info({ port: server.port }, 'listening for the webhook');
  }
  await startPatiently(bot, logger);
}

/** A token that Telegram refuses ends the start; a Telegram that cannot be reached is waited for. */
async function startPatiently(bot: Telegram, logger: Logger): Promise<void> {
  for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, MAX_BACKOFF_MS)) {
    try {
      return await bot.start();
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code !== 'unreachable') throw error;
      logger.warn({ error, pauseMs }, 'Telegram cannot be reached; trying again');
      await sleep(pauseMs);
    }
  }
}

const config = readConfig();
if (config !== undefined) await main(config);
