/** Commands that cost nothing. */
import type { Conversations } from '../conversation/conversations.ts';
import type { Engine } from '../job/engine.ts';
import { say, type WordKey } from '../job/words.ts';
import type { Store } from '../store/store.ts';
import type { Command, IncomingMessage } from '../types.ts';
import type { AwaitedWords } from './awaited.ts';
import type { Caller } from './callers.ts';
import { type Models, refusalOf } from './models.ts';
import type { Answer } from './outcome.ts';
import type { PendingWishes } from './pending.ts';
import { inWords } from './replies.ts';
import type { Settings } from './settings.ts';
import { type SettingsView, settingReply, settingsReply } from './settings-menu.ts';

export interface CommandOptions {
  engine: Pick<Engine, 'cancelAll' | 'forget' | 'imagesToday'>;
  conversations: Pick<Conversations, 'leave' | 'forget'>;
  store: Pick<Store, 'scrub'>;
  settings: Settings;
  pending: Pick<PendingWishes, 'forget'>;
  awaited: Pick<AwaitedWords, 'settle'>;
  models: Pick<Models, 'all'>;
  admins: readonly string[];
  /** 0 for none. */
  dailyImagesPerUser: number;
}

type Answering = (message: IncomingMessage, caller: Caller) => Promise<Answer>;
export type PlainCommand = Exclude<Command, 'imagine' | 'edit' | 'describe' | 'style'>;

export function createCommands(options: CommandOptions): Record<PlainCommand, Answering> {
  const { engine, conversations, models, awaited } = options;
  return {
    start: async (_message, caller) => inCallersWords(caller, 'start'),
    help: async (_message, caller) => inCallersWords(caller, 'help'),
    async new({ chat }, caller) {
      const where = { chat, personId: caller.person.id };
      await conversations.leave(where);
      await awaited.settle(where);
      return inCallersWords(caller, 'new.done');
    },
    async cancel(_message, caller) {
      const stopped = engine.cancelAll(caller.person.id);
      return inCallersWords(caller, stopped > 0 ? 'cancel.done' : 'cancel.nothing');
    },
    async settings(_message, caller) {
      return { reply: settingsReply(viewOf(caller, await models.all())) };
    },
    model: (message, caller) => chooseModel(message, caller, options),
    usage: (_message, caller) => tellUsage(caller, options),
    forget: (_message, caller) => forget(caller, options),
  };
}

export function viewOf(
  { person, language, settings }: Caller,
  models: readonly string[],
): SettingsView {
  return { personId: person.id, language, settings, models };
}

function inCallersWords(
  { language }: Caller,
  key: WordKey,
  values: Record<string, string | number> = {},
): Answer {
  return { reply: inWords(say(language, key, values)) };
}

/** `/model` opens the menu, `/model <id>` chooses at once, `/model auto` goes back. */
async function chooseModel(
  { words, options }: IncomingMessage,
  caller: Caller,
  { settings, models }: CommandOptions,
): Promise<Answer> {
  const typed = words.trim() || (options.model ?? '');
  const known = await models.all();
  if (typed === '') return { reply: settingReply(viewOf(caller, known), 'model') };
  if (typed.toLowerCase() === 'auto') {
    await settings.choose(caller.person.id, 'model', {});
    return inCallersWords(caller, 'model.auto');
  }
  const model = known.find((id) => id.toLowerCase() === typed.toLowerCase()) ?? typed;
  const refusal = refusalOf(model, known);
  if (refusal === undefined) await settings.choose(caller.person.id, 'model', { model });
  return inCallersWords(caller, refusal ?? 'model.set', { model: model.slice(0, MAX_ECHO) });
}

/** Of what someone typed; longer than any model's id that is known. */
const MAX_ECHO = 100;

async function tellUsage(caller: Caller, options: CommandOptions): Promise<Answer> {
  const { admins, dailyImagesPerUser: limit } = options;
  const made = await options.engine.imagesToday(caller.person.id);
  const isFree = limit === 0 || admins.includes(caller.person.id);
  return inCallersWords(caller, isFree ? 'usage.today' : 'usage.of-limit', { made, limit });
}

/** Jobs first, so that none of them leaves a new turn behind. */
async function forget(caller: Caller, options: CommandOptions): Promise<Answer> {
  const { id } = caller.person;
  const loaded = await options.engine.forget(id);
  await options.conversations.forget(id, loaded);
  await options.pending.forget(id);
  await options.settings.forget(id);
  await options.store.scrub();
  return inCallersWords(caller, 'forget.done');
}
