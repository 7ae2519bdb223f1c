/** Buttons below a result. */
import type { Conversations } from '../conversation/conversations.ts';
import { shown } from '../conversation/place.ts';
import { descriptionOf, type Turn } from '../conversation/turn.ts';
import type { ButtonAction } from '../job/buttons.ts';
import type { Engine } from '../job/engine.ts';
import { type Language, say } from '../job/words.ts';
import type { Origin, PictureOptions, PictureRequest, Press, PressAnswer } from '../types.ts';
import type { Caller } from './callers.ts';
import { type Begin, noteOf } from './orders.ts';
import type { SendOriginals } from './originals.ts';
import { maySpeakFor, orderer } from './press-owner.ts';

export interface PressTurnOptions {
  engine: Pick<Engine, 'submit'>;
  conversations: Pick<Conversations, 'find'>;
  begin: Begin;
  sendOriginals: SendOriginals;
  admins: readonly string[];
}

export type TurnAction = Exclude<ButtonAction, 'cancel' | 'retry'>;

/** What is asked of the turn. */
type Order = Pick<PictureRequest, 'prompt' | 'description' | 'inputs' | 'origin' | 'options'>;

export async function pressTurn(
  { action, subject }: { action: TurnAction; subject: string },
  press: Press,
  caller: Caller,
  options: PressTurnOptions,
): Promise<PressAnswer> {
  const { conversations, admins } = options;
  const turn = await conversations.find(subject);
  if (turn === undefined) return noteOf(say(caller.language, 'press.gone'));
  if (!(await maySpeakFor(turn.personId, press, admins))) {
    return noteOf(say(caller.language, 'press.not-yours'));
  }
  return act(action, turn, press, caller, options);
}

async function act(
  action: TurnAction,
  turn: Turn,
  press: Press,
  caller: Caller,
  options: PressTurnOptions,
): Promise<PressAnswer> {
  const { language } = caller;
  switch (action) {
    case 'edit':
      return { type: 'ask', text: say(language, 'ask.change'), turn: turn.id };
    case 'original': {
      const work = () => options.sendOriginals(turn, press, language);
      return options.begin(press.button, language, { work, note: say(language, 'press.started') });
    }
    case 'again':
      return pressAgain(turn, press, caller, options);
    case 'variations':
      return order(variationsOf(turn, language), turn, press, caller, options);
    case 'upscale':
      return order(upscaled(turn), turn, press, caller, options);
  }
}

/** Without the turn before it the same words would mean something else, and cost as much. */
async function pressAgain(
  turn: Turn,
  press: Press,
  caller: Caller,
  options: PressTurnOptions,
): Promise<PressAnswer> {
  const { parent, prompt, description, inputs, options: asked } = turn;
  const isLost = parent !== undefined && (await options.conversations.find(parent)) === undefined;
  if (isLost) return noteOf(say(caller.language, 'press.gone'));
  const same = { prompt, inputs, origin: beforeTurn(turn), options: asked };
  const again = description === undefined ? same : { ...same, description };
  return order(again, turn, press, caller, options);
}

function beforeTurn({ parent, chosen }: Turn): Origin {
  if (parent === undefined) return 'new';
  return shown(parent, chosen);
}

const VARIATION_PROMPT =
  'Make a fresh variation of this picture. Keep the idea, the main subject, the style, the mood and the palette, and keep every person and animal recognisable; choose another composition, camera angle, pose and light, and other details, so that it is clearly a different picture of the same thing and not a copy.';

/** Enough to choose from; each costs as much as a picture. */
const VARIATIONS = 2;

function variationsOf(turn: Turn, language: Language): Order {
  const label = say(language, 'button.variations');
  return instructed(turn, { prompt: VARIATION_PROMPT, label, change: { count: VARIATIONS } });
}

const UPSCALE_PROMPT =
  'Render this picture again at the highest resolution. Change nothing: the same composition, framing, subjects, faces, poses, colours, light, style and lettering, everything in the same place. Only make it sharper, with true fine detail where it is soft.';

function upscaled(turn: Turn): Order {
  const change = { size: '4K' as const, count: turn.pictures.length };
  return instructed(turn, { prompt: UPSCALE_PROMPT, label: '4K', change });
}

/** The model follows English best; people go on reading their own words, and what became of them. */
function instructed(
  turn: Turn,
  { prompt, label, change }: { prompt: string; label: string; change: PictureOptions },
): Order {
  const description = `${descriptionOf(turn)} · ${label}`;
  const options = { ...turn.options, ...change };
  return { prompt, description, inputs: [], origin: { turn: turn.id }, options };
}

function order(
  asked: Order,
  turn: Turn,
  press: Press,
  caller: Caller,
  { engine, begin }: PressTurnOptions,
): PressAnswer {
  const { id, button, chat, target } = press;
  const person = orderer(turn.personId, press, caller.person);
  const by = { id, kind: 'picture' as const, person, chat, button, target };
  const work = () => engine.submit({ ...by, ...asked, attachments: [] });
  return begin(button, caller.language, { work, note: say(caller.language, 'press.started') });
}
