/** Guilds, channels and members as payloads show them. */
import type { APIUser } from 'discord.js';
import {
  BOT_PERMISSIONS,
  type Channel,
  type Guild,
  PERMISSIONS,
  type World,
} from './discord-world.ts';

const TYPES: Record<Channel['kind'], number> = {
  text: 0,
  dm: 1,
  voice: 2,
  group: 3,
  thread: 11,
  post: 11,
  forum: 15,
};
const JOINED = '2026-01-01T00:00:00.000000+00:00';

export function isThread({ kind }: Channel): boolean {
  return kind === 'thread' || kind === 'post';
}

export function showChannel(world: World, channel: Channel): Record<string, unknown> {
  const last = [...world.messages.values()].findLast(
    ({ message, isDeleted }) => message.channel_id === channel.id && !isDeleted,
  );
  const base = {
    id: channel.id,
    type: TYPES[channel.kind],
    last_message_id: last?.message.id ?? null,
    flags: 0,
  };
  if (channel.guild === undefined) return { ...base, ...showPrivate(world, channel) };
  const inGuild = { ...base, guild_id: channel.guild.id, name: channel.name };
  return isThread(channel)
    ? { ...inGuild, ...showThread(world, channel) }
    : { ...inGuild, ...showTop(world, channel) };
}

function showPrivate(world: World, { kind, name, recipients }: Channel) {
  const people = { recipients: recipients.map((id) => world.users.get(id)) };
  return kind === 'dm' ? people : { ...people, name, icon: null, owner_id: recipients[0] };
}

function showThread(world: World, channel: Channel) {
  return {
    parent_id: channel.parentId,
    owner_id: world.me.id,
    rate_limit_per_user: 0,
    message_count: 0,
    member_count: 1,
    total_message_sent: 0,
    thread_metadata: {
      archived: channel.isArchived ?? false,
      locked: channel.isLocked ?? false,
      auto_archive_duration: 1440,
      archive_timestamp: JOINED,
      create_timestamp: JOINED,
    },
  };
}

function showTop(world: World, { kind, denied, isAgeRestricted }: Channel) {
  const overwrite = { id: world.me.id, type: 1, allow: '0', deny: String(denied ?? 0n) };
  return {
    position: 0,
    parent_id: null,
    nsfw: isAgeRestricted ?? false,
    rate_limit_per_user: 0,
    topic: null,
    permission_overwrites: denied ? [overwrite] : [],
    ...(kind === 'voice' && { bitrate: 64_000, user_limit: 0, rtc_region: null }),
    ...(kind === 'forum' && { available_tags: [], default_reaction_emoji: null }),
  };
}

export function showMember() {
  return {
    nick: null,
    avatar: null,
    banner: null,
    roles: [],
    joined_at: JOINED,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

export function showInteractingMember(user: APIUser) {
  const permissions = String(BOT_PERMISSIONS & ~PERMISSIONS.mentionEveryone);
  return { ...showMember(), user, permissions, unusual_dm_activity_until: null };
}

/** What GUILD_CREATE tells. */
export function showGuild(world: World, { id, name, locale }: Guild) {
  const inside = [...world.channels.values()].filter(({ guild }) => guild?.id === id);
  const visible = inside.filter((channel) => world.permissionsIn(channel) & PERMISSIONS.view);
  const everyone = {
    id,
    name: '@everyone',
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: 0,
    permissions: String(BOT_PERMISSIONS),
    managed: false,
    mentionable: false,
    flags: 0,
  };
  return {
    id,
    name,
    ...SETTINGS,
    owner_id: id,
    preferred_locale: locale,
    roles: [everyone],
    joined_at: JOINED,
    members: [{ ...showMember(), user: world.me }],
    member_count: world.users.size,
    channels: visible
      .filter((channel) => !isThread(channel))
      .map((each) => showChannel(world, each)),
    threads: visible
      .filter((channel) => isThread(channel) && !channel.isArchived)
      .map((each) => showChannel(world, each)),
  };
}

const SETTINGS = {
  icon: null,
  splash: null,
  discovery_splash: null,
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  emojis: [],
  stickers: [],
  features: [],
  mfa_level: 0,
  application_id: null,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  vanity_url_code: null,
  description: null,
  banner: null,
  premium_tier: 0,
  premium_subscription_count: 0,
  public_updates_channel_id: null,
  safety_alerts_channel_id: null,
  nsfw_level: 0,
  premium_progress_bar_enabled: false,
  large: false,
  unavailable: false,
  voice_states: [],
  presences: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
};
