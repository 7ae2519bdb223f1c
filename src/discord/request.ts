/** What Discord sends, as the core hears it. Pure. */
import type {
  APIAttachment,
  APIInteraction,
  APIMessage,
  APIModalSubmitInteraction,
  APIMessageApplicationCommandInteraction as MenuInteraction,
  APIChatInputApplicationCommandInteraction as SlashInteraction,
} from 'discord.js';
import {
  ASPECT_RATIOS,
  type Command,
  IMAGE_SIZES,
  type IncomingMessage,
  type Person,
  type PictureOptions,
} from '../core/index.ts';
import { readForm } from './forms.ts';
import { filesOf, isPicture, isSpoiler, picturesOf, uploadsOf } from './pictures.ts';
import { type Answering, messageRef, PLATFORM, type Target, timeOf } from './target.ts';

/** What all that people do by a command, a menu, a button or a form has in common. */
export function readContext(interaction: APIInteraction, target: Target) {
  const { id, channel, context, guild_id: guildId } = interaction;
  return {
    id: `${PLATFORM}:${id}`,
    person: personOf(interaction),
    chat: `${PLATFORM}:${channel?.id}`,
    ...(guildId !== undefined && { server: `${PLATFORM}:${guildId}` }),
    // Between people the bot is a guest; only its own channel with one person is private.
    isPrivate: context === IN_BOT_DM,
    target,
  };
}

const IN_BOT_DM = 1;

export function personOf({ member, user, locale }: APIInteraction & { locale?: string }): Person {
  const { id = '' } = member?.user ?? user ?? {};
  return { id: `${PLATFORM}:${id}`, ...(locale !== undefined && { language: locale }) };
}

/** Where to answer an interaction. `source` is the message that it came from or is about. */
export function targetOf(
  interaction: APIInteraction,
  { answering = 'given', isEphemeral = false, files = [] }: TargetFacts = {},
): Target {
  const { id, token, application_id: applicationId } = interaction;
  return {
    platform: PLATFORM,
    channelId: interaction.channel?.id ?? '',
    userId: personOf(interaction).id.slice(PLATFORM.length + 1),
    webhook: { applicationId, interactionId: id, token, createdAt: timeOf(id), answering },
    isEphemeral,
    isSpoiler: files.some(isSpoiler),
    uploadLimit: interaction.attachment_size_limit,
  };
}

interface TargetFacts {
  answering?: Answering;
  isEphemeral?: boolean;
  /** What the person gave. */
  files?: APIAttachment[];
}

const NOTHING = { words: '', attachments: [], hasUnreadable: false, messages: [], options: {} };

export function readCommand(interaction: SlashInteraction, isEphemeral: boolean): IncomingMessage {
  const { name, options, resolved } = interaction.data;
  const given: Given[] = options ?? [];
  const files = given.flatMap(({ value }) => resolved?.attachments?.[String(value)] ?? []);
  const style = textOf(given, 'style');
  return {
    ...NOTHING,
    ...readContext(interaction, targetOf(interaction, { isEphemeral, files })),
    command: name as Command,
    words: (textOf(given, 'prompt') ?? textOf(given, 'question') ?? '').trim(),
    attachments: uploadsOf(files),
    hasUnreadable: !files.every(isPicture),
    options: readOptions(given),
    ...(style !== undefined && { style }),
  };
}

interface Given {
  name: string;
  value?: unknown;
}

function textOf(options: Given[], name: string): string | undefined {
  const { value } = options.find((option) => option.name === name) ?? {};
  return value === undefined || value === '' ? undefined : String(value);
}

/** Discord holds people to the choices; what it does not know of is left out. */
function readOptions(given: Given[]): PictureOptions {
  const aspectRatio = ASPECT_RATIOS.find((ratio) => ratio === textOf(given, 'aspect_ratio'));
  const size = IMAGE_SIZES.find((one) => one === textOf(given, 'size'));
  const count = textOf(given, 'count');
  const model = textOf(given, 'model');
  return {
    ...(aspectRatio && { aspectRatio }),
    ...(size && { size }),
    ...(count !== undefined && { count: Number(count) }),
    ...(model !== undefined && { model }),
  };
}

/** An entry of a message's menu: the message counts as answered by it. */
export function readMenu(interaction: MenuInteraction, message: APIMessage): IncomingMessage {
  const target = targetOf(interaction, { files: filesOf(message) });
  return {
    ...NOTHING,
    ...readContext(interaction, target),
    command: 'describe',
    replied: repliedTo(message),
  };
}

/** The form of `subject`: `about` is the message that it was opened on, as far as it is known. */
export function readSubmit(
  interaction: APIModalSubmitInteraction,
  subject: { turn: string } | { replied: Replied },
): IncomingMessage {
  const files = Object.values(interaction.data.resolved?.attachments ?? {});
  return {
    ...NOTHING,
    ...readContext(interaction, targetOf(interaction, { files })),
    command: 'edit',
    hasUnreadable: !files.every(isPicture),
    ...readForm(interaction),
    ...subject,
  };
}

export type Replied = NonNullable<IncomingMessage['replied']>;

export function repliedTo(message: APIMessage): Replied {
  return { message: messageRef(message.channel_id, message.id), attachments: picturesOf(message) };
}
