import { checkCount, checkText, DiscordFailure, invalid, required } from './discord-failure.ts';
import type { Values } from './discord-multipart.ts';

export interface CommandOption extends Values {
  type: number;
  name: string;
  description: string;
  required?: boolean;
  autocomplete?: boolean;
  choices?: {
    name: string;
    value: string | number;
    name_localizations?: Record<string, string>;
  }[];
  options?: CommandOption[];
  min_value?: number;
  max_value?: number;
  max_length?: number;
  file_types?: string[];
}

export interface Command extends Values {
  id: string;
  /** 1 slash, 2 person, 3 message. */
  type: number;
  name: string;
  options?: CommandOption[];
  nsfw: boolean;
  integration_types: number[];
  contexts: number[] | null;
}

const LOCALES = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
);
/** Commands by type: slash, person, message (15 each since March 2026). */
const MOST = [0, 100, 15, 15];
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Global commands, held to Discord's rules. */
export function createCommands({
  applicationId,
  snowflake,
}: {
  applicationId: string;
  snowflake: () => string;
}) {
  let commands: Command[] = [];

  function complete(raw: Values, id: string): Command {
    return {
      default_member_permissions: null,
      dm_permission: true,
      description: '',
      name_localizations: null,
      description_localizations: null,
      nsfw: false,
      integration_types: [0],
      contexts: null,
      ...raw,
      id,
      type: Number(raw.type ?? 1),
      name: String(raw.name),
      application_id: applicationId,
      version: snowflake(),
    };
  }

  function find(name: unknown, type: unknown): Command | undefined {
    return commands.find((each) => each.name === name && each.type === Number(type ?? 1));
  }

  return {
    list: () => commands,
    find,
    /** PUT: takes the place of all; who keeps name and type keeps the id. */
    replace(list: Values[]): Command[] {
      for (const [index, raw] of list.entries()) checkCommand(raw, `${index}`);
      for (const [type, max] of MOST.entries()) {
        if (list.filter((raw) => Number(raw.type ?? 1) === type).length > max)
          throw new DiscordFailure(30_032);
      }
      const twice = findTwin(list);
      if (twice >= 0) {
        throw invalid(
          `${twice}`,
          'APPLICATION_COMMANDS_DUPLICATE_NAME',
          'Application command names must be unique',
        );
      }
      commands = list.map((raw) => complete(raw, find(raw.name, raw.type)?.id ?? snowflake()));
      return commands;
    },
    /** POST: adds one, or takes the place of the one with this name. */
    upsert(raw: Values): Command {
      checkCommand(raw, '');
      const before = find(raw.name, raw.type);
      const command = complete(raw, before?.id ?? snowflake());
      commands = [...commands.filter((each) => each !== before), command];
      return command;
    },
    remove(id: string): void {
      if (!commands.some((each) => each.id === id)) throw new DiscordFailure(10_063);
      commands = commands.filter((each) => each.id !== id);
    },
  };
}

export type Commands = ReturnType<typeof createCommands>;

function checkCommand(raw: Values, at: string): void {
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const isSlash = Number(raw.type ?? 1) === 1;
  if (raw.name === undefined) throw required(path('name'));
  if (isSlash) checkName(raw.name, path('name'));
  else checkText(raw.name, path('name'), { min: 1, max: 32 });
  if (isSlash) checkText(raw.description, path('description'), { min: 1, max: 100 });
  else if (raw.description) {
    throw invalid(
      path('description'),
      'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET',
      'Context menu commands cannot have description',
    );
  }
  checkLocales(raw, path, isSlash);
  checkValues(raw.integration_types, path('integration_types'), [0, 1]);
  checkValues(raw.contexts, path('contexts'), [0, 1, 2]);
  checkOptions((raw.options ?? []) as CommandOption[], path('options'));
  checkSize(raw, at);
}

