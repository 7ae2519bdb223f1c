/** What happens with an interaction: acknowledged first, then heard. */
import type {
  APIInteraction,
  APIMessage,
  APIModalSubmitInteraction,
  APIApplicationCommandAutocompleteInteraction as Autocomplete,
  APIApplicationCommandInteraction as CommandInteraction,
  APIMessageApplicationCommandInteraction as MenuInteraction,
  APIChatInputApplicationCommandInteraction as SlashInteraction,
} from 'discord.js';
import { type Desk, type Language, type Logger, say } from '../core/index.ts';
import { type Acks, deferral, respond } from './acks.ts';
import {
  ANSWER_CHOICES,
  ANSWER_MESSAGE,
  ANSWER_MODAL,
  AUTOCOMPLETE,
  CHAT_INPUT,
  COMMAND,
  COMPONENT,
  EPHEMERAL,
  MESSAGE_MENU,
  MODAL_SUBMIT,
} from './api.ts';
import { bodyOf } from './body.ts';
import { MENUS } from './commands.ts';
import { formWords } from './form-words.ts';
import { editForm, readFormId } from './forms.ts';
import { createMenuMemory, type MenuMemory } from './menu-memory.ts';
import { handlePress, settingsContent } from './press.ts';
import { personOf, readCommand, readMenu, readSubmit, repliedTo, targetOf } from './request.ts';
import type { Rest } from './rest.ts';
import { suggest } from './suggest.ts';

export interface HandlerOptions {
  rest: Rest;
  desk: Desk;
  logger: Logger;
  /** For people who are unknown yet. */
  language: Language;
}

/** Between a person and the bot, also in a full channel. */
const PRIVATE = new Set(['settings', 'usage', 'forget', 'help', 'new', 'cancel']);

export type Handle = (interaction: APIInteraction) => Promise<void>;

/** Rejects when Discord takes no answer: the person sees that it failed, and nothing was begun. */
export function createHandle(options: HandlerOptions & { acks: Acks }): Handle {
  const memory = createMenuMemory(options.rest);
  return async (interaction) => {
    switch (interaction.type) {
      case COMMAND:
        return handleCommand(interaction, memory, options);
      case COMPONENT:
        return handlePress(interaction, options);
      case AUTOCOMPLETE:
        return handleAutocomplete(interaction, options);
      case MODAL_SUBMIT:
        return handleSubmit(interaction, memory, options);
    }
  };
}

async function handleCommand(
  interaction: CommandInteraction,
  memory: MenuMemory,
  options: HandlerOptions,
): Promise<void> {
  const { data } = interaction;
  if (isSlash(interaction)) return handleSlash(interaction, options);
  if (!isMenu(interaction)) return;
  const isEdit = data.name === MENUS.edit;
  return isEdit ? openForm(interaction, memory, options) : describe(interaction, options);
}

function isSlash(interaction: CommandInteraction): interaction is SlashInteraction {
  return interaction.data.type === CHAT_INPUT;
}

function isMenu(interaction: CommandInteraction): interaction is MenuInteraction {
  return interaction.data.type === MESSAGE_MENU;
}

async function handleSlash(
  interaction: SlashInteraction,
  { rest, desk, language: fallback }: HandlerOptions,
): Promise<void> {
  const isEphemeral = PRIVATE.has(interaction.data.name);
  await respond(rest, interaction, deferral(isEphemeral));
  if (interaction.data.name !== 'settings') {
    return desk.hear(readCommand(interaction, isEphemeral));
  }
  const person = personOf(interaction);
  const language = await desk.language(person).catch(() => fallback);
  const body = await bodyOf(settingsContent(await desk.settings(person), language));
  const { application_id, token } = interaction;
  await rest.patch(`/webhooks/${application_id}/${token}/messages/@original`, {
    body,
    anonymous: true,
  });
}

async function describe(interaction: MenuInteraction, options: HandlerOptions): Promise<void> {
  const message = targetMessage(interaction);
  if (message === undefined || picturesIn(message) === undefined) {
    const { language } = await formWords(personOf(interaction), options);
    return refuse(interaction, language, options);
  }
  await respond(options.rest, interaction, deferral(false));
  await options.desk.hear(readMenu(interaction, message));
}

/** What the message shows; undefined where that is no picture. */
function picturesIn(message: APIMessage): ReturnType<typeof repliedTo> | undefined {
  const shown = repliedTo(message);
  return shown.attachments.length === 0 ? undefined : shown;
}

/** The menu stands at every message; that this one is none to paint with is for its presser alone. */
async function refuse(
  interaction: MenuInteraction,
  language: Language,
  { rest }: HandlerOptions,
): Promise<void> {
  const content = { content: say(language, 'discord.no-picture'), components: [] };
  const data = await bodyOf(content, { flags: EPHEMERAL });
  await respond(rest, interaction, { type: ANSWER_MESSAGE, data });
}

function targetMessage({ data }: MenuInteraction) {
  return data.resolved.messages[data.target_id];
}

/** A form cannot come after an acknowledgement: it is the first answer itself. */
async function openForm(
  interaction: MenuInteraction,
  memory: MenuMemory,
  options: HandlerOptions,
): Promise<void> {
  const { language, styles } = await formWords(personOf(interaction), options);
  const message = targetMessage(interaction);
  const shown = message && picturesIn(message);
  if (message === undefined || shown === undefined) return refuse(interaction, language, options);
  memory.keep(shown);
  const subject = { channelId: message.channel_id, messageId: message.id };
  const data = editForm(subject, { language, styles });
  await respond(options.rest, interaction, { type: ANSWER_MODAL, data });
}

async function handleSubmit(
  interaction: APIModalSubmitInteraction,
  memory: MenuMemory,
  { rest, desk }: HandlerOptions,
): Promise<void> {
  const subject = readFormId(interaction.data.custom_id);
  if (subject === undefined) return;
  await respond(rest, interaction, deferral(false));
  const about = 'turn' in subject ? subject : { replied: await memory.find(subject) };
  await desk.hear(readSubmit(interaction, about));
}

async function handleAutocomplete(
  interaction: Autocomplete,
  { rest, desk }: HandlerOptions,
): Promise<void> {
  const choices = await suggest(interaction, targetOf(interaction).userId, desk);
  await respond(rest, interaction, { type: ANSWER_CHOICES, data: { choices } });
}
