import { randomBytes } from 'node:crypto';
import type { APIApplicationCommandOptionChoice, APIInteraction, APIMessage } from 'discord.js';
import { checkModal } from './discord-components.ts';
import { checkCount, checkText, DiscordFailure, invalid } from './discord-failure.ts';
import {
  contextOf,
  type DiscordInteraction,
  handleOf,
  type Interaction,
  type InteractionKind,
  isLoading,
  type NewInteraction,
  ownersOf,
} from './discord-interaction.ts';
import {
  createMessage,
  editMessage,
  FLAGS,
  type Payload,
  removeMessage,
} from './discord-messages.ts';
import type { Values } from './discord-multipart.ts';
import type { Channel, StoredMessage, World } from './discord-world.ts';

/** The first answer has 3 seconds, the token 15 minutes (Discord's documentation). */
const ANSWER_MS = 3000;
const TOKEN_MS = 15 * 60_000;
/** Follow-ups where the bot is not in the guild (Discord's documentation). */
const GUEST_FOLLOW_UPS = 5;

/** Types of a first answer by kind: what Discord names in its refusal. */
const ALLOWED: Record<InteractionKind, readonly number[]> = {
  2: [4, 5, 9, 10, 12],
  3: [4, 5, 6, 7, 9, 10, 12],
  4: [8],
  5: [4, 5, 6, 7, 10, 12],
};

export type Interactions = ReturnType<typeof createInteractions>;

