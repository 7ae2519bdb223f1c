/** The one composition root: configuration → store → watch → painter → core → platforms; signals and drain. */
import { type Config, ConfigError, loadConfig } from './config.ts';
import {
  type Core,
  createCore,
  createWatch,
  type Desk,
  EaselError,
  type Logger,
  loadStyles,
  openStore,
  type Store,
  toEaselError,
} from './core/index.ts';
import { createLogger } from './logger.ts';
import { openPages, welcome } from './pages.ts';
import { type Setup, setUp } from './setup.ts';
import { createStop, type Stop } from './stop.ts';
import { createTelegram, type Telegram } from './telegram/telegram.ts';
import { STUDIO } from './web/studio.ts';

const PLATFORMS = ['telegram', 'discord'] as const;
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
    const telegram = config.telegram && makeTelegram(config.telegram, config, parts);
    await servePages(config, parts, telegram?.handleWebhook);
    await Promise.all([startTelegram(telegram, parts), startDiscord(config, parts)]);
    if (stop.isStopping()) return;
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
  const store = await openStore({
    url: config.storeUrl,
    dataDir: config.dataDir,
    logger,
    onLost: () => void stop.because(lostStore()),
  });
  stop.last(() => store.close());
  const watch = await createWatch({ store, prices: config.prices, logger });
  const setup = await setUp(config, logger, watch);
  stop.last(() => setup.close());
  const styles = await loadStyles(config.dataDir);
  const access = { ...config.access, gated: [STUDIO] };
  const parts = { store, watch, styles, access, logger };
  const core = createCore({ ...config, ...config.limits, ...setup, ...parts });
  const set = PLATFORMS.filter((name) => config[name] !== undefined);
  for (const name of set) core.notePlatform(name, 'connecting');
  stop.jobs((graceMs) => core.close(graceMs));
  return { setup, store, core, desk: core.desk, logger, stop };
}

function lostStore(): EaselError {
  const detail = 'another process works with it now';
  return new EaselError('bad-config', { subject: 'STORE_URL', detail });
}

/** Who has a chat can do without the pages; who has none came for them, and a webhook needs the port. */
async function servePages(
  config: Config,
  parts: Parts,
  handle: Telegram['handleWebhook'],
): Promise<void> {
  const url = config.telegram?.webhook?.url;
  const webhook = url && handle ? { path: new URL(url).pathname, handle } : undefined;
  const hasChat = config.telegram !== undefined || config.discord !== undefined;
  try {
    const pages = await openPages(config, parts, webhook);
    parts.logger.info({ port: pages.port }, 'pages and health are served');
    // Not through the log, which is kept and sent about: the address may let in whoever comes first.
    process.stdout.write(
      hasChat ? `Easel's studio: ${pages.address}\n` : welcome(config, pages.address),
    );
  } catch (thrown) {
    if (!hasChat || webhook) throw thrown;
    parts.logger.warn({ error: toEaselError(thrown) }, 'pages and health are not served');
  }
}

function makeTelegram(
  telegram: NonNullable<Config['telegram']>,
  config: Config,
  parts: Parts,
): Telegram {
  const { setup, desk, logger, stop } = parts;
  const bot = createTelegram({
    ...telegram,
    desk,
    logger,
    network: setup.network,
    language: config.language,
    maxDownloadBytes: config.limits.maxImageBytes,
    onReach: noteReach('telegram', parts),
    onFatal: (error) => void stop.because(error),
  });
  stop.first(() => bot.stop());
  return bot;
}

async function startTelegram(bot: Telegram | undefined, parts: Parts): Promise<void> {
  if (bot !== undefined) await startPatiently('telegram', () => bot.start(), parts);
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
    onReach: noteReach('discord', parts),
    onFatal: (error) => void stop.because(error),
  });
  stop.first(() => bot.stop());
  await startPatiently('discord', () => bot.start(), parts);
}

/** A token that a platform refuses ends the start; a platform that cannot be reached is waited for. */
async function startPatiently(
  name: (typeof PLATFORMS)[number],
  start: () => Promise<void>,
  parts: Parts,
): Promise<void> {
  const { logger, stop } = parts;
  for (let pauseMs = 1_000; !stop.isStopping(); pauseMs = Math.min(pauseMs * 2, MAX_BACKOFF_MS)) {
    try {
      await start();
      return noteReach(name, parts)(true);
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code !== 'unreachable') throw error;
      logger.warn({ platform: name, error, pauseMs }, 'platform cannot be reached; trying again');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** For the operator's page and `/readyz`: a platform is there, or went away. */
function noteReach(name: (typeof PLATFORMS)[number], { core, logger, stop }: Parts) {
  return (isReached: boolean) => {
    if (stop.isStopping()) return;
    core.notePlatform(name, isReached ? 'connected' : 'connecting');
    logger.info(
      { platform: name },
      isReached ? 'platform is connected' : 'platform is out of reach',
    );
  };
}

const config = readConfig();
if (config !== undefined) await main(config);
