/** Buttons and selects: what the desk answers, in the ways that Discord has for it. */
import type { APIMessage, APIMessageComponentInteraction as Component } from 'discord.js';
import type { ChoiceGroup, Language, Logger, Press, PressAnswer, Reply } from '../core/index.ts';
import { say } from '../core/index.ts';
import type { Acks, Pending } from './acks.ts';
import {
  ANSWER_MESSAGE,
  ANSWER_MODAL,
  ANSWER_UPDATE,
  DEFER_UPDATE,
  EPHEMERAL,
  SUPPRESS_EMBEDS,
} from './api.ts';
import { bodyOf, type Content } from './body.ts';
import { buttonRows, SETTING, selectRows } from './components.ts';
import { formWords } from './form-words.ts';
import { editForm } from './forms.ts';
import type { HandlerOptions } from './interactions.ts';
import { readContext, targetOf } from './request.ts';
import { failureFields, type Rest } from './rest.ts';
import { type Answering, messageRef } from './target.ts';
import { escapeText, splitText } from './text.ts';

/** Discord waits three seconds for the first answer; most of one is for the way there and back. */
const PATIENCE_MS = 2000;
/** A job that a button began says so itself, mostly within this; the note beside it is then left out. */
const WORK_MS = 400;

export interface PressOptions extends HandlerOptions {
  acks: Acks;
}

/** Sees to one press from its first answer to its last. Rejects when Discord takes no answer. */
export async function handlePress(interaction: Component, options: PressOptions): Promise<void> {
  const pending = options.acks.open(interaction);
  const { custom_id } = interaction.data;
  const isSetting = custom_id.startsWith(SETTING) && 'values' in interaction.data;
  const [chosen = custom_id] = 'values' in interaction.data ? interaction.data.values : [];
  if (isSetting) await deferUpdate(pending);
  const late = setTimeout(() => void deferQuietly(pending, options.logger), PATIENCE_MS);
  try {
    const answer = await options.desk.press(readPress(interaction, chosen));
    if (isSetting) await renew(interaction, answer, options);
    else await show(interaction, answer, { ...options, pending });
  } finally {
    clearTimeout(late);
  }
}

function deferUpdate(pending: Pending): Promise<boolean> {
  return pending.answer('update', { type: DEFER_UPDATE });
}

async function deferQuietly(pending: Pending, logger: Logger): Promise<void> {
  await deferUpdate(pending).catch((error: unknown) =>
    logger.warn(failureFields(error), 'discord: a press was not acknowledged'),
  );
}

function readPress(interaction: Component, button: string): Press {
  const { message } = interaction;
  const isEphemeral = ((message.flags ?? 0) & EPHEMERAL) !== 0;
  const target = (answering: Answering) => ({
    ...targetOf(interaction, { answering, isEphemeral, files: message.attachments }),
    messageId: message.id,
  });
  const { isPrivate: _, ...context } = readContext(interaction, target('reply'));
  // Discord has no people who speak as a channel.
  return { ...context, button, speaksForChat: async () => false, takeOver: target('update') };
}

interface ShowOptions extends PressOptions {
  pending: Pending;
}

function show(interaction: Component, answer: PressAnswer, options: ShowOptions): Promise<unknown> {
  switch (answer.type) {
    case 'note':
      return showNote(interaction, answer.text, options);
    case 'replace':
      return replace(interaction, answer.reply, options);
    case 'ask':
      return ask(interaction, answer, options);
  }
}

/** For the presser alone; nothing where a message of the press's own says enough. */
async function showNote(
  interaction: Component,
  text: string,
  { pending, rest }: ShowOptions,
): Promise<void> {
  if (text === '') return void (await deferUpdate(pending));
  if (await isTakenSoon(pending)) return;
  const data = await bodyOf(plain(text), { flags: EPHEMERAL | SUPPRESS_EMBEDS });
  if (await pending.answer('complete', { type: ANSWER_MESSAGE, data })) return;
  await followUp(rest, interaction, data);
}

/** Whether a message of the press's own comes before the note would. */
function isTakenSoon({ taken }: Pending): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, WORK_MS, false);
    void taken.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

async function replace(
  interaction: Component,
  reply: Reply,
  { pending, rest }: ShowOptions,
): Promise<void> {
  const data = await bodyOf(plain(reply.text, reply));
  if (await pending.answer('complete', { type: ANSWER_UPDATE, data })) return;
  await rest.patch(`${webhookOf(interaction)}/messages/${interaction.message.id}`, {
    body: data,
    anonymous: true,
  });
}

/** A form; when it is too late for that, a message to be answered. */
async function ask(
  interaction: Component,
  { text, turn }: Extract<PressAnswer, { type: 'ask' }>,
  { pending, rest, ...options }: ShowOptions,
): Promise<void> {
  const { person } = readContext(interaction, targetOf(interaction));
  const data = editForm({ turn }, await formWords(person, options));
  if (await pending.answer('complete', { type: ANSWER_MODAL, data })) return;
  const message = await followUp<APIMessage>(rest, interaction, await bodyOf(plain(text)));
  await options.desk.link(messageRef(message.channel_id, message.id), turn);
}

/** The selects once more, with what is chosen now. */
async function renew(
  interaction: Component,
  answer: PressAnswer,
  { rest, desk, language: fallback }: PressOptions,
): Promise<void> {
  const { person } = readContext(interaction, targetOf(interaction));
  const language = await desk.language(person).catch((): Language => fallback);
  const body = await bodyOf(settingsContent(await desk.settings(person), language));
  await rest.patch(`${webhookOf(interaction)}/messages/@original`, { body, anonymous: true });
  if (answer.type !== 'note' || answer.text === '') return;
  const note = await bodyOf(plain(answer.text), { flags: EPHEMERAL | SUPPRESS_EMBEDS });
  await followUp(rest, interaction, note);
}

export function settingsContent(groups: ChoiceGroup[], language: Language): Content {
  return {
    content: escapeText(say(language, 'settings.title')),
    components: selectRows(groups, language),
  };
}

function plain(text: string, { buttons }: Pick<Reply, 'buttons'> = { buttons: [] }): Content {
  const [content = ''] = splitText(escapeText(text));
  return { content, components: buttonRows(buttons) };
}

function followUp<T>(rest: Rest, interaction: Component, body: object): Promise<T> {
  return rest.post<T>(webhookOf(interaction), { body, anonymous: true, query: { wait: 'true' } });
}

function webhookOf({ application_id, token }: Component) {
  return `/webhooks/${application_id}/${token}` as const;
}
