// Kept from fake timers, which tests may install.
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;

export interface Watchers {
  /** Has everyone who waits look again. */
  changed(): void;
  /** Calls `look` after every change, until the function that comes back is called. */
  watch(look: () => unknown): () => void;
  /** Resolves with the first truthy result of `probe`, asked after every change, and now and then for others. */
  waitFor<T>(probe: () => T | undefined | false, timeoutMs?: number): Promise<T>;
}

/** Lets tests wait for what a fake has seen; `seen` tells what that was when they wait in vain. */
export function createWatchers(seen: () => string): Watchers {
  const watchers = new Set<() => unknown>();
  return {
    changed() {
      for (const watcher of [...watchers]) watcher();
    },
    watch(look) {
      watchers.add(look);
      return () => void watchers.delete(look);
    },
    waitFor(probe, timeoutMs = 3000) {
      return new Promise((resolve, reject) => {
        const watcher = () => {
          const found = probe();
          if (!found) return;
          end();
          resolve(found);
        };
        const end = () => {
          clearTimeout(timer);
          clearInterval(ticks);
          watchers.delete(watcher);
        };
        const ticks = setInterval(watcher, 10);
        const timer = setTimeout(() => {
          end();
          reject(new Error(`waited ${timeoutMs} ms in vain; calls: ${seen()}`));
        }, timeoutMs);
        watchers.add(watcher);
        watcher();
      });
    },
  };
}
