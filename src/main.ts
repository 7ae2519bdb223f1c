/** The one composition root: configuration → store → painter → core → platforms; signals and drain. */
import { type Config, ConfigError, loadConfig } from './config.ts';
import {
  type Core,
  createCore,
  type Desk,
  EaselError,
  type Logger,
  loadStyles,
  openStore,
  type Store,
  toEaselError,
} from './core/index.ts';
import { createLogger } from './logger.ts';
import { type Setup, setUp } from './setup.ts';
import { createStop, type Stop } from './stop.ts';
import { createTelegram } from './telegram/telegram.ts';

/** A platform may be out of reach at the start; the pause between tries grows to this. */
const MAX_BACKOFF_MS = 30_000;

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
  const stop = createStop({ graceMs: config.graceMs, logger });
  try {
    const parts = await assemble(config, logger, stop);
    if (config.telegram === undefined && config.discord === undefined) {
      await showFirstPicture(config, parts.setup);
      return await stop.now(0);
    }
    await Promise.all([startTelegram(config, parts), startDiscord(config, parts)]);
    logger.info({ providers: config.providers.map(({ name }) => name) }, 'Easel is ready');
  } catch (thrown) {
    await stop.because(toEaselError(thrown));
  }
}

interface Parts {
  setup: Setup;
  store: Store;
  core: Core;
  desk: Desk;
  logger: Logger;
  stop: Stop;
}

/** Everything but the platforms. @throws EaselError `bad-config`, `subject` the setting */
async function assemble(config: Config, logger: Logger, stop: Stop): Promise<Parts> {
  const setup = await setUp(config, logger);
  stop.last(() => setup.close());
  const styles = await loadStyles(config.dataDir);
  const store = await openStore({
    url: config.storeUrl,
    dataDir: config.dataDir,
    logger,
    onLost: () => void stop.because(lostStore()),
  });
  stop.last(() => store.close());
  const core = createCore({ ...config, ...config.limits, ...setup, store, styles, logger });
  stop.jobs((graceMs) => core.close(graceMs));
  return { setup, store, core, desk: core.desk, logger, stop };
}

function lostStore(): EaselError {
  const detail = 'another process works with it now';
  return new EaselError('bad-config', { subject: 'STORE_URL', detail });
}

/** Without a platform there is nobody to paint for, so the newcomer gets a picture; only one that costs nothing. */
async function showFirstPicture({ providers }: Config, { painter }: Setup): Promise<void> {
  process.stdout.write(HOW_TO_BEGIN);
  if (providers.some(({ name }) => name !== 'sandbox')) return;
  const parts = [{ type: 'text' as const, text: 'a fox in snow' }];
  const wish = { messages: [{ role: 'user' as const, parts }], options: {} };
  const { signal } = new AbortController();
  const { pictures } = await painter.generator.generate(wish, { signal });
  process.stdout.write(`Painted just now by the sandbox: ${pictures[0]?.path}\n`);
}

const HOW_TO_BEGIN = `Easel has no chat to paint in yet: neither TELEGRAM_BOT_TOKEN nor DISCORD_BOT_TOKEN is set.

  Paint without any token:        npm run imagine -- "a fox in snow" --out fox.png
  Make a Telegram bot:            write to @BotFather, then put its token into a file named .env:
                                  TELEGRAM_BOT_TOKEN=<the token>
  Make a Discord bot:             https://discord.com/developers/applications, then DISCORD_BOT_TOKEN=<the token>
  Paint with a real model:        PROVIDERS=ohmygpt
                                  OHMYGPT_API_KEY=<your key>

.env.example lists every setting.
`;

async function startTelegram(config: Config, parts: Parts): Promise<void> {
  const { telegram } = config;
  if (telegram === undefined) return;
  const { setup, desk, logger, stop } = parts;
  const bot = createTelegram({
    ...telegram,
    desk,
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
  await startPatiently(() => bot.start(), { name: 'Telegram', logger, stop });
}

async function startDiscord(config: Config, parts: Parts): Promise<void> {
  const { discord } = config;
  if (discord === undefined) return;
  const { setup, desk, logger, stop } = parts;
  // Loaded only when it serves: its library is large.
  const { createDiscord } = await import('./discord/discord.ts');
  const bot = createDiscord({
    ...discord,
    desk,
    logger,
    network: setup.network,
    language: config.language,
    maxDownloadBytes: config.limits.maxImageBytes,
    shrink: setup.painter.shrink,
    onFatal: (error) => void stop.because(error),
  });
  stop.first(() => bot.stop());
  await startPatiently(() => bot.start(), { name: 'Discord', logger, stop });
}

/** A token that a platform refuses ends the start; a platform that cannot be reached is waited for. */
async function startPatiently(
  start: () => Promise<void>,
  { name, logger, stop }: { name: string; logger: Logger; stop: Stop },
): Promise<void> {
  for (let pauseMs = 1_000; !stop.isStopping(); pauseMs = Math.min(pauseMs * 2, MAX_BACKOFF_MS)) {
    try {
      return await start();
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code !== 'unreachable') throw error;
      logger.warn({ platform: name, error, pauseMs }, 'platform cannot be reached; trying again');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

const config = readConfig();
if (config !== undefined) await main(config);
