/** The studio: a page in the browser as one more platform. */
import { join } from 'node:path';
import { Hono } from 'hono';
import type { Desk, Logger, Platform } from '../core/index.ts';
import { apiRoutes } from './api.ts';
import { createChats, type MessageTable } from './chats.ts';
import { eventRoutes } from './events.ts';
import { type FileOptions, fileRoutes } from './files.ts';
import type { Gate } from './gate.ts';
import { pageRoutes } from './page.ts';
import { addPageHeaders, refuseForeign } from './page-headers.ts';
import { createStudioPlatform } from './platform.ts';
import { createUploads } from './uploads.ts';

export interface StudioOptions {
  desk: Pick<Desk, 'hear' | 'press' | 'settings' | 'styles' | 'language'>;
  /** Keeps the chats. */
  table: MessageTable;
  /** How long messages are kept, as the table has it; for ever without. */
  retentionMs: number | undefined;
  /** Uploads lie in `uploads` there. */
  dataDir: string;
  /** Where stored pictures lie. */
  pictures: FileOptions['pictures'];
  gate: Pick<Gate, 'guard'>;
  /** For one picture. */
  maxUploadBytes: number;
  /** Lines of `.env` that make pictures real, for when only the sandbox paints; else none. */
  envHint: readonly string[];
  logger: Logger;
}

export interface Studio {
  /** To be connected to the desk under `STUDIO`. */
  platform: Platform;
  /** `/`, `/page/*`, `/api/*`, `/pictures/*`, `/uploads/*` */
  routes: Hono;
  /**
   * Removes messages that are past the retention, and uploads that none shows any more; how many uploads. To be called at
   * the start and now and then. Never rejects.
   */
  sweep(): Promise<number>;
}

export { PLATFORM as STUDIO } from './target.ts';

const PATHS = ['/', '/page/*', '/api/*', '/pictures/*', '/uploads/*'];

export function createStudio(options: StudioOptions): Studio {
  const { table, retentionMs, dataDir, gate, maxUploadBytes, logger } = options;
  const chats = createChats({ table, logger });
  const uploads = createUploads({ directory: join(dataDir, 'uploads'), maxBytes: maxUploadBytes });
  const routes = new Hono();
  for (const path of PATHS) routes.use(path, addPageHeaders, gate.guard, refuseForeign);
  routes.route('/', pageRoutes());
  routes.route('/', apiRoutes({ ...options, chats, uploads }));
  routes.route('/', eventRoutes({ chats }));
  routes.route('/', fileRoutes({ ...options, chats, uploads }));
  return {
    platform: createStudioPlatform({ chats, uploads }),
    routes,
    async sweep() {
      try {
        if (retentionMs !== undefined) await chats.removeBefore(Date.now() - retentionMs);
        return await uploads.sweep(await chats.uploads());
      } catch {
        return 0; // the chats cannot be read, which is logged; next time, then
      }
    },
  };
}
