/** Which platforms are there. */
import type { PlatformReport } from './report.ts';

export interface PlatformStates {
  /** A state that is known already changes nothing. */
  note(name: string, state: PlatformReport['state']): void;
  /** In the order in which they were first heard of. */
  report(): PlatformReport[];
}

export function createPlatformStates(): PlatformStates {
  const platforms = new Map<string, PlatformReport>();
  return {
    note(name, state) {
      if (platforms.get(name)?.state === state) return;
      platforms.set(name, { name, state, since: Date.now() });
    },
    report: () => [...platforms.values()],
  };
}
