/** Which platforms are there. */
import type { PlatformReport } from './report.ts';

export interface PlatformStates {
  /** A state that is known already changes nothing. */
  note(name: string, state: PlatformReport['state']): void;
  /** In the order in which they were first heard of. */
  report(): PlatformReport[];
}

interface Noted extends PlatformReport {
  /** Since when it had been connected before. */
  heldFrom?: number;
}

/** Gateways change connections several times a day, which takes seconds and is nobody's concern. */
const GRACE_MS = 30_000;

export function createPlatformStates(): PlatformStates {
  const platforms = new Map<string, Noted>();
  return {
    note(name, state) {
      const known = platforms.get(name);
      if (known?.state === state) return;
      if (known !== undefined && state === 'connecting') {
        platforms.set(name, { name, state, since: Date.now(), heldFrom: known.since });
        return;
      }
      const since = (known && heldFrom(known)) ?? Date.now();
      platforms.set(name, { name, state, since });
    },
    report: () => [...platforms.values()].map(seenFromOutside),
  };
}

/** Undefined once it has been away for longer than the grace, or never was there. */
function heldFrom({ since, heldFrom: from }: Noted): number | undefined {
  return Date.now() - since < GRACE_MS ? from : undefined;
}

function seenFromOutside(noted: Noted): PlatformReport {
  const { name, state, since } = noted;
  const from = heldFrom(noted);
  return from === undefined ? { name, state, since } : { name, state: 'connected', since: from };
}
