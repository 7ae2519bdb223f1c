/** The Discord adapter: interactions and messages become wishes for the core. */
import type { APIInteraction, GatewayMessageCreateDispatchData as NewMessage } from 'discord.js';
import type {
  Desk,
  EaselError,
  Language,
  Logger,
  Network,
  Picture,
  Platform,
} from '../core/index.ts';
import { createAcks } from './acks.ts';
import { readMessage } from './chat.ts';
import { type Bot, createGateway, toStartError } from './gateway.ts';
import { createHandle } from './interactions.ts';
import { createMessenger } from './messenger.ts';
import { createDiscordPlatform } from './platform.ts';
import { registerCommands } from './register.ts';
import { createRest, failureFields } from './rest.ts';
import { PLATFORM } from './target.ts';

export interface DiscordOptions {
  token: string;
  /** REST root without the version (`…/api`); the gateway's address comes from it. @default Discord's */
  apiRoot?: string;
  desk: Desk;
  network: Network;
  logger: Logger;
  /** For people whose client tells no language that we speak. */
  language: Language;
  /** Largest picture that is fetched, in bytes. */
  maxDownloadBytes: number;
  /** How many gateway connections share the servers; `auto` is what Discord recommends. */
  shards: 'auto' | number;
  /** The same picture in at most `maxBytes`, for places where less may be uploaded. */
  shrink: (picture: Picture, maxBytes: number) => Promise<Picture>;
  /** A connection to Discord was lost, or all stand again. */
  onReach: (isReached: boolean) => void;
  /** Discord has ended the connection for good: the token was revoked, say. */
  onFatal: (error: EaselError) => void;
}

export interface Discord {
  platform: Platform;
  /**
   * Registers the commands where they changed, connects to the desk and the gateway.
   * @throws EaselError `bad-config` for a token or setting that Discord refuses, `unreachable` without an answer
   */
  start(): Promise<void>;
  /** Takes no more events; what runs can still be answered. */
  stop(): Promise<void>;
}

export function createDiscord(options: DiscordOptions): Discord {
  const { desk, logger } = options;
  const apiRoot = (options.apiRoot ?? 'https://discord.com/api').replace(/\/+$/, '');
  const connection = { ...options, apiRoot };
  const rest = createRest(connection);
  const acks = createAcks(rest);
  const messenger = createMessenger({ rest, acks, logger });
  const platform = createDiscordPlatform({ ...connection, rest, messenger });
  const handle = createHandle({ ...options, rest, acks });

  /** One event that fails is logged and skipped. */
  function attempt(what: string, work: () => Promise<void> | undefined): void {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => logger.warn(failureFields(error), `discord: ${what} failed`));
  }

  const gateway = createGateway({
    ...connection,
    onInteraction: (interaction: APIInteraction) =>
      attempt('an interaction', () => handle(interaction)),
    onMessage: (message: NewMessage, bot: Bot) =>
      attempt('a message', () => {
        const heard = readMessage(message, bot);
        return heard && desk.hear(heard);
      }),
  });

  return {
    platform,
    async start() {
      try {
        const { id } = await rest.get<{ id: string }>('/applications/@me');
        const isNew = await registerCommands(rest, id);
        if (isNew) logger.info({}, 'discord: commands registered');
        desk.connect(PLATFORM, platform);
        await gateway.start();
      } catch (error) {
        throw toStartError(error);
      }
    },
    stop: () => gateway.stop(),
  };
}
