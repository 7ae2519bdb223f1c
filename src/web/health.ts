/** `/readyz`: whether people are served. Open to everyone, since it holds nothing that is anybody's. */
import { Hono } from 'hono';
import type { PlatformReport } from '../core/index.ts';
import { onlyRead } from './only-read.ts';

export interface HealthOptions {
  /** Rejects, or does not come to an end, when the store is out of order. */
  askStore(): Promise<unknown>;
  platforms(): PlatformReport[];
}

/** A store that takes longer serves nobody. */
const STORE_TIMEOUT_MS = 2_000;

export function healthRoutes({ askStore, platforms }: HealthOptions): Hono {
  const routes = new Hono();
  onlyRead(routes, '/readyz', async (context) => {
    const missing = platforms().filter(({ state }) => state !== 'connected');
    const problems = missing.map(({ name }) => `${name}: not connected`);
    if (!(await isQuick(askStore, STORE_TIMEOUT_MS))) problems.push('store: does not answer');
    if (problems.length > 0) return context.text(`${problems.join('\n')}\n`, 503);
    return context.text('ready');
  });
  return routes;
}

async function isQuick(ask: () => Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  try {
    return await Promise.race([ask().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
