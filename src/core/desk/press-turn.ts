/** Buttons below a result. */
import type { Conversations } from '../conversation/conversations.ts';
import type { Turn } from '../conversation/turn.ts';
import type { ButtonAction } from '../job/buttons.ts';
import type { Engine } from '../job/engine.ts';
import { say } from '../job/words.ts';
import type { Origin, PictureRequest, Press, PressAnswer } from '../types.ts';
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

/** What differs from the turn. */
type Change = Pick<PictureRequest, 'prompt' | 'inputs' | 'origin' | 'options'>;

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
      return order(variationsOf(turn), turn, press, caller, options);
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
  const { parent, prompt, inputs, options: asked } = turn;
  const isLost = parent !== undefined && (await options.conversations.find(parent)) === undefined;
  if (isLost) return noteOf(say(caller.language, 'press.gone'));
  const change = { prompt, inputs, origin: beforeTurn(turn), options: asked };
  return order(change, turn, press, caller, options);
}

function beforeTurn({ parent, chosen }: Turn): Origin {
  if (parent === undefined) return 'new';
  return chosen === undefined ? { turn: parent } : { turn: parent, picture: chosen };
}

const VARIATION_PROMPT =
  'Make a fresh variation of this picture. Keep the idea, the main subject, the style, the mood and the palette, and keep every person and animal recognisable; choose another composition, camera angle, pose and light, and other details, so that it is clearly a different picture of the same thing and not a copy.';

/** Enough to choose from; each costs as much as a picture. */
const VARIATIONS = 2;

function variationsOf({ id, options }: Turn): Change {
  const origin = { turn: id };
  return {
    prompt: VARIATION_PROMPT,
    inputs: [],
    origin,
    options: { ...options, count: VARIATIONS },
  };
}

const UPSCALE_PROMPT =
  'Render this picture again at the highest resolution. Change nothing: the same composition, framing, subjects, faces, poses, colours, light, style and lettering, everything in the same place. Only make it sharper, with true fine detail where it is soft.';

function upscaled({ id, options, pictures }: Turn): Change {
  const origin = { turn: id };
  const large = { ...options, size: '4K' as const, count: pictures.length };
  return { prompt: UPSCALE_PROMPT, inputs: [], origin, options: large };
}

function order(
  change: Change,
  turn: Turn,
  press: Press,
  caller: Caller,
  { engine, begin }: PressTurnOptions,
): PressAnswer {
  const { id, button, chat, target } = press;
  const person = orderer(turn.personId, press, caller.person);
  const asked = { id, kind: 'picture' as const, person, chat, button, target };
  const work = () => engine.submit({ ...asked, ...change, attachments: [] });
  return begin(button, caller.language, { work, note: say(caller.language, 'press.started') });
}
