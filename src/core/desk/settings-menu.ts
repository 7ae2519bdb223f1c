/** Everything that a person can set, as choices: in two levels of buttons, or as selects. */
import { LANGUAGES, type Language, say, type WordKey } from '../job/words.ts';
import { ASPECT_RATIOS, type Button, type ChoiceGroup, IMAGE_SIZES, type Reply } from '../types.ts';
import type { PersonSettings, SettingName } from './settings.ts';
import { shortId } from './short-id.ts';
import { inRows } from './style-menu.ts';

export interface SettingsView {
  /** Who may press: the buttons carry a sign of them. */
  personId: string;
  language: Language;
  settings: PersonSettings;
  /** Those that can be chosen. */
  models: readonly string[];
}

interface Choice {
  /** Stays the same when the list around it changes. */
  code: string;
  label: string;
  change: PersonSettings;
}

const SETTINGS: Record<SettingName, { letter: string; label: WordKey; aRow: number }> = {
  aspectRatio: { letter: 'r', label: 'settings.aspect-ratio', aRow: 4 },
  size: { letter: 'z', label: 'settings.size', aRow: 5 },
  count: { letter: 'n', label: 'settings.count', aRow: 5 },
  model: { letter: 'm', label: 'settings.model', aRow: 1 },
  language: { letter: 'l', label: 'settings.language', aRow: 2 },
};
const NAMES: SettingName[] = ['aspectRatio', 'size', 'count', 'model', 'language'];

const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', zh: '中文', ja: '日本語' };
const COUNTS = [1, 2, 3, 4];
/** With `Auto` a select is full (25, see `ChoiceGroup`). */
const MAX_MODELS = 24;
/** Longer ids than any that is known; platforms cut or refuse what is longer than 80. */
const MAX_LABEL = 60;

/** All settings with their values; each opens its choices. */
export function settingsReply(view: SettingsView): Reply {
  const { language, personId } = view;
  const buttons = NAMES.map((name) => [
    {
      label: say(language, 'settings.is', {
        setting: say(language, SETTINGS[name].label),
        value: presentLabel(view, name),
      }),
      id: `s:${shortId(personId)}:${SETTINGS[name].letter}`,
    },
  ]);
  return { text: say(language, 'settings.title'), buttons };
}

/** The choices of one setting, with a mark on the present one. */
export function settingReply(view: SettingsView, name: SettingName): Reply {
  const { language, personId } = view;
  const choices = choiceButtons(view, name).map(
    ({ isChosen, label, id }): Button => ({
      label: isChosen ? `✓ ${label}` : label,
      id,
    }),
  );
  const back = { label: say(language, 'settings.back'), id: `s:${shortId(personId)}` };
  const isUnknown = name === 'model' && view.models.length === 0;
  return {
    text: say(language, isUnknown ? 'model.none' : SETTINGS[name].label),
    buttons: [...(isUnknown ? [] : inRows(choices, SETTINGS[name].aRow)), [back]],
  };
}

export function choiceGroups(view: SettingsView): ChoiceGroup[] {
  return NAMES.map((name) => ({
    label: say(view.language, SETTINGS[name].label),
    choices: choiceButtons(view, name),
  }));
}

function choiceButtons(view: SettingsView, name: SettingName): ChoiceGroup['choices'] {
  const owner = shortId(view.personId);
  return choicesOf(view, name).map(({ code, label, change }) => ({
    label,
    id: `s:${owner}:${SETTINGS[name].letter}:${code}`,
    isChosen: change[name] === view.settings[name],
  }));
}

function presentLabel(view: SettingsView, name: SettingName): string {
  const chosen = choicesOf(view, name).find(({ change }) => change[name] === view.settings[name]);
  return chosen?.label ?? cut(String(view.settings[name]));
}

function choicesOf(view: SettingsView, name: SettingName): Choice[] {
  const auto = { code: '-', label: say(view.language, 'settings.auto'), change: {} };
  return [auto, ...valuesOf(view, name)];
}

function valuesOf(view: SettingsView, name: SettingName): Choice[] {
  switch (name) {
    case 'aspectRatio':
      return ASPECT_RATIOS.map((value) => choice(value, { aspectRatio: value }));
    case 'size':
      return IMAGE_SIZES.map((value) => choice(value, { size: value }));
    case 'count':
      return COUNTS.map((value) => choice(`${value}`, { count: value }));
    case 'model':
      return modelsOf(view).map((id) => choice(cut(id), { model: id }, shortId(id)));
    case 'language':
      return LANGUAGES.map((value) => choice(LANGUAGE_NAMES[value], { language: value }, value));
  }
}

function choice(label: string, change: PersonSettings, code = label): Choice {
  return { code, label, change };
}

/** The first ones, and always the chosen one. */
function modelsOf({ models, settings: { model } }: SettingsView): string[] {
  const first = models.slice(0, MAX_MODELS);
  if (model === undefined || !models.includes(model) || first.includes(model)) return first;
  return [...first.slice(0, -1), model];
}

function cut(label: string): string {
  return label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label;
}

/** What a button of the menu asks for: the list, one setting's choices, or a choice. */
export interface SettingPress {
  /** Of whom, as `shortId`. */
  owner: string;
  name?: SettingName;
  code?: string;
}

/** Undefined for an id of another kind. */
export function readSettingId(id: string): SettingPress | undefined {
  const [, owner, letter, code] = /^s:([\w-]{12})(?::([a-z])(?::([\w:-]{1,12}))?)?$/.exec(id) ?? [];
  const name = NAMES.find((known) => SETTINGS[known].letter === letter);
  if (owner === undefined || (letter !== undefined && name === undefined)) return undefined;
  return { owner, ...(name && { name }), ...(code !== undefined && { code }) };
}

/** What a choice changes; undefined when the list no longer has it. */
export function changeOf(
  view: SettingsView,
  name: SettingName,
  code: string,
): PersonSettings | undefined {
  return choicesOf(view, name).find((known) => known.code === code)?.change;
}
