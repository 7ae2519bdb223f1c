/** What can be chosen while a person types. */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  APIApplicationCommandAutocompleteInteraction as Autocomplete,
  APIApplicationCommandOptionChoice as Choice,
} from 'discord.js';
import type { Desk } from '../core/index.ts';
import { PLATFORM } from './target.ts';
import { truncate } from './text.ts';

/** Discord waits three seconds; a list that comes later is worth nothing. */
const PATIENCE_MS = 2000;
const MAX_CHOICES = 25;
const CHOICE_UNITS = 100;

/** Never throws: without a list, people type on. */
export async function suggest(
  { data, locale }: Autocomplete,
  userId: string,
  desk: Pick<Desk, 'models' | 'styles'>,
): Promise<Choice<string>[]> {
  const options: { name: string; value?: unknown; focused?: boolean }[] = data.options;
  const { name, value = '' } = options.find(({ focused }) => focused) ?? {};
  const typed = String(value).toLowerCase();
  const person = { id: `${PLATFORM}:${userId}`, language: locale };
  const all = name === 'model' ? models(desk) : styles(desk, person);
  const known = await Promise.race([all.catch(() => []), sleep(PATIENCE_MS, [])]);
  return known
    .filter(({ name: label, value: id }) => `${label}\n${id}`.toLowerCase().includes(typed))
    .filter(({ value: id }) => id.length <= CHOICE_UNITS)
    .slice(0, MAX_CHOICES);
}

async function models(desk: Pick<Desk, 'models'>): Promise<Choice<string>[]> {
  const ids = await desk.models();
  return ids.map((id) => ({ name: truncate(id, CHOICE_UNITS), value: id }));
}

async function styles(
  desk: Pick<Desk, 'styles'>,
  person: Parameters<Desk['styles']>[0],
): Promise<Choice<string>[]> {
  const all = await desk.styles(person);
  return all.map(({ name, label }) => ({ name: truncate(label, CHOICE_UNITS), value: name }));
}
