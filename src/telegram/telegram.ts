/** The Telegram adapter: updates go to the desk, by polling or webhook. */
import type { Api } from 'grammy';
import {
  COMMANDS,
  type Desk,
  type EaselError,
  LANGUAGES,
  type Language,
  type Logger,
  type Network,
  type Platform,
  say,
} from '../core/index.ts';
import { createChannelPosts } from './channel-posts.ts';
import { createApi } from './client.ts';
import { toStartError } from './failure.ts';
import { PLATFORM } from './ids.ts';
import { createTelegramPlatform } from './platform.ts';
import { type Polling, startPolling } from './polling.ts';
import { createPressHandler } from './press.ts';
import { withRepeats } from './repeats.ts';
import { createUpdates, type Updates } from './updates.ts';
import { createWebhook } from './webhook.ts';

export interface TelegramOptions {
  token: string;
  /** Bot API server; files are fetched from it too. @default Telegram's */
  apiRoot?: string;
  desk: Desk;
  network: Network;
  logger: Logger;
  /** What commands are described in for people whose client tells no language that we speak. */
  language: Language;
  /** Takes updates by webhook instead of polling; `handleWebhook` must then be served at `url`. */
  webhook?: { url: string; secret: string };
  /** Largest picture that is fetched, in bytes. */
  maxDownloadBytes: number;
  /** Telegram stopped answering polls, or answers again. */
  onReach: (isReached: boolean) => void;
  /** Polling has ended for good: the token was revoked (401), or another process polls with it (409). */
  onFatal: (error: EaselError) => void;
}

export interface Telegram {
  platform: Platform;
  /**
   * Signs in, publishes the commands, connects to the desk and begins to take updates.
   * @throws EaselError `bad-config` for a token or webhook that Telegram refuses, `unreachable` without an answer
   */
  start(): Promise<void>;
  /** Takes no more updates; albums that wait for more parts are handed on as they are. */
  stop(): Promise<void>;
  /** Present with `webhook`: answers when the update was heard, so that Telegram repeats what a crash swallows. */
  handleWebhook?: (request: Request) => Promise<Response>;
}

const ALLOWED_UPDATES = ['message', 'channel_post', 'callback_query'] as const;
/** The narrower scopes hide the default one where they are set, perhaps by whoever ran the bot before. */
const SCOPES = ['default', 'all_private_chats', 'all_group_chats'] as const;

export function createTelegram(options: TelegramOptions): Telegram {
  const { token, desk, logger, language, webhook } = options;
  const apiRoot = (options.apiRoot ?? 'https://api.telegram.org').replace(/\/+$/, '');
  const client = { token, apiRoot, network: options.network };
  const api = createApi(client);
  withRepeats(api);
  const posts = createChannelPosts();
  api.config.use(posts.remember);
  const platform = createTelegramPlatform({ ...options, ...client, api });
  const onPress = createPressHandler({ api, desk, platform, logger });
  let updates: Updates | undefined;
  let polling: Polling | undefined;

  async function signIn(): Promise<Updates> {
    const me = await api.getMe();
    await publishCommands(api, language);
    desk.connect(PLATFORM, platform);
    if (webhook === undefined) await api.deleteWebhook();
    else await setWebhook(api, webhook);
    const listener = { me, isOwnPost: posts.has };
    return createUpdates({ desk, platform, logger, listener, onPress });
  }

  async function start(): Promise<void> {
    updates = await signIn().catch((error: unknown) => {
      throw toStartError(error);
    });
    if (webhook !== undefined) return;
    const { take } = updates;
    const onEnd = (error: unknown) => options.onFatal(toStartError(error));
    const { onReach } = options;
    polling = startPolling({ api, allowedUpdates: ALLOWED_UPDATES, take, logger, onReach, onEnd });
  }

  async function stop(): Promise<void> {
    const stopping = polling?.stop();
    updates?.flush();
    await stopping;
  }

  const webhookPart = webhook && {
    handleWebhook: createWebhook({ secret: webhook.secret, updates: () => updates }),
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
    const tag = language && { language_code: language };
    const publish = SCOPES.map((type) => api.setMyCommands(commands, { scope: { type }, ...tag }));
    await Promise.all(publish);
  }
}

function setWebhook(api: Api, { url, secret }: { url: string; secret: string }): Promise<true> {
  return api.setWebhook(url, { secret_token: secret, allowed_updates: ALLOWED_UPDATES });
}
