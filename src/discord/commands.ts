/** The commands as Discord registers them, in every language that it shows them in. */
import type {
  RESTPostAPIApplicationCommandsJSONBody as Definition,
  LocalizationMap,
  APIApplicationCommandBasicOption as Option,
} from 'discord.js';
import { ASPECT_RATIOS, type Command, IMAGE_SIZES, type Language, say } from '../core/index.ts';
import { CHAT_INPUT, MESSAGE_MENU } from './api.ts';
import { toTraditional } from './traditional.ts';

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
type AspectRatio = (typeof ASPECT_RATIOS)[number];

/** Discord shows names, descriptions and choices in the person's language, and sends back the English ones. */
export function commandDefinitions(): Definition[] {
  return [
    slash('imagine', [
      prompt('prompt', true),
      imageOption('', false),
      ...moreImages(),
      ...looks(),
      lookedUp('model'),
      lookedUp('style'),
    ]),
    slash('edit', [
      imageOption('', true),
      prompt('change', true),
      ...moreImages(),
      ...looks(),
      lookedUp('style'),
    ]),
    slash('describe', [imageOption('', true), prompt('question', false)]),
    ...SLASH_COMMANDS.slice(3).map((name) => slash(name, [])),
    menu('edit'),
    menu('describe'),
  ] as Definition[];
}

function slash(name: SlashCommand, options: Option[]) {
  const nameOf: Text = (language) => say(language, `discord.command.${name}`);
  return { type: CHAT_INPUT, ...named(name, nameOf), ...about(name), options, ...EVERYWHERE };
}

/**
 * The help and all other sentences speak of commands by their English names, on every platform. Discord finds those when
 * they are typed (discord-api-docs' issue 5001), and here they are seen beside the name in the person's language.
 */
function about(name: SlashCommand) {
  const text: Text = (language) =>
    say(language, name === 'edit' ? 'discord.about.edit' : `command.${name}`);
  return described((language) => `${text(language)}${language === 'en' ? '' : ` · /${name}`}`);
}

function menu(name: keyof typeof MENUS) {
  const nameOf: Text = (language) => say(language, `discord.menu.${name}`);
  return { type: MESSAGE_MENU, ...named(MENUS[name], nameOf), ...EVERYWHERE };
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

type OptionName =
  | 'prompt'
  | 'question'
  | 'image'
  | 'aspect_ratio'
  | 'size'
  | 'count'
  | 'model'
  | 'style';

/** What all options have: `meaning` where one name has several, `number` to tell several of a kind apart. */
function option(
  name: OptionName,
  { meaning = name, number = '' }: { meaning?: Meaning; number?: string } = {},
) {
  return {
    ...named(`${name}${number}`, (language) => say(language, `discord.option.${name}`) + number),
    ...described((language) => say(language, `discord.about.${meaning}`)),
  };
}

type Meaning = OptionName | 'change' | 'another-image';

function prompt(meaning: 'prompt' | 'change' | 'question', required: boolean): Option {
  const name = required ? 'prompt' : 'question';
  return { type: STRING, ...option(name, { meaning }), required, max_length: PROMPT_UNITS };
}

function imageOption(number: string, required: boolean): Option {
  const meaning = number === '' ? 'image' : 'another-image';
  const about = option('image', { meaning, number });
  return { type: ATTACHMENT, ...about, required, file_types: ['image'] };
}

function moreImages(): Option[] {
  return ['2', '3', '4'].map((number) => imageOption(number, false));
}

function looks(): Option[] {
  const sizes = IMAGE_SIZES.map((size) => ({ name: size, value: size }));
  return [
    { type: STRING, ...option('aspect_ratio'), choices: ASPECT_RATIOS.map(ratioChoice) },
    { type: STRING, ...option('size'), choices: sizes },
    { type: INTEGER, ...option('count'), min_value: 1, max_value: MAX_COUNT },
  ];
}

function ratioChoice(ratio: AspectRatio) {
  const [width = 0, height = 0] = ratio.split(':').map(Number);
  const shape = width === height ? 'square' : width > height ? 'wide' : 'tall';
  const text: Text = (language) => `${ratio} · ${say(language, `discord.shape.${shape}`)}`;
  return { ...named(text('en'), text), value: ratio };
}

/** Its values are looked up while the person types. */
function lookedUp(name: 'model' | 'style'): Option {
  return { type: STRING, ...option(name), autocomplete: true };
}
