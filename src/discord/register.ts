/** Tells Discord the commands, when they are not what it knows already: creating them anew each time has a daily limit. */
import { commandDefinitions } from './commands.ts';
import type { Rest } from './rest.ts';

/** Whether they were sent. */
export async function registerCommands(rest: Rest, applicationId: string): Promise<boolean> {
  const route = `/applications/${applicationId}/commands` as const;
  const wanted = commandDefinitions();
  const known = await rest.get<unknown>(route, { query: { with_localizations: 'true' } });
  if (isCovered(byName(wanted), byName(known))) return false;
  await rest.put(route, { body: wanted });
  return true;
}

/** Discord gives them in an order of its own. */
function byName(commands: unknown): unknown {
  if (!Array.isArray(commands)) return undefined;
  const keyOf = ({ type, name }: { type: number; name: string }) => `${type}:${name}`;
  return commands.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Rules of options and commands that Discord keeps from an older definition, and would not set by itself. */
const RULES = [
  ...['required', 'choices', 'autocomplete', 'file_types', 'nsfw'],
  ...['min_value', 'max_value', 'min_length', 'max_length'],
];

/** Whether `known` says what is `wanted`; Discord adds fields of its own, but neither rules nor entries to lists. */
function isCovered(wanted: unknown, known: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(known)) return isNothing(wanted) && isNothing(known);
    return wanted.length === known.length && wanted.every((one, at) => isCovered(one, known[at]));
  }
  if (!isRecord(wanted)) return wanted === known || (isNothing(wanted) && isNothing(known));
  if (!isRecord(known)) return false;
  const keys = new Set([...Object.keys(wanted), ...RULES]);
  return [...keys].every((key) => isCovered(wanted[key], known[key]));
}

/** What Discord leaves out when it is so: an option that is not required, a list without entries. */
function isNothing(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
