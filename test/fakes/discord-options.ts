/** Values of a slash command's options as Discord hands them to the bot. */
import type { CommandOption } from './discord-commands.ts';
import type { Values } from './discord-multipart.ts';
import type { OptionValue, PersonFile } from './discord-person.ts';
import type { World } from './discord-world.ts';

/** Where a person types: files they add belong there. */
export interface Place {
  world: World;
  channelId: string;
}

interface Typed {
  options: CommandOption[];
  /** Names of the subcommand, outermost first. */
  path: string[];
  values: Record<string, OptionValue>;
  /** The option that is being typed into: then nothing needs to be complete. */
  focused?: string | undefined;
}

const ATTACHMENT = 11;
/** Endings of the group `image` in `file_types`. */
const PICTURES = ['png', 'gif', 'jpg', 'jpeg', 'jfif', 'webp', 'avif'];

export function readOptions(place: Place, { options, path, values, focused }: Typed): Values {
  const [head, ...rest] = path;
  if (head !== undefined) {
    const sub = options.find(({ name }) => name === head);
    if (sub === undefined) throw new Error(`no subcommand ${head}`);
    const inner = { options: sub.options ?? [], path: rest, values, focused };
    const { resolved, ...read } = readOptions(place, inner);
    return {
      options: [{ type: sub.type, name: head, ...read }],
      ...(resolved !== undefined && { resolved }),
    };
  }
  const unknown = Object.keys(values).find(
    (name) => !options.some((option) => option.name === name),
  );
  if (unknown !== undefined) throw new Error(`no option ${unknown}`);
  const missing = options.find(({ name, required }) => required && values[name] === undefined);
  if (missing && focused === undefined) throw new Error(`option ${missing.name} is required`);
  const attachments: Values = {};
  const read = Object.entries(values).map(([name, value]) => {
    const option = options.find((each) => each.name === name) as CommandOption;
    const isFocused = focused === name;
    if (!isFocused) check(option, value);
    const given = isFile(value) ? addFile(place, value, attachments) : value;
    return { type: option.type, name, value: given, ...(isFocused && { focused: true }) };
  });
  const hasFiles = Object.keys(attachments).length > 0;
  return {
    ...(read.length > 0 && { options: read }),
    ...(hasFiles && { resolved: { attachments } }),
  };
}

function isFile(value: OptionValue): value is PersonFile {
  return typeof value === 'object';
}

function check(option: CommandOption, value: OptionValue): void {
  const { name, type, choices } = option;
  const kind = { 3: 'string', 4: 'number', 5: 'boolean', 10: 'number', 11: 'object' }[type];
  if (typeof value !== kind) throw new Error(`option ${name} takes no ${typeof value}`);
  if (choices?.length && !choices.some((choice) => choice.value === value)) {
    throw new Error(`option ${name} does not offer ${value}`);
  }
  if (
    typeof value === 'number' &&
    (value < (option.min_value ?? value) || value > (option.max_value ?? value))
  ) {
    throw new Error(`option ${name} does not reach to ${value}`);
  }
  if (typeof value === 'string' && value.length > (option.max_length ?? 6000)) {
    throw new Error(`option ${name} is too long`);
  }
  if (type === ATTACHMENT && isFile(value)) checkEnding(value, option.file_types);
}

export function checkEnding({ name = 'fox.png' }: PersonFile, types: string[] | undefined): void {
  if (types === undefined || types.length === 0) return;
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const allowed = types.flatMap((type) => (type === 'image' ? PICTURES : type.replace(/^\./, '')));
  if (!allowed.includes(ending)) throw new Error(`${name} is none of ${types.join(', ')}`);
}

/** Uploads a file and gives its id; `attachments` gets what `resolved` says of it. */
export function addFile(
  { world, channelId }: Place,
  file: PersonFile,
  attachments: Values,
): string {
  const id = world.snowflake();
  const { bytes, name = 'fox.png', contentType, size } = file;
  const shown = { id, channelId, bytes, name, contentType, size, isEphemeral: true };
  attachments[id] = world.files.store(shown);
  return id;
}
