/** Buttons and selects. */
import type {
  APIButtonComponent,
  APIMessageTopLevelComponent,
  APIStringSelectComponent,
} from 'discord.js';
import { type Button, type ChoiceGroup, type Language, say } from '../core/index.ts';
import { BUTTON, DANGER, ROW, SECONDARY, SELECT } from './api.ts';
import { truncate } from './text.ts';

type Component = APIMessageTopLevelComponent;

/** A message has at most five rows, of five buttons or one select each. */
const MAX_ROWS = 5;
const MAX_IN_ROW = 5;
const LABEL_UNITS = 80;
const OPTION_UNITS = 100;
const PLACEHOLDER_UNITS = 150;
const MAX_OPTIONS = 25;

/** Marks a select of `/settings`; its number follows. */
export const SETTING = 'setting:';

/** Rows that are too long go on in the next. `look` is that of all of them. */
export function buttonRows(buttons: Button[][], look: 'plain' | 'danger' = 'plain'): Component[] {
  const style = look === 'danger' ? DANGER : SECONDARY;
  const rows = buttons.flatMap((row) =>
    Array.from({ length: Math.ceil(row.length / MAX_IN_ROW) }, (_, index) =>
      row.slice(index * MAX_IN_ROW, (index + 1) * MAX_IN_ROW),
    ),
  );
  return rows.slice(0, MAX_ROWS).map((row) => ({
    type: ROW,
    components: row.map(
      ({ label, id }): APIButtonComponent => ({
        type: BUTTON,
        style,
        label: truncate(label, LABEL_UNITS),
        custom_id: id,
      }),
    ),
  }));
}

/** One select for each group, five at most in one message. */
export function selectRows(groups: ChoiceGroup[], language: Language): Component[] {
  return groups.slice(0, MAX_ROWS).map((group, index) => ({
    type: ROW,
    components: [selectOf(group, `${SETTING}${index}`, language)],
  }));
}

function selectOf(
  { label, choices }: ChoiceGroup,
  id: string,
  language: Language,
): APIStringSelectComponent {
  const named = (value: string) => say(language, 'settings.is', { setting: label, value });
  return {
    type: SELECT,
    custom_id: id,
    placeholder: truncate(label, PLACEHOLDER_UNITS),
    options: choices.slice(0, MAX_OPTIONS).map((choice) => ({
      // The select shows its chosen option only, so that says of what it is.
      label: truncate(choice.isChosen ? named(choice.label) : choice.label, OPTION_UNITS),
      value: choice.id,
      default: choice.isChosen,
    })),
  };
}
