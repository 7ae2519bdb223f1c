/** What each person has set, for as long as they do not forget it. */
import { createSerial } from '../job/serial.ts';
import type { Language } from '../job/words.ts';
import type { Store } from '../store/store.ts';
import type { PictureOptions } from '../types.ts';

/** What is left out is the model's or the platform's choice. */
export interface PersonSettings extends PictureOptions {
  language?: Language;
}
export type SettingName = keyof PersonSettings;

export interface Settings {
  of(personId: string): Promise<PersonSettings>;
  /** Puts `change` in the place of one setting; an empty one unsets it. */
  choose(personId: string, name: SettingName, change: PersonSettings): Promise<void>;
  forget(personId: string): Promise<void>;
}

export function createSettings(store: Store): Settings {
  const rows = store.table<PersonSettings>('settings');
  // Two taps at once must not undo each other.
  const inTurn = createSerial();
  return {
    of: async (personId) => (await rows.get(personId)) ?? {},
    choose: (personId, name, change) =>
      inTurn(personId, async () => {
        const { [name]: _before, ...others } = (await rows.get(personId)) ?? {};
        await rows.set(personId, { ...others, ...change });
      }),
    forget: (personId) =>
      inTurn(personId, async () => {
        await rows.delete(personId);
      }),
  };
}
