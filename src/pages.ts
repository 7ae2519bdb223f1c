/** Everything that is served over HTTP: health, metrics, the webhook, and the pages behind their gate. */
import type { Hono } from 'hono';
import type { Config } from './config.ts';
import type { Core, Logger, Store } from './core/index.ts';
import type { Setup } from './setup.ts';
import type { Stop } from './stop.ts';
import { createGate } from './web/gate.ts';
import { healthRoutes } from './web/health.ts';
import { metricsRoutes } from './web/metrics.ts';
import { createOperator } from './web/operator.ts';
import { startWebServer, type WebServerOptions } from './web/server.ts';
import { createStudio, STUDIO, type Studio } from './web/studio.ts';

/** Uploads that no message shows any more. */
const SWEEP_EVERY_MS = 6 * 3_600_000;
const ENV_HINT = ['PROVIDERS=ohmygpt', 'OHMYGPT_API_KEY=<your key>'];

export interface PageParts {
  setup: Setup;
  store: Store;
  core: Core;
  logger: Logger;
  stop: Stop;
}

export interface Pages {
  /** Of the studio; holds a one-time key where strangers could reach it. */
  address: string;
  port: number;
}

/** @throws EaselError `bad-config` when the port cannot be had */
export async function openPages(
  config: Config,
  { setup, store, core, logger, stop }: PageParts,
  webhook: WebServerOptions['webhook'],
): Promise<Pages> {
  const { host, port } = config.http;
  const { retentionMs } = config;
  const gate = createGate({ host, isPublished: webhook !== undefined });
  const studio = createStudio({
    desk: core.desk,
    table: store.table('web-messages', retentionMs === undefined ? {} : { ttlMs: retentionMs }),
    retentionMs,
    dataDir: config.dataDir,
    pictures: setup.painter.pictures,
    gate,
    maxUploadBytes: config.limits.maxImageBytes,
    envHint: paintsForReal(config) ? [] : ENV_HINT,
    logger,
  });
  const operator = createOperator({
    report: core.report,
    stopJob: async (jobId) => core.stopJob(jobId),
    gate,
    language: config.language,
  });
  const server = await startWebServer({
    host,
    port,
    routes: [...openRoutes(core, store), gate.routes, studio.routes, operator.routes],
    ...(webhook && { webhook }),
    logger,
  });
  stop.first(() => server.close());
  // From here on recovered jobs post, so it comes last.
  core.desk.connect(STUDIO, studio.platform);
  core.notePlatform(STUDIO, 'connected');
  sweepRegularly(studio);
  const name = host.includes(':') ? `[${host}]` : host;
  return { address: `http://${name}:${server.port}${gate.entrance}`, port: server.port };
}

function sweepRegularly({ sweep }: Studio): void {
  setInterval(() => void sweep(), SWEEP_EVERY_MS).unref();
  void sweep();
}

/** What needs no gate. */
function openRoutes(core: Core, store: Store): Hono[] {
  const anyTable = store.table('health');
  const health = healthRoutes({
    askStore: () => anyTable.get('ready'),
    platforms: () => core.report().platforms,
  });
  return [health, metricsRoutes(core)];
}

function paintsForReal({ providers }: Config): boolean {
  return providers.some(({ name }) => name !== 'sandbox');
}

/** What someone reads who has not set any platform. */
export function welcome(config: Config, address: string): string {
  const painter = paintsForReal(config)
    ? `It paints with ${config.providers.map(({ name }) => name).join(', ')}, which may cost money.`
    : `The sandbox paints here: test pictures, free. Two lines in a file named .env make them real:\n\n${ENV_HINT.map((line) => `  ${line}`).join('\n')}`;
  return `Easel's studio: ${address}\n\n${painter}\n\n${TO_CHATS}\n`;
}

const TO_CHATS = `Neither TELEGRAM_BOT_TOKEN nor DISCORD_BOT_TOKEN is set; either brings Easel into that chat (.env.example lists every
setting). Without a browser: npm run imagine -- "a fox in snow" --out fox.png`;
