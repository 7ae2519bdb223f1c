import type { APIMessage, APIUser } from 'discord.js';
import type { Commands } from './discord-commands.ts';
import { type Component, TYPE, walk } from './discord-components.ts';
import { fillForm } from './discord-forms.ts';
import type { DiscordInteraction } from './discord-interaction.ts';
import type { Interactions } from './discord-interactions.ts';
import { createMessage, editMessage } from './discord-messages.ts';
import type { Values } from './discord-multipart.ts';
import { readOptions } from './discord-options.ts';
import type { Channel, StoredMessage, World } from './discord-world.ts';

/** A file that a person sends. */
export interface PersonFile {
  bytes: Buffer;
  /** `fox.png` unless said. */
  name?: string;
  /** By the name's ending unless said. */
  contentType?: string;
  /** Size as Discord declares it; the bytes' own unless said. */
  size?: number;
}

export type OptionValue = string | number | boolean | PersonFile;
/** What a person fills a field of a form with. */
export type FieldValue = string | boolean | string[] | PersonFile[];

export interface PersonSetup {
  id?: string;
  /** Discord's code: `en-US`, `ja`, `zh-CN`. */
  locale?: string;
  name?: string;
  isBot?: boolean;
  /** They installed the app for themselves: commands work in guilds without the bot too. */
  hasInstalled?: boolean;
}

export interface Said {
  files?: PersonFile[];
  replyTo?: APIMessage;
  /** Whether the reply pings its author, as it does unless switched off: then they may read it. Default true. */
  ping?: boolean;
  /** Puts a mention of the bot before the words. */
  mentionBot?: boolean;
}

/**
 * Someone on Discord. What they do is sent to the bot; messages come back as people see them, interactions as what
 * became of them so far. Throws for what Discord's apps would not let them do.
 */
export interface DiscordPerson {
  readonly user: APIUser;
  /** Their channel with the bot, opened when first asked for. */
  readonly dm: string;
  /** A slash command, options by name; a space parts the name of a subcommand. */
  command(
    channelId: string,
    name: string,
    options?: Record<string, OptionValue>,
  ): DiscordInteraction;
  /** An entry of the menu of a message or person. */
  menu(channelId: string, name: string, target: APIMessage | DiscordPerson): DiscordInteraction;
  /** The first button that can be pressed, unless `customId` says which. */
  presses(message: APIMessage, customId?: string): DiscordInteraction;
  selects(message: APIMessage, customId: string, values: string[]): DiscordInteraction;
  /** Fills the form that the interaction was answered with, by the fields' custom ids. */
  submits(interaction: DiscordInteraction, values: Record<string, FieldValue>): DiscordInteraction;
  /** Types into option `focused`; the choices come in the interaction. */
  autocompletes(
    channelId: string,
    name: string,
    focused: string,
    options?: Record<string, OptionValue>,
  ): DiscordInteraction;
  says(channelId: string, content: string, said?: Said): APIMessage;
  directMessages(content: string, said?: Said): APIMessage;
  forwards(channelId: string, message: APIMessage): APIMessage;
  edits(message: APIMessage, content: string): APIMessage;
  /** From now on the bot cannot write to them in private. */
  blocksBot(): void;
}

export interface PersonWorld {
  world: World;
  commands: Commands;
  interactions: Interactions;
}

