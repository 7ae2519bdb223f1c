import type { APIMessage, APIUser } from 'discord.js';
import { DiscordFailure } from './discord-failure.ts';
import { createDiscordFiles } from './discord-files.ts';

export interface GuildSetup {
  name?: string;
  /** Discord's code; `en-US` unless said. */
  locale?: string;
  /** False for a guild that the bot is not in: people who installed the app can still use it there. Default true. */
  isJoined?: boolean;
}

export interface ChannelSetup {
  /** `thread` needs a text channel as parent, `post` a forum. `group` is a group chat of people. Default `text`. */
  kind?: 'text' | 'voice' | 'forum' | 'thread' | 'post' | 'group' | 'dm';
  name?: string;
  /** The guild that the bot is in unless said; none for `group` and `dm`. */
  guildId?: string;
  parentId?: string;
  /** A thread is, when its parent is. */
  isAgeRestricted?: boolean;
  /** Permissions that the bot lacks here, as bits (`PermissionFlagsBits`). */
  denied?: bigint;
  isArchived?: boolean;
  isLocked?: boolean;
}

export interface Guild {
  id: string;
  name: string;
  locale: string;
  isJoined: boolean;
}

export interface Channel extends ChannelSetup {
  id: string;
  kind: NonNullable<ChannelSetup['kind']>;
  name: string;
  guild: Guild | undefined;
  recipients: string[];
}

/** Marks stand for addresses of files until a message is shown. */
export interface StoredMessage {
  message: APIMessage;
  /** Who alone sees it. */
  viewerId?: string;
  isDeleted?: boolean;
}

/** Where an event goes: to the shard of a guild (or shard 0), if any of the intents was asked for. */
export interface Route {
  guildId?: string | undefined;
  intents?: number;
}

export const PERMISSIONS = {
  view: 1n << 10n,
  send: 1n << 11n,
  manageMessages: 1n << 13n,
  embed: 1n << 14n,
  attach: 1n << 15n,
  history: 1n << 16n,
  mentionEveryone: 1n << 17n,
  sendInThreads: 1n << 38n,
} as const;
/** What the bot has where nothing is denied: those above but for managing, with reactions and commands. */
const USUAL = [...Object.values(PERMISSIONS), 1n << 6n, 1n << 31n].reduce((all, bit) => all | bit);
export const BOT_PERMISSIONS = USUAL & ~PERMISSIONS.manageMessages;
/** What an app may do in a guild that it is not in. */
const GUEST_PERMISSIONS = PERMISSIONS.attach | PERMISSIONS.embed | PERMISSIONS.mentionEveryone;

const EPOCH_MS = 1_420_070_400_000n;

export type World = ReturnType<typeof createWorld>;

/** What the server knows: people, guilds, channels and messages. */
export function createWorld({ now, hasContent }: { now: () => number; hasContent: boolean }) {
  let lastId = 0n;
  let changed = () => {};
  let emit: (event: string, data: object, route: Route) => void = () => {};
  const users = new Map<string, APIUser>();
  const guilds = new Map<string, Guild>();
  const channels = new Map<string, Channel>();
  const messages = new Map<string, StoredMessage>();
  const blocked = new Set<string>();
  const installed = new Set<string>();
  const files = createDiscordFiles(now);

  function snowflake(): string {
    lastId += 1n;
    return String(((BigInt(Math.floor(now())) - EPOCH_MS) << 22n) | (lastId & 0xfffn));
  }

  function addUser({ id = snowflake(), name = 'Ada', isBot = false } = {}): APIUser {
    const fresh = { id, username: name.toLowerCase(), global_name: name, discriminator: '0' };
    const bare = { avatar: null, public_flags: 0, flags: 0, primary_guild: null };
    const user = { ...fresh, ...bare, ...(isBot && { bot: true }) } as APIUser;
    users.set(id, user);
    return user;
  }

  function addGuild({ name = 'Foxes', locale = 'en-US', isJoined = true }: GuildSetup = {}) {
    const guild: Guild = { id: snowflake(), name, locale, isJoined };
    guilds.set(guild.id, guild);
    return guild;
  }

  function addChannel(setup: ChannelSetup, { guild, recipients = [] }: Partial<Channel>) {
    const { kind = 'text', name = kind } = setup;
    const channel: Channel = { ...setup, id: snowflake(), kind, name, guild, recipients };
    channels.set(channel.id, channel);
    return channel;
  }

  function dmWith(userId: string): Channel {
    const known = [...channels.values()].find(
      ({ kind, recipients }) => kind === 'dm' && recipients.includes(userId),
    );
    return known ?? addChannel({ kind: 'dm' }, { recipients: [userId] });
  }

  function channelOf(id: string): Channel {
    const channel = channels.get(id);
    if (channel === undefined) throw new DiscordFailure(10_003);
    return channel;
  }

  function parentOf(channel: Channel): Channel | undefined {
    return channel.parentId === undefined ? undefined : channels.get(channel.parentId);
  }

  function permissionsIn(channel: Channel): bigint {
    if (channel.guild?.isJoined === false) return GUEST_PERMISSIONS;
    const denied = (channel.denied ?? 0n) | (parentOf(channel)?.denied ?? 0n);
    return BOT_PERMISSIONS & ~denied;
  }

  const world = {
    me: addUser({ name: 'Easel', isBot: true }),
    users,
    guilds,
    channels,
    messages,
    blocked,
    installed,
    files,
    now,
    uploadLimit: 10 << 20,
    snowflake,
    addUser,
    addGuild,
    addChannel,
    dmWith,
    channelOf,
    parentOf,
    permissionsIn,
    isRestricted: (channel: Channel) =>
      (channel.isAgeRestricted ?? parentOf(channel)?.isAgeRestricted) === true,
    /** Connects what looks on: waiting tests, and the gateway. */
    observe(hooks: { changed: typeof changed; emit: typeof emit }) {
      ({ changed, emit } = hooks);
    },
    changed: () => changed(),
    emit(event: string, data: object, route: Route = {}) {
      emit(event, data, route);
      changed();
    },
    /** A message as a person sees it, with addresses that work now. */
    show: (stored: StoredMessage): APIMessage => files.sign(stored.message),
    /** The same as the bot gets it: empty, where it may not read along. */
    showToBot: (stored: StoredMessage): APIMessage => hide(files.sign(stored.message)),
  };

  function hide(message: APIMessage): APIMessage {
    const { referenced_message: referenced, ...own } = message;
    const answered = referenced
      ? { referenced_message: hide(referenced) }
      : { ...(referenced === null && { referenced_message: null }) };
    const isForBot = message.mentions.some(({ id }) => id === world.me.id);
    const isOpen = channels.get(message.channel_id)?.guild === undefined;
    if (hasContent || isOpen || isForBot || message.author.id === world.me.id)
      return { ...own, ...answered };
    const { message_snapshots: _forwarded, ...rest } = own;
    return { ...rest, ...answered, content: '', attachments: [], embeds: [], components: [] };
  }

  return world;
}
