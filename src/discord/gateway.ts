/** The connection by which Discord tells the bot what happens. */
import type { APIInteraction, Client, GatewayMessageCreateDispatchData } from 'discord.js';
import { EaselError, type Network } from '../core/index.ts';
import { type Exit, throughExit } from './gateway-socket.ts';
import { createPatientThrottler } from './identify.ts';
import { type Library, loadLibrary } from './library.ts';
import { failureFields, failureOf, type RestOptions, restSettings } from './rest.ts';

export interface GatewayOptions extends RestOptions {
  network: Network;
  /** How many connections share the servers; `auto` is what Discord recommends. */
  shards: 'auto' | number;
  onInteraction: (interaction: APIInteraction) => void;
  onMessage: (message: GatewayMessageCreateDispatchData, around: Bot) => void;
  /** A shard lost its connection, or all have it again. */
  onReach: (isReached: boolean) => void;
  /** Discord has ended the connection for good. */
  onFatal: (error: EaselError) => void;
}

/** What is known of the bot and its servers. */
export interface Bot {
  me: string;
  /** Bytes that one file may have there. */
  uploadLimit: number;
}

export interface Gateway {
  /** Resolves when all shards are ready. @throws EaselError `bad-config`, `unreachable` */
  start(): Promise<void>;
  /** No event comes after it. */
  stop(): Promise<void>;
}

const MIB = 1024 * 1024;
/** Discord's default: 20 MB are announced, and refused by some servers (platforms' issue 8572); a safe beginning. */
const DEFAULT_UPLOAD = 10 * MIB;
/** By a server's boost tier. */
const UPLOAD_BY_TIER: Record<number, number> = { 2: 50 * MIB, 3: 100 * MIB };
/** Close codes after which Discord takes no new connection, and the setting at fault. */
const FINAL_CODES: Record<number, { subject: string; detail: string }> = {
  4004: { subject: 'DISCORD_BOT_TOKEN', detail: 'the token is wrong' },
  4010: { subject: 'DISCORD_SHARDS', detail: 'there is no such shard' },
  4011: { subject: 'DISCORD_SHARDS', detail: 'the bot is in too many servers for so few shards' },
  4012: { subject: 'discord.js', detail: 'this version of the gateway is no more' },
  4013: { subject: 'DISCORD_BOT_TOKEN', detail: 'the intents are unknown' },
  4014: {
    subject: 'DISCORD_BOT_TOKEN',
    detail: 'the bot may not have the intents that it asks for',
  },
};

export function createGateway(options: GatewayOptions): Gateway {
  const { logger, onFatal } = options;
  const exit: Exit = { network: options.network, isClosed: false, failures: 0 };
  let client: Client | undefined;

  async function start(): Promise<void> {
    const fresh = createClient(loadLibrary(), options, exit);
    client = fresh;
    let isStarted = false;
    let ended: EaselError | undefined;
    fresh.on('shardDisconnect', ({ code }) => {
      ended = finalError(code);
      if (isStarted && ended !== undefined) onFatal(ended);
    });
    try {
      await throughExit(exit, () => fresh.login(options.token));
      isStarted = true;
    } catch (error) {
      logger.debug(failureFields(error), 'discord: the login failed');
      throw ended ?? toStartError(error);
    }
  }

  return {
    start,
    async stop() {
      exit.isClosed = true;
      await client?.destroy();
    },
  };
}

function createClient(library: Library, options: GatewayOptions, exit: Exit): Client {
  const { logger, onInteraction, onMessage } = options;
  const { Client, GatewayDispatchEvents: Dispatch } = library;
  const client = new Client({
    intents: ['Guilds', 'GuildMessages', 'DirectMessages'],
    ...shardSettings(options.shards),
    makeCache: library.Options.cacheWithLimits(cacheLimits()),
    rest: restSettings(options),
    ws: {
      buildIdentifyThrottler: async (manager) => {
        const { session_start_limit } = await manager.fetchGatewayInformation();
        const { max_concurrency } = session_start_limit;
        return createPatientThrottler(new library.SimpleIdentifyThrottler(max_concurrency));
      },
    },
  });
  // The payloads as they come: they hold more than discord.js's objects, and need none of its caches.
  client.ws.on(Dispatch.InteractionCreate, (interaction: APIInteraction) => {
    if (!exit.isClosed) onInteraction(interaction);
  });
  client.ws.on(Dispatch.MessageCreate, (message: GatewayMessageCreateDispatchData) => {
    if (!exit.isClosed) onMessage(message, botOf(client, message.guild_id));
  });
  client.on('error', (error) => logger.warn(failureFields(error), 'discord: an event failed'));
  watchShards(client, options);
  return client;
}

function watchShards(client: Client, { logger, onReach }: GatewayOptions): void {
  const lost = new Set<number>();
  const found = (shard: number) => {
    if (lost.delete(shard) && lost.size === 0) onReach(true);
  };
  client.on('shardReconnecting', (shard) => {
    logger.info({ shard }, 'discord: reconnecting');
    if (lost.size === 0) onReach(false);
    lost.add(shard);
  });
  client.on('shardResume', (shard) => {
    logger.info({ shard }, 'discord: resumed');
    found(shard);
  });
  // Where the session could not be resumed.
  client.on('shardReady', found);
}

function shardSettings(shards: 'auto' | number) {
  if (shards === 'auto') return { shards };
  // A number alone would be the id of the one shard to run.
  return { shards: Array.from({ length: shards }, (_, id) => id), shardCount: shards };
}

function botOf({ user, guilds }: Client, guildId: string | undefined): Bot {
  const tier = guilds.cache.get(guildId ?? '')?.premiumTier ?? 0;
  return { me: user?.id ?? '', uploadLimit: UPLOAD_BY_TIER[tier] ?? DEFAULT_UPLOAD };
}

/** Servers, channels and roles have to stay; people and what they do need not, and would fill the memory. */
function cacheLimits() {
  const onlyMe = {
    maxSize: 0,
    keepOverLimit: ({ id, client }: { id: string; client: Client }) => id === client.user?.id,
  };
  return {
    ApplicationCommandManager: 0,
    ApplicationEmojiManager: 0,
    AutoModerationRuleManager: 0,
    BaseGuildEmojiManager: 0,
    DMMessageManager: 0,
    EntitlementManager: 0,
    GuildBanManager: 0,
    GuildEmojiManager: 0,
    GuildForumThreadManager: 0,
    GuildInviteManager: 0,
    GuildMemberManager: onlyMe,
    GuildMessageManager: 0,
    GuildScheduledEventManager: 0,
    GuildStickerManager: 0,
    GuildTextThreadManager: 0,
    MessageManager: 0,
    PresenceManager: 0,
    ReactionManager: 0,
    ReactionUserManager: 0,
    StageInstanceManager: 0,
    ThreadManager: 0,
    ThreadMemberManager: 0,
    UserManager: onlyMe,
    VoiceStateManager: 0,
  };
}

function finalError(code: number): EaselError | undefined {
  const facts = FINAL_CODES[code];
  return facts && new EaselError('bad-config', facts);
}

/** Names what the operator has to mend; anything else passes by itself. */
export function toStartError(error: unknown): EaselError {
  if (error instanceof EaselError) return error;
  const { status } = failureOf(error);
  const isToken =
    status === 401 || (error instanceof Error && 'code' in error && error.code === 'TokenInvalid');
  if (isToken) return new EaselError('bad-config', { status: 401, subject: 'DISCORD_BOT_TOKEN' });
  return new EaselError('unreachable', status === undefined ? {} : { status });
}