export function createDiscordPerson(
  { world, commands, interactions }: PersonWorld,
  { locale = 'en-US', hasInstalled = false, ...setup }: PersonSetup = {},
): DiscordPerson {
  const user = world.addUser(setup);
  if (hasInstalled) world.installed.add(user.id);

  function start(
    channelId: string,
    input: { type: 2 | 3 | 4 | 5; data: Values; source?: StoredMessage | undefined },
  ) {
    return interactions.start({ ...input, user, locale, channel: world.channelOf(channelId) });
  }

  /** A command that this person sees in this channel. */
  function commandFor(channelId: string, name: string, type: number) {
    const command = commands.find(name, type);
    const channel = world.channelOf(channelId);
    if (command === undefined) throw new Error(`no command ${name} of type ${type}`);
    const problem = whyNotHere(command, channel);
    if (problem) throw new Error(`${name} is not offered here: ${problem}`);
    return command;
  }

  function whyNotHere(
    command: ReturnType<Commands['list']>[number],
    channel: Channel,
  ): string | undefined {
    const context = channel.guild ? 0 : channel.kind === 'dm' ? 1 : 2;
    const byGuild =
      command.integration_types.includes(0) && (channel.guild?.isJoined || context === 1);
    const byUser = command.integration_types.includes(1) && world.installed.has(user.id);
    if (!byGuild && !byUser) return 'the app is not installed for it';
    if (!(command.contexts ?? [0, 1, 2]).includes(context)) return `not in context ${context}`;
    if (command.nsfw && !world.isRestricted(channel)) return 'not age-restricted';
    return undefined;
  }

  function slash(
    channelId: string,
    words: string,
    values: Record<string, OptionValue>,
    focused?: string,
  ) {
    const [name = '', ...path] = words.split(' ');
    const { id, options = [] } = commandFor(channelId, name, 1);
    const read = readOptions({ world, channelId }, { options, path, values, focused });
    const type = focused === undefined ? 2 : 4;
    return start(channelId, { type, data: { id, name, type: 1, ...read } });
  }

  /** A component that can be used: on a message that is there for this person, and not disabled. */
  function componentOf(message: APIMessage, fits: (component: Component) => boolean) {
    const stored = world.messages.get(message.id);
    const isMine = stored?.viewerId === undefined || stored.viewerId === user.id;
    if (stored === undefined || stored.isDeleted || !isMine)
      throw new Error(`no message ${message.id}`);
    const all = [...walk(stored.message.components as unknown as Component[])];
    const found = all.find(({ component }) => fits(component) && !component.disabled)?.component;
    if (found === undefined) throw new Error(`message ${message.id} has no such component to use`);
    return { stored, component: found };
  }

  function touches(
    stored: StoredMessage,
    component: Component,
    more: Values = {},
  ): DiscordInteraction {
    const { type, id, custom_id } = component;
    const data = { component_type: type, id, custom_id, ...more };
    return start(stored.message.channel_id, { type: 3, data, source: stored });
  }

  function posts(channelId: string, body: Values, files: PersonFile[] = []): APIMessage {
    const channel = world.channelOf(channelId);
    const uploads = files.map(({ bytes, name = 'fox.png', contentType, size }, index) => ({
      bytes,
      filename: name,
      index: String(index),
      sha256: '',
      contentType,
      size,
    }));
    const stored = createMessage(world, {
      channel,
      author: user,
      body,
      files: uploads,
    });
    return world.show(stored);
  }

  return {
    user,
    get dm() {
      return world.dmWith(user.id).id;
    },
    command: (channelId, name, options = {}) => slash(channelId, name, options),
    autocompletes: (channelId, name, focused, options = {}) =>
      slash(channelId, name, options, focused),
    menu(channelId, name, target) {
      const isPerson = 'user' in target;
      const { id } = commandFor(channelId, name, isPerson ? 2 : 3);
      const about = isPerson
        ? { users: { [target.user.id]: target.user } }
        : { messages: { [target.id]: shown(target) } };
      const target_id = isPerson ? target.user.id : target.id;
      const data = { id, name, type: isPerson ? 2 : 3, target_id, resolved: about };
      return start(channelId, { type: 2, data });
    },
    presses(message, customId) {
      const { stored, component } = componentOf(
        message,
        (each) =>
          each.type === TYPE.button &&
          each.custom_id !== undefined &&
          (customId ?? each.custom_id) === each.custom_id,
      );
      return touches(stored, component);
    },
    selects(message, customId, values) {
      const { stored, component } = componentOf(message, (each) => each.custom_id === customId);
      const offered = component.options?.map(({ value }) => value) ?? values;
      const [min, max] = [Number(component.min_values ?? 1), Number(component.max_values ?? 1)];
      if (
        values.length < min ||
        values.length > max ||
        values.some((value) => !offered.includes(value))
      ) {
        throw new Error(`${customId} does not offer ${values.join(', ')}`);
      }
      return touches(stored, component, { values });
    },
    submits(interaction, values) {
      const opened = interactions.find(interaction.token);
      if (opened?.modal === undefined || opened.user.id !== user.id)
        throw new Error('there is no form');
      const data = fillForm({ world, channelId: opened.channel.id }, opened.modal, values);
      return start(opened.channel.id, { type: 5, data, source: opened.source });
    },
    says(channelId, content, { files, replyTo, ping = true, mentionBot = false } = {}) {
      const words = mentionBot ? `<@${world.me.id}> ${content}`.trim() : content;
      const reply = replyTo && {
        message_reference: { message_id: replyTo.id },
        ...(!ping && { allowed_mentions: { parse: ['users'], replied_user: false } }),
      };
      return posts(channelId, { content: words, ...reply }, files);
    },
    directMessages(content, said) {
      return this.says(this.dm, content, said);
    },
    forwards(channelId, message) {
      const { id: message_id, channel_id } = message;
      return posts(channelId, { message_reference: { type: 1, message_id, channel_id } });
    },
    edits({ id }, content) {
      const stored = world.messages.get(id);
      if (stored?.message.author.id !== user.id) throw new Error('not their message');
      editMessage(world, stored, { body: { content }, files: [] });
      return world.show(stored);
    },
    blocksBot() {
      world.blocked.add(user.id);
    },
  };

  function shown({ id }: APIMessage): APIMessage {
    const stored = world.messages.get(id);
    if (stored === undefined || stored.isDeleted) throw new Error(`no message ${id}`);
    return world.show(stored);
  }
}
