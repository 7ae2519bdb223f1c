/** What a press does. Everything is looked up by the id on the button, so that it also works after a restart. */
import { toEaselError } from '../errors.ts';
import type { Access } from '../job/access.ts';
import { readButtonId } from '../job/buttons.ts';
import { failureMessage } from '../job/messages.ts';
import { say } from '../job/words.ts';
import type { Logger } from '../ports.ts';
import type { Press, PressAnswer } from '../types.ts';
import type { Caller, MeetCaller } from './callers.ts';
import { noteOf } from './orders.ts';
import { type PressJobOptions, pressCancel, pressRetry } from './press-job.ts';
import { type PressSettingOptions, pressSetting } from './press-setting.ts';
import { type PressStyleOptions, pressStyle } from './press-style.ts';
import { type PressTurnOptions, pressTurn } from './press-turn.ts';
import { readSettingId } from './settings-menu.ts';
import { readStyleId } from './style-menu.ts';

export type PressOptions = PressJobOptions &
  PressTurnOptions &
  PressStyleOptions &
  PressSettingOptions & { access: Pick<Access, 'check'>; meet: MeetCaller; logger: Logger };

/** Never throws. */
export function createPress(options: PressOptions): (press: Press) => Promise<PressAnswer> {
  const { access, meet, logger } = options;
  return async (press) => {
    const caller = await meet(press.person);
    try {
      access.check(press);
      return await answer(press, caller, options);
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code === 'internal') logger.error({ error }, 'a press failed');
      const values = { person: press.person.id };
      return noteOf(failureMessage(caller.language, error, { values }));
    }
  };
}

async function answer(press: Press, caller: Caller, options: PressOptions): Promise<PressAnswer> {
  const known = readButtonId(press.button);
  if (known !== undefined) {
    const { action, subject } = known;
    if (action === 'cancel') return pressCancel(subject, press, caller, options);
    if (action === 'retry') return pressRetry(subject, press, caller, options);
    return pressTurn({ action, subject }, press, caller, options);
  }
  const style = readStyleId(press.button);
  if (style !== undefined) return pressStyle(style, press, caller, options);
  const setting = readSettingId(press.button);
  if (setting !== undefined) return pressSetting(setting, press, caller, options);
  return noteOf(say(caller.language, 'press.gone'));
}
