/** Who speaks: their language and what they have set. */
import { type Language, resolveLanguage } from '../job/words.ts';
import type { Logger } from '../ports.ts';
import type { Person } from '../types.ts';
import type { Models } from './models.ts';
import type { PersonSettings, Settings } from './settings.ts';

export interface Caller {
  /** With the language that they read. */
  person: Person;
  language: Language;
  settings: PersonSettings;
}

/** Never throws: who cannot be looked up has set nothing. */
export type MeetCaller = (person: Person) => Promise<Caller>;

export interface CallersOptions {
  settings: Settings;
  models: Pick<Models, 'known'>;
  /** For people whose platform names no language that we speak. */
  language: Language;
  logger: Logger;
}

export function createCallers(options: CallersOptions): MeetCaller {
  const { models, language: fallback, logger } = options;
  return async (person) => {
    const kept = await options.settings.of(person.id).catch((error: unknown) => {
      logger.error({ error }, 'settings not read');
      return {};
    });
    const told = await options.settings.languageOf(person).catch((error: unknown) => {
      logger.error({ error }, 'language not remembered');
      return person.language;
    });
    const settings = withoutLostModel(kept, models.known());
    const language = settings.language ?? resolveLanguage(told, fallback);
    return { person: { ...person, language }, language, settings };
  };
}

/** A model that the gateway no longer lists would fail every wish; the operator's takes its place. */
function withoutLostModel(settings: PersonSettings, known: readonly string[]): PersonSettings {
  const { model, ...others } = settings;
  const isLost = model !== undefined && known.length > 0 && !known.includes(model);
  return isLost ? others : settings;
}
