/** Tells `ADMINS` of what only they can mend: once, not per user. */
import type { EaselError } from '../errors.ts';
import type { Platform } from '../ports.ts';
import { operatorNotice } from './messages.ts';
import type { Language } from './words.ts';

export interface OperatorsOptions {
  /** `platform:id`. */
  admins: readonly string[];
  language: Language;
  /** Platforms by name, as they connect. */
  platforms: ReadonlyMap<string, Platform>;
}

/** The same trouble is told again after this long, in case the first notice was forgotten. */
const SILENCE_MS = 6 * 3_600_000;

/** Resolves to whether an operator has had a notice of this failure, now or lately; never rejects. */
export function createOperatorNotices({
  admins,
  language,
  platforms,
}: OperatorsOptions): (error: EaselError) => Promise<boolean> {
  const told = new Map<string, number>();
  return async (error) => {
    const text = operatorNotice(language, error);
    if (text === undefined) return false;
    const trouble = `${error.provider} ${error.code}`;
    const last = told.get(trouble);
    if (last !== undefined && Date.now() - last < SILENCE_MS) return true;
    told.set(trouble, Date.now());
    const notices = admins.map((admin) => tell(platforms.get(platformOf(admin)), admin, text));
    const isTold = (await Promise.all(notices)).includes(true);
    if (!isTold) told.delete(trouble);
    return isTold;
  };
}

/** A notice is extra: whatever becomes of it, the job goes on. */
async function tell(platform: Platform | undefined, admin: string, text: string): Promise<boolean> {
  try {
    return (await platform?.notify(admin, text)) ?? false;
  } catch {
    // The port promises not to throw; a platform that does has logged its reason.
    return false;
  }
}

function platformOf(personId: string): string {
  return personId.split(':', 1)[0] ?? '';
}
