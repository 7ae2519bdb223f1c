/** Buttons of jobs and turns: what they say, and the short ids by which they are known again, also after a restart. */
import type { Turn } from '../conversation/turn.ts';
import type { Button } from '../types.ts';
import { modelFamily } from '../wire/models.ts';
import { type Language, say } from './words.ts';

/** What a button of a job (`cancel`, `retry`) or of a turn does. */
export type ButtonAction =
  | 'cancel'
  | 'retry'
  | 'again'
  | 'variations'
  | 'edit'
  | 'upscale'
  | 'original';

const LETTERS: Record<ButtonAction, string> = {
  cancel: 'x',
  retry: 'r',
  again: 'a',
  variations: 'v',
  edit: 'e',
  upscale: 'u',
  original: 'o',
};
const ACTIONS = Object.keys(LETTERS) as ButtonAction[];

/** `x:` and the like, then the id of a job or turn. */
export function buttonId(action: ButtonAction, subject: string): string {
  return `${LETTERS[action]}:${subject}`;
}

/** Undefined for an id that is none of these: forged, or of another kind. */
export function readButtonId(id: string): { action: ButtonAction; subject: string } | undefined {
  const [, letter, subject = ''] = /^([a-z]):([\w-]{12})$/.exec(id) ?? [];
  const action = ACTIONS.find((known) => LETTERS[known] === letter);
  return action && { action, subject };
}

export function cancelButton(language: Language, jobId: string): Button {
  return { label: say(language, 'button.cancel'), id: buttonId('cancel', jobId) };
}

/** `Try again`, or `Order a new one` where the first may have been paid. */
export function retryButton(language: Language, jobId: string, maybeBilled: boolean): Button {
  const label = say(language, maybeBilled ? 'button.order-anew' : 'button.retry');
  return { label, id: buttonId('retry', jobId) };
}

/** Below every result. */
export function resultButtons(
  language: Language,
  turn: Pick<Turn, 'id' | 'model' | 'pictures'>,
): Button[][] {
  const button = (action: Exclude<ButtonAction, 'cancel' | 'retry'>): Button => ({
    label: say(language, `button.${action}`),
    id: buttonId(action, turn.id),
  });
  const upscale = canUpscale(turn) ? [button('upscale')] : [];
  return [
    [button('again'), button('variations')],
    [button('edit'), ...upscale, button('original')],
  ];
}

/** From about 3K on a picture counts as 4K: ratios other than 1:1 have sides of their own. */
const LARGE_PIXELS = 3_000 ** 2;

function canUpscale({ model, pictures }: Pick<Turn, 'model' | 'pictures'>): boolean {
  const canMake = modelFamily(model)?.sizes.includes('4K') ?? false;
  return canMake && pictures.some(({ width, height }) => width * height < LARGE_PIXELS);
}