export function createInteractions(world: World) {
  const byToken = new Map<string, Interaction>();

  /** Sends an interaction to the bot; the handle shows what became of it. */
  function start(input: NewInteraction): DiscordInteraction {
    const id = world.snowflake();
    const token = `aW50ZXJhY3Rpb246${randomBytes(24).toString('base64url')}`;
    const payload = { ...contextOf(world, input), id, token, type: input.type, data: input.data };
    const interaction: Interaction = {
      ...input,
      id,
      token,
      bornAt: world.now(),
      payload: world.files.sign(payload) as unknown as APIInteraction,
      followUps: [],
    };
    byToken.set(token, interaction);
    world.emit('INTERACTION_CREATE', interaction.payload, routeOf(input.channel));
    return handleOf(world, interaction);
  }

  /** The first answer: POST /interactions/:id/:token/callback. */
  function answer(id: string, token: string, { body, files }: Payload, wantsResponse: boolean) {
    const interaction = byToken.get(token);
    const isLate = interaction !== undefined && world.now() - interaction.bornAt > ANSWER_MS;
    if (interaction?.id !== id) throw new DiscordFailure(10_062);
    if (interaction.answered !== undefined) throw new DiscordFailure(40_060);
    if (isLate) throw new DiscordFailure(10_062);
    const type = Number(body.type);
    checkAnswerType(interaction, type);
    perform(interaction, type, { body: (body.data ?? {}) as Values, files });
    interaction.answered = type;
    world.changed();
    return wantsResponse ? describe(interaction, type) : undefined;
  }

  function perform(interaction: Interaction, type: number, { body, files }: Payload): void {
    if (type === 4) interaction.original = respond(interaction, { body, files });
    if (type === 5) {
      // Of the flags, a promise keeps the one for ephemeral only.
      const flags = Number(body.flags ?? 0) & FLAGS.ephemeral;
      interaction.original = respond(interaction, { body: { flags }, files: [] }, FLAGS.loading);
    }
    const { source } = interaction;
    if ((type === 6 || type === 7) && source !== undefined) interaction.original = source;
    if (type === 7 && source !== undefined)
      editMessage(world, source, { body, files, path: 'data' });
    if (type === 8) interaction.choices = checkChoices(body);
    if (type === 9) {
      checkModal(body);
      interaction.modal = body;
    }
  }

  /** A message as the answer to an interaction; without rights of its own it is for the person alone. */
  function respond(interaction: Interaction, payload: Payload, flags = 0): StoredMessage {
    const { channel, user, type, source } = interaction;
    const isEphemeral = (Number(payload.body.flags ?? 0) & FLAGS.ephemeral) !== 0;
    const { message_reference: _ignored, ...body } = payload.body;
    const command = interaction.data as { type?: number };
    const original = interaction.original?.message.id;
    const metadata = {
      id: interaction.id,
      type,
      user,
      authorizing_integration_owners: ownersOf(world, channel, user),
      ...(original && { original_response_message_id: original }),
      ...(type === 3 && source && { interacted_message_id: source.message.id }),
    };
    return createMessage(world, {
      channel,
      author: world.me,
      ...payload,
      body,
      viewerId: isEphemeral ? user.id : undefined,
      path: 'data',
      extra: {
        type: type === 2 ? (command.type === 1 ? 20 : 23) : source ? 19 : 0,
        flags,
        webhook_id: world.me.id,
        application_id: world.me.id,
        interaction_metadata: metadata,
      },
    });
  }

  function describe({ id, type, original }: Interaction, answered: number): Values {
    const flags = Number(original?.message.flags ?? 0);
    const about = original && {
      response_message_id: original.message.id,
      response_message_loading: (flags & FLAGS.loading) !== 0,
      response_message_ephemeral: (flags & FLAGS.ephemeral) !== 0,
    };
    const message = original && answered !== 6 ? { message: world.show(original) } : {};
    return { interaction: { id, type, ...about }, resource: { type: answered, ...message } };
  }

  /** What a webhook's token gives access to, while it is young and after the first answer. */
  function open(applicationId: string, token: string): Interaction {
    const interaction = byToken.get(token);
    if (applicationId !== world.me.id || interaction === undefined)
      throw new DiscordFailure(10_015);
    if (world.now() - interaction.bornAt > TOKEN_MS) throw new DiscordFailure(50_027);
    if (interaction.answered === undefined) throw new DiscordFailure(10_015);
    return interaction;
  }

  function messageOf(interaction: Interaction, messageId: string): StoredMessage {
    const { original, followUps } = interaction;
    const all = [...(original ? [original] : []), ...followUps];
    const found =
      messageId === '@original' ? original : all.find(({ message }) => message.id === messageId);
    if (found === undefined || found.isDeleted) throw new DiscordFailure(10_008);
    return found;
  }

  /** POST /webhooks/:app/:token: the first one keeps a promise that is still open. */
  function followUp(applicationId: string, token: string, payload: Payload): APIMessage {
    const interaction = open(applicationId, token);
    const { original, channel, followUps } = interaction;
    if (original && !original.isDeleted && isLoading(original)) {
      editMessage(world, original, payload);
      return world.show(original);
    }
    const isGuest = channel.guild?.isJoined === false;
    if (isGuest && followUps.length >= GUEST_FOLLOW_UPS) throw new DiscordFailure(40_094);
    const stored = respond(interaction, payload);
    followUps.push(stored);
    return world.show(stored);
  }

  return {
    start,
    answer,
    followUp,
    get: (app: string, token: string, id: string) => world.show(messageOf(open(app, token), id)),
    edit(app: string, token: string, id: string, payload: Payload) {
      const stored = messageOf(open(app, token), id);
      editMessage(world, stored, payload);
      return world.show(stored);
    },
    remove(app: string, token: string, id: string) {
      removeMessage(world, messageOf(open(app, token), id));
    },
    /** What the handle of an interaction hides: its form, its channel and the message it began at. */
    find: (token: string) => byToken.get(token),
  };
}

function routeOf({ guild }: Channel) {
  return guild ? { guildId: guild.id } : {};
}

function checkAnswerType({ type, source }: Interaction, answer: number): void {
  // A form that was opened from a command has no message to update.
  const allowed = ALLOWED[type].filter((each) => source || type !== 5 || ![6, 7].includes(each));
  if (allowed.includes(answer)) return;
  throw invalid('type', 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`);
}

function checkChoices(body: Values): APIApplicationCommandOptionChoice[] {
  const choices = (body.choices ?? []) as APIApplicationCommandOptionChoice[];
  checkCount(choices, 'data.choices', { max: 25 });
  for (const [index, { name, value }] of choices.entries()) {
    checkText(name, `data.choices.${index}.name`, { min: 1, max: 100 });
    checkText(value, `data.choices.${index}.value`, { max: 100 });
  }
  return choices;
}
