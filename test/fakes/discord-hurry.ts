import { createRequire } from 'node:module';
import type * as Timers from 'node:timers/promises';
import { vi } from 'vitest';

/** How long discord.js waits before it connects anew; it sleeps for no other reason exactly so long. */
const RECONNECT_MS = 500;

/** Has discord.js connect anew nearly at once, in all tests of a file. */
export function hurryReconnects(): void {
  const timers: typeof Timers = createRequire(import.meta.url)('node:timers/promises');
  const wait = timers.setTimeout;
  vi.spyOn(timers, 'setTimeout').mockImplementation((delayMs, ...more) =>
    wait(delayMs === RECONNECT_MS ? 10 : delayMs, ...more),
  );
}
