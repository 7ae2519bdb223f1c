/** Writes that wait a while, so that many changes of a row are one write. */
import type { Logger } from '../ports.ts';

export interface LateWrites {
  /** The row of this key has changed. */
  want(key: string): void;
  /** Writes what waits, and nothing from then on. Never rejects. */
  close(): Promise<void>;
}

export function createLateWrites(
  write: (key: string) => Promise<void>,
  { waitMs, logger }: { waitMs: number; logger: Logger },
): LateWrites {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let written = Promise.resolve();
  let isClosed = false;

  function want(key: string): void {
    changed.add(key);
    if (isClosed) return;
    timer ??= setTimeout(() => void writeAll(), waitMs).unref();
  }

  function writeAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    written = written.then(async () => {
      for (const key of [...changed]) await writeOne(key);
    });
    return written;
  }

  async function writeOne(key: string): Promise<void> {
    changed.delete(key);
    try {
      await write(key);
    } catch (error) {
      logger.warn({ error }, 'figures of a day not written');
      want(key);
    }
  }

  return {
    want,
    close() {
      isClosed = true;
      return writeAll();
    },
  };
}
