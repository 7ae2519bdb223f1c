/** What each person has set, and which language they read, for as long as they are not forgotten. */
import { createSerial } from '../job/serial.ts';
import type { Language } from '../job/words.ts';
import type { Store } from '../store/store.ts';
import type { Person, PictureOptions } from '../types.ts';

/** What is left out is the model's or the platform's choice. */
export interface PersonSettings extends PictureOptions {
  language?: Language;
}
export type SettingName = keyof PersonSettings;

export interface Settings {
  of(personId: string): Promise<PersonSettings>;
  /** Puts `change` in the place of one setting; an empty one unsets it. */
  choose(personId: string, name: SettingName, change: PersonSettings): Promise<void>;
  /** What the platform tells now, else what it told last: some tell it with commands and presses only. */
  languageOf(person: Person): Promise<string | undefined>;
  forget(personId: string): Promise<void>;
}

export function createSettings(store: Store): Settings {
  const rows = store.table<PersonSettings>('settings');
  const languages = store.table<string>('languages');
  // Two taps at once must not undo each other.
  const inTurn = createSerial();
  return {
    of: async (personId) => (await rows.get(personId)) ?? {},
    choose: (personId, name, change) =>
      inTurn(personId, async () => {
        const { [name]: _before, ...others } = (await rows.get(personId)) ?? {};
        await rows.set(personId, { ...others, ...change });
      }),
    async languageOf({ id, language }) {
      const known = await languages.get(id);
      if (language === undefined || language === known) return known;
      await languages.set(id, language);
      return language;
    },
    forget: (personId) =>
      inTurn(personId, async () => {
        await rows.delete(personId);
        await languages.delete(personId);
      }),
  };
}
