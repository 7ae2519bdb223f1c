/** From the configuration to what can paint: what the bot and the command line both start with. */
import type { Config } from './config.ts';
import {
  createNetwork,
  createPainter,
  type Logger,
  type Network,
  type Painter,
  type Watch,
} from './core/index.ts';

export interface Setup {
  painter: Painter;
  network: Network;
  close(): Promise<void>;
}

/**
 * `watch` is told of each request to a provider.
 * @throws EaselError `bad-config`, `subject` the setting, for a folder that cannot be used
 */
export async function setUp(config: Config, logger: Logger, watch?: Watch): Promise<Setup> {
  const sandbox = await startSandbox(config);
  const network = createNetwork({
    proxy: config.proxy,
    // The sandbox is this very process: no proxy could reach it.
    noProxy: [config.noProxy, sandbox?.host].filter(Boolean).join(','),
  });
  const closeRest = () => Promise.all([network.close(), sandbox?.close()]);
  try {
    const options = painterOptions(config, sandbox?.origin);
    const painter = createPainter({ ...options, network, logger, watch });
    const close = async () => {
      await painter.close();
      await closeRest();
    };
    return { painter, network, close };
  } catch (error) {
    await closeRest();
    throw error;
  }
}

function painterOptions({ providers, dataDir, trustedHosts, limits }: Config, sandboxOrigin = '') {
  return {
    providers: providers.map((provider) =>
      provider.baseUrl === ''
        ? { ...provider, baseUrl: sandboxOrigin, keys: ['sandbox'] }
        : provider,
    ),
    dataDir,
    trustedHosts,
    timeoutMs: limits.timeoutMs,
  };
}

/** Loaded only when it paints: it brings the image library into this process. */
async function startSandbox(config: Config) {
  if (config.providers.every((provider) => provider.baseUrl !== '')) return undefined;
  const { createSandbox } = await import('./sandbox/sandbox.ts');
  const sandbox = await createSandbox();
  return { ...sandbox, host: new URL(sandbox.origin).host };
}
