/** The Telegram adapter: updates become requests for the core, by polling or webhook. */
import { type RunnerHandle, run } from '@grammyjs/runner';
import { type Api, Bot, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import {
  EaselError,
  type Engine,
  LANGUAGES,
  type Language,
  type Logger,
  type Network,
  type Platform,
  say,
} from '../core/index.ts';
import { createClientOptions, POLL_SECONDS, withRepeats } from './client.ts';
import { installHandlers } from './handlers.ts';
import { createTelegramPlatform } from './platform.ts';
import { PLATFORM } from './request.ts';
import { createWebhook } from './webhook.ts';

export interface TelegramOptions {
  token: string;
  /** Bot API server; files are fetched from it too. @default Telegram's */
  apiRoot?: string;
  engine: Engine;
  network: Network;
  logger: Logger;
  /** For people whose client tells no language that we speak. */
  language: Language;
  /** Takes updates by webhook instead of polling; `handleWebhook` must then be served at `url`. */
  webhook?: { url: string; secret: string };
  /** Largest picture that is fetched, in bytes. */
  maxDownloadBytes: number;
  /** Polling has ended for good: the token was revoked (401), or another process polls with it (409). */
  onFatal: (error: EaselError) => void;
}

export interface Telegram {
  platform: Platform;
  /**
   * Signs in, publishes the commands, connects to the engine and begins to take updates.
   * @throws EaselError `bad-config` for a token or webhook that Telegram refuses, `unreachable` without an answer
   */
  start(): Promise<void>;
  /** Takes no more updates; albums that wait for more parts are handed on as they are. */
  stop(): Promise<void>;
  /** Present with `webhook`: answers at once, the update is worked on behind it. */
  handleWebhook?: (request: Request) => Promise<Response>;
}

const ALLOWED_UPDATES = ['message', 'callback_query'] as const;
const COMMANDS = ['imagine', 'edit', 'cancel', 'help'] as const;
/** Pause after a failed poll: short, so that the bot is back within 5 s of Telegram (safety R36). */
const RETRY_INTERVAL_MS = 3000;

export function createTelegram(options: TelegramOptions): Telegram {
  const { token, engine, logger, language, webhook } = options;
  const apiRoot = (options.apiRoot ?? 'https://api.telegram.org').replace(/\/+$/, '');
  const client = { token, apiRoot, network: options.network };
  const bot = new Bot(token, { client: createClientOptions(client) });
  withRepeats(bot.api);
  const platform = createTelegramPlatform({ ...options, ...client, api: bot.api });
  const albums = installHandlers(bot, { engine, platform, logger, language });
  let runner: RunnerHandle | undefined;

  async function signIn(): Promise<void> {
    bot.botInfo = await bot.api.getMe();
    await publishCommands(bot.api, language);
    engine.connect(PLATFORM, platform);
    if (webhook === undefined) await bot.api.deleteWebhook();
    else await setWebhook(bot.api, webhook);
  }

  async function start(): Promise<void> {
    await signIn().catch((error: unknown) => {
      throw toStartError(error);
    });
    if (webhook !== undefined) return;
    runner = poll(bot);
    runner.task()?.catch((error: unknown) => options.onFatal(toStartError(error)));
  }

  async function stop(): Promise<void> {
    if (runner?.isRunning()) await runner.stop();
    albums.flush();
  }

  const onUpdate = (update: Update): void => {
    bot.handleUpdate(update).catch((error) => bot.errorHandler(error));
  };
  const webhookPart = webhook && {
    handleWebhook: createWebhook({ secret: webhook.secret, onUpdate }),
  };
  return { platform, start, stop, ...webhookPart };
}

/** In every language that we speak, and in the operator's for everyone else. */
async function publishCommands(api: Api, fallback: Language): Promise<void> {
  for (const language of [undefined, ...LANGUAGES]) {
    const commands = COMMANDS.map((command) => ({
      command,
      description: say(language ?? fallback, `command.${command}`),
    }));
    await api.setMyCommands(commands, language && { language_code: language });
  }
}

function setWebhook(api: Api, { url, secret }: { url: string; secret: string }): Promise<true> {
  return api.setWebhook(url, { secret_token: secret, allowed_updates: ALLOWED_UPDATES });
}

function poll(bot: Bot): RunnerHandle {
  return run(bot, {
    runner: {
      fetch: { timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES },
      retryInterval: RETRY_INTERVAL_MS,
      maxRetryTime: Number.POSITIVE_INFINITY,
      // It would print errors that hold the token.
      silent: true,
    },
  });
}

/** Names what the operator has to mend. Telegram answers 404 to what cannot be a token. */
function toStartError(error: unknown): EaselError {
  if (!(error instanceof GrammyError)) return new EaselError('unreachable');
  const { error_code: status, method } = error;
  // Telegram's own trouble, and its pace limit, pass by themselves.
  if (status >= 500 || status === 429) return new EaselError('unreachable', { status });
  const isToken = status === 401 || status === 404 || status === 409;
  const subject = isToken ? 'TELEGRAM_BOT_TOKEN' : method;
  const detail = status === 409 && { detail: 'another process takes the updates of this bot' };
  return new EaselError('bad-config', { status, subject, ...detail });
}