function checkName(name: unknown, path: string): void {
  const text = String(name);
  if (!NAME.test(text) || text !== text.toLowerCase()) {
    throw invalid(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  }
}

function checkLocales(raw: Values, path: (name: string) => string, isSlash: boolean): void {
  for (const field of ['name', 'description']) {
    const key = `${field}_localizations`;
    for (const [locale, text] of Object.entries((raw[key] ?? {}) as Record<string, string>)) {
      const at = path(`${key}.${locale}`);
      if (!LOCALES.has(locale)) {
        throw invalid(path(key), 'DICT_TYPE_KEY_ENUM', `Value of field "${locale}" is no locale`);
      }
      if (field === 'name' && isSlash) checkName(text, at);
      else checkText(text, at, { min: 1, max: field === 'name' ? 32 : 100 });
    }
  }
}

/** The first that has the name of an earlier one of its type, as it is or in the language of some people; or -1. */
function findTwin(parts: Values[]): number {
  const nameIn = (part: Values, locale: string) => {
    const names = (part.name_localizations ?? {}) as Values;
    return `${part.type ?? 1} ${names[locale] ?? part.name}`;
  };
  return parts.findIndex((part, index) =>
    ['', ...LOCALES].some((locale) =>
      parts.slice(0, index).some((other) => nameIn(other, locale) === nameIn(part, locale)),
    ),
  );
}

function checkValues(values: unknown, path: string, allowed: number[]): void {
  const list = (values ?? []) as number[];
  const wrong = list.findIndex((each) => !allowed.includes(each));
  if (wrong < 0) return;
  throw invalid(
    `${path}.${wrong}`,
    'BASE_TYPE_CHOICES',
    `Value must be one of {${allowed.join(', ')}}.`,
  );
}

function checkOptions(options: CommandOption[], path: string): void {
  checkCount(options, path, { max: 25 });
  let isOptional = false;
  for (const [index, option] of options.entries()) {
    const at = `${path}.${index}`;
    checkOption(option, at);
    if (option.required === true && isOptional) {
      throw invalid(
        at,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    isOptional ||= option.required !== true;
  }
  const twice = findTwin(options.map((option) => ({ ...option, type: 0 })));
  if (twice >= 0) {
    const at = `${path}.${twice}`;
    throw invalid(at, 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Option names must be unique');
  }
}

function checkOption(option: CommandOption, path: string): void {
  const at = (name: string) => `${path}.${name}`;
  if (!(option.type >= 1 && option.type <= 11))
    throw invalid(at('type'), 'BASE_TYPE_CHOICES', 'Value must be one of {1..11}.');
  checkName(option.name, at('name'));
  checkText(option.description, at('description'), { min: 1, max: 100 });
  checkLocales(option, at, true);
  checkCount(option.choices, at('choices'), { max: 25 });
  checkCount(option.file_types, at('file_types'), { max: 10 });
  for (const [index, { name, value, ...more }] of (option.choices ?? []).entries()) {
    for (const [locale, text] of Object.entries(more.name_localizations ?? {})) {
      checkText(text, at(`choices.${index}.name_localizations.${locale}`), { min: 1, max: 100 });
    }
    checkText(name, at(`choices.${index}.name`), { min: 1, max: 100 });
    checkText(value, at(`choices.${index}.value`), { min: 1, max: 100 });
  }
  if (option.autocomplete && option.choices?.length) {
    throw invalid(
      at('autocomplete'),
      'APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE',
      'Autocomplete and choices exclude each other',
    );
  }
  if (option.options) checkOptions(option.options, at('options'));
}

/** As GET and PUT answer: what is false or empty in options is left out, and all languages come only when asked for. */
export function showCommand(command: Command, hasLanguages: boolean): Values {
  return { ...showPart(command, hasLanguages), nsfw: command.nsfw };
}

function showPart(part: Values, hasLanguages: boolean): Values {
  const kept = Object.entries(part).filter(([key, value]) => {
    const isNothing = value === false || (Array.isArray(value) && value.length === 0);
    return !isNothing && (hasLanguages || !key.endsWith('_localizations'));
  });
  const { options } = part;
  const inner = (options ?? []) as Values[];
  return {
    ...Object.fromEntries(kept),
    ...(inner.length > 0 && { options: inner.map((each) => showPart(each, hasLanguages)) }),
  };
}

/** Names, descriptions and values of a command and its options: 8,000 characters, the longest language counting. */
function checkSize(raw: Values, path: string): void {
  if (sizeOf(raw) <= 8000) return;
  throw invalid(path, 'APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)');
}

function sizeOf(part: Values): number {
  const longest = (field: string) => {
    const others = Object.values((part[`${field}_localizations`] ?? {}) as Record<string, string>);
    return Math.max(...[String(part[field] ?? ''), ...others].map((text) => text.length));
  };
  const inner = [...((part.options ?? []) as Values[]), ...((part.choices ?? []) as Values[])];
  const own = longest('name') + longest('description') + String(part.value ?? '').length;
  return own + inner.reduce((sum, each) => sum + sizeOf(each), 0);
}
