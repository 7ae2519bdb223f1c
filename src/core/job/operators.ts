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

/** Returns whether an operator has had a notice of this failure, now or lately. */
export function createOperatorNotices({
  admins,
  language,
  platforms,
}: OperatorsOptions): (error: EaselError) => boolean {
  const told = new Map<string, number>();
  return (error) => {
    const text = operatorNotice(language, error);
    const reachable = admins.filter((admin) => platforms.has(platformOf(admin)));
    if (text === undefined || reachable.length === 0) return false;
    const trouble = `${error.provider} ${error.code}`;
    const last = told.get(trouble);
    if (last !== undefined && Date.now() - last < SILENCE_MS) return true;
    told.set(trouble, Date.now());
    for (const admin of reachable) void tell(platforms.get(platformOf(admin)), admin, text);
    return true;
  };
}

/** A notice is extra: whatever becomes of it, the job goes on. */
async function tell(platform: Platform | undefined, admin: string, text: string): Promise<void> {
  try {
    await platform?.notify(admin, text);
  } catch {
    // The port promises not to throw; a platform that does has logged its reason.
  }
}

function platformOf(personId: string): string {
  return personId.split(':', 1)[0] ?? '';
}
