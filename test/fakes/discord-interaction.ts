/** One interaction: what the bot is sent of it, and what a test sees of it. */
import type {
  APIApplicationCommandOptionChoice,
  APIInteraction,
  APIMessage,
  APIModalInteractionResponseCallbackData,
  APIUser,
} from 'discord.js';
import { FLAGS } from './discord-messages.ts';
import type { Values } from './discord-multipart.ts';
import { showChannel, showInteractingMember } from './discord-shapes.ts';
import type { Channel, StoredMessage, World } from './discord-world.ts';

/** An interaction and what became of it, as it is now. */
export interface DiscordInteraction {
  readonly id: string;
  readonly token: string;
  /** What the bot was sent. */
  readonly payload: APIInteraction;
  /** Type of the first answer: 4 message, 5 or 6 deferred, 7 update, 8 choices, 9 form. */
  readonly answered: number | undefined;
  /** A message was promised (5) and has not come yet. */
  readonly isDeferred: boolean;
  readonly isEphemeral: boolean;
  /** `@original` as people see it now; also while it is only promised (flag 128). */
  readonly reply: APIMessage | undefined;
  readonly followUps: APIMessage[];
  readonly modal: APIModalInteractionResponseCallbackData | undefined;
  readonly choices: APIApplicationCommandOptionChoice[] | undefined;
}

/** 2 command, 3 component, 4 autocomplete, 5 form. */
export type InteractionKind = 2 | 3 | 4 | 5;

export interface NewInteraction {
  type: InteractionKind;
  data: Values;
  user: APIUser;
  locale: string;
  channel: Channel;
  /** The message with the component. */
  source?: StoredMessage | undefined;
}

export interface Interaction extends NewInteraction {
  id: string;
  token: string;
  bornAt: number;
  payload: APIInteraction;
  answered?: number;
  original?: StoredMessage;
  followUps: StoredMessage[];
  modal?: Values;
  choices?: APIApplicationCommandOptionChoice[];
}

/** All but the id, the token and the data. */
export function contextOf(world: World, { user, locale, channel, source }: NewInteraction): Values {
  const { guild, kind } = channel;
  const limits = { permissions: String(world.permissionsIn(channel)) };
  const inGuild = guild && {
    guild: { id: guild.id, locale: guild.locale, features: [] },
    guild_id: guild.id,
    guild_locale: guild.locale,
    member: showInteractingMember(user),
  };
  return {
    application_id: world.me.id,
    version: 1,
    channel: { ...showChannel(world, channel), ...limits },
    channel_id: channel.id,
    ...(inGuild ?? { user }),
    app_permissions: limits.permissions,
    locale,
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: ownersOf(world, channel, user),
    context: guild ? 0 : kind === 'dm' ? 1 : 2,
    attachment_size_limit: world.uploadLimit,
    ...(source && { message: world.show(source) }),
  };
}

export function ownersOf(world: World, { guild, kind }: Channel, user: APIUser): Values {
  const byGuild = guild?.isJoined ? { 0: guild.id } : kind === 'dm' ? { 0: '0' } : {};
  return { ...byGuild, ...(world.installed.has(user.id) && { 1: user.id }) };
}

/** What a test sees of it: always as it is now. */
export function handleOf(world: World, interaction: Interaction): DiscordInteraction {
  const { id, token, payload } = interaction;
  const shown = (stored: StoredMessage | undefined) =>
    stored && !stored.isDeleted ? world.show(stored) : undefined;
  return {
    id,
    token,
    payload,
    get answered() {
      return interaction.answered;
    },
    get isDeferred() {
      const { original } = interaction;
      return interaction.answered === 5 && original !== undefined && isLoading(original);
    },
    get isEphemeral() {
      return interaction.original?.viewerId !== undefined;
    },
    get reply() {
      return shown(interaction.original);
    },
    get followUps() {
      return interaction.followUps.flatMap((stored) => shown(stored) ?? []);
    },
    get modal() {
      return interaction.modal as APIModalInteractionResponseCallbackData | undefined;
    },
    get choices() {
      return interaction.choices;
    },
  };
}

export function isLoading({ message }: StoredMessage): boolean {
  return (Number(message.flags ?? 0) & FLAGS.loading) !== 0;
}
