/** The commands as Discord registers them, in every language that it shows them in. */
import type {
  RESTPostAPIApplicationCommandsJSONBody as Definition,
  LocalizationMap,
  APIApplicationCommandBasicOption as Option,
} from 'discord.js';
import { ASPECT_RATIOS, type Command, IMAGE_SIZES, type Language, say } from '../core/index.ts';
import { CHAT_INPUT, MESSAGE_MENU } from './api.ts';
import { toTraditional } from './traditional.ts';
import { type DiscordWordKey, word } from './words.ts';

/** What can be asked for by a slash; models and styles are options here. */
export const SLASH_COMMANDS = [
  'imagine',
  'edit',
  'describe',
  'new',
  'settings',
  'cancel',
  'usage',
  'forget',
  'help',
] as const satisfies readonly Command[];
export type SlashCommand = (typeof SLASH_COMMANDS)[number];

/** Entries of a message's menu, by the name that Discord sends back. */
export const MENUS = { edit: 'Edit image', describe: 'Describe image' } as const;

/** Types of options. */
const STRING = 3;
const INTEGER = 4;
const ATTACHMENT = 11;
/** Servers and people can install the app; it works in servers, in private with the bot, and between people. */
const EVERYWHERE = { integration_types: [0, 1], contexts: [0, 1, 2] };
/** Longest text of an option that Discord takes is 6,000; the core's limit is its own. */
const PROMPT_UNITS = 6000;
const MAX_COUNT = 10;

type Text = (language: Language) => string;

/**
 * Slash commands keep their English names, by which the help speaks of them on every platform; options, menus and
 * descriptions are in the person's language.
 */
export function commandDefinitions(): Definition[] {
  return [
    slash('imagine', [
      prompt('discord.option.prompt', true),
      imageOption('', false),
      ...moreImages(),
      ...looks(),
      lookedUp('model'),
      lookedUp('style'),
    ]),
    slash('edit', [
      imageOption('', true),
      prompt('discord.option.change', true),
      ...moreImages(),
      ...looks(),
      lookedUp('style'),
    ]),
    slash('describe', [imageOption('', true), prompt('discord.option.question', false)]),
    ...SLASH_COMMANDS.slice(3).map((name) => slash(name, [])),
    menu('edit'),
    menu('describe'),
  ] as Definition[];
}

function slash(name: SlashCommand, options: Option[]) {
  const text: Text = (language) =>
    name === 'edit' ? word(language, 'discord.edit') : say(language, `command.${name}`);
  return { type: CHAT_INPUT, name, ...described(text), options, ...EVERYWHERE };
}

function menu(name: keyof typeof MENUS) {
  const text: Text = (language) => word(language, `discord.menu.${name}`);
  return { type: MESSAGE_MENU, ...named(MENUS[name], text), ...EVERYWHERE };
}

function named(name: string, text: Text) {
  return { name, name_localizations: inLanguages(text) };
}

function described(text: Text) {
  return { description: text('en'), description_localizations: inLanguages(text) };
}

function inLanguages(text: Text): LocalizationMap {
  const zh = text('zh');
  return { 'zh-CN': zh, 'zh-TW': toTraditional(zh), ja: text('ja') };
}

type OptionName = 'prompt' | 'image' | 'aspect-ratio' | 'size' | 'count' | 'model' | 'style';

/** What all options have; `number` tells several of a kind apart. */
function about(name: OptionName | 'question', description: DiscordWordKey, number = '') {
  const nameOf: Text = (language) => word(language, `discord.name.${name}`) + number;
  return {
    ...named(nameOf('en'), nameOf),
    ...described((language) => word(language, description)),
  };
}

function prompt(description: DiscordWordKey, required: boolean): Option {
  const name = required ? 'prompt' : 'question';
  return { type: STRING, ...about(name, description), required, max_length: PROMPT_UNITS };
}

function imageOption(number: string, required: boolean): Option {
  const key = number === '' ? 'discord.option.image' : 'discord.option.another-image';
  return { type: ATTACHMENT, ...about('image', key, number), required, file_types: ['image'] };
}

function moreImages(): Option[] {
  return ['2', '3', '4'].map((number) => imageOption(number, false));
}

function looks(): Option[] {
  return [
    {
      type: STRING,
      ...about('aspect-ratio', 'discord.option.aspect-ratio'),
      choices: ASPECT_RATIOS.map((ratio) => ({ name: ratio, value: ratio })),
    },
    {
      type: STRING,
      ...about('size', 'discord.option.size'),
      choices: IMAGE_SIZES.map((size) => ({ name: size, value: size })),
    },
    {
      type: INTEGER,
      ...about('count', 'discord.option.count'),
      min_value: 1,
      max_value: MAX_COUNT,
    },
  ];
}

/** Its values are looked up while the person types. */
function lookedUp(name: 'model' | 'style'): Option {
  return { type: STRING, ...about(name, `discord.option.${name}`), autocomplete: true };
}
