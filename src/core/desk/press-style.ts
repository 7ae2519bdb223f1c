/** A style chosen from the menu of a picture without words. */
import type { Engine } from '../job/engine.ts';
import { say } from '../job/words.ts';
import type { Press, PressAnswer } from '../types.ts';
import type { Caller } from './callers.ts';
import { type Begin, noteOf } from './orders.ts';
import type { PendingWishes } from './pending.ts';
import { maySpeakFor, orderer } from './press-owner.ts';
import { type StyleEntry, styledWords } from './styles.ts';

export interface PressStyleOptions {
  engine: Pick<Engine, 'submit'>;
  begin: Begin;
  pending: Pick<PendingWishes, 'find'>;
  styles: readonly StyleEntry[];
  admins: readonly string[];
}

export async function pressStyle(
  { pendingId, name }: { pendingId: string; name: string },
  press: Press,
  caller: Caller,
  options: PressStyleOptions,
): Promise<PressAnswer> {
  const { engine, begin, pending, styles, admins } = options;
  const { language } = caller;
  const wish = await pending.find(pendingId);
  const style = styles.find((known) => known.name === name);
  if (wish === undefined || style === undefined) return noteOf(say(language, 'press.gone'));
  const { personId, ...asked } = wish;
  if (!(await maySpeakFor(personId, press, admins))) {
    return noteOf(say(language, 'press.not-yours'));
  }
  // One menu becomes one status message, so all its buttons count as one.
  const button = `y:${pendingId}`;
  const request = {
    inputs: [],
    ...asked,
    id: press.id,
    kind: 'picture' as const,
    person: orderer(personId, press, caller.person),
    chat: press.chat,
    ...styledWords(style, '', language),
    button,
    target: press.takeOver,
  };
  return begin(button, language, { work: () => engine.submit(request), note: '' });
}
