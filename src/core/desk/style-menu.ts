/** The small menu for a picture without words. */
import { type Language, say } from '../job/words.ts';
import type { Button, Reply } from '../types.ts';
import { type StyleEntry, stylesIn } from './styles.ts';

/** A menu that is read at a glance; every other style answers to `/style` and its name. */
const MAX_STYLES = 8;
const STYLES_A_ROW = 2;

export function styleMenu(
  language: Language,
  styles: readonly StyleEntry[],
  pendingId: string,
): Reply {
  const buttons = stylesIn(language, styles.slice(0, MAX_STYLES)).map(({ name, label }) => ({
    label,
    id: `y:${pendingId}:${name}`,
  }));
  return { text: say(language, 'ask.words-for-picture'), buttons: inRows(buttons, STYLES_A_ROW) };
}

export function inRows<B extends Button>(buttons: readonly B[], length: number): B[][] {
  const rows = Math.ceil(buttons.length / length);
  return Array.from({ length: rows }, (_, row) => buttons.slice(row * length, (row + 1) * length));
}

/** Undefined for an id of another kind. */
export function readStyleId(id: string): { pendingId: string; name: string } | undefined {
  const [, pendingId, name] = /^y:([\w-]{12}):([A-Za-z0-9-]{1,32})$/.exec(id) ?? [];
  return pendingId === undefined || name === undefined ? undefined : { pendingId, name };
}
