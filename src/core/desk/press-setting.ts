/** The menu of settings: opened, turned and chosen from. */
import { say } from '../job/words.ts';
import type { Press, PressAnswer, Reply } from '../types.ts';
import type { Caller, MeetCaller } from './callers.ts';
import { viewOf } from './commands.ts';
import type { Models } from './models.ts';
import { noteOf } from './orders.ts';
import type { Settings } from './settings.ts';
import { changeOf, type SettingPress, settingReply, settingsReply } from './settings-menu.ts';
import { shortId } from './short-id.ts';

export interface PressSettingOptions {
  settings: Settings;
  models: Pick<Models, 'all'>;
  meet: MeetCaller;
}

export async function pressSetting(
  { owner, name, code }: SettingPress,
  press: Press,
  caller: Caller,
  { settings, models, meet }: PressSettingOptions,
): Promise<PressAnswer> {
  const personId = caller.person.id;
  if (owner !== shortId(personId)) return noteOf(say(caller.language, 'press.not-yours'));
  const known = await models.all();
  const view = viewOf(caller, known);
  if (name === undefined) return replaceBy(settingsReply(view));
  const change = code === undefined ? undefined : changeOf(view, name, code);
  // Also where the list of models has changed under the menu: the new one is shown.
  if (change === undefined) return replaceBy(settingReply(view, name));
  await settings.choose(personId, name, change);
  return replaceBy(settingsReply(viewOf(await meet(press.person), known)));
}

function replaceBy(reply: Reply): PressAnswer {
  return { type: 'replace', reply };
}
