/** Puts together what paints: all that the command line needs. */
import { join } from 'node:path';
import { createGenerator, type Generator } from './generation/generate.ts';
import { createVerifier } from './generation/select.ts';
import { createDownloader } from './image/download.ts';
import { createNormaliser, type Normaliser } from './image/normalise.ts';
import { createPayloadStore } from './image/payload-store.ts';
import { createPictureStore, type PictureStore } from './image/picture-store.ts';
import { createShrink, type Shrink } from './image/shrink.ts';
import type { Network } from './net/network.ts';
import type { Logger } from './ports.ts';
import { createProviderChain } from './provider/chain.ts';
import type { ProviderSettings } from './provider/presets.ts';
import { createProvider, type Provider } from './provider/provider.ts';
import type { GatewayState } from './watch/report.ts';
import type { Watch } from './watch/watch.ts';

export interface PainterOptions {
  /** In the order in which they are tried; at least one. */
  providers: readonly ProviderSettings[];
  network: Network;
  logger: Logger;
  /** Is told how each request to a provider went; none where nobody watches. */
  watch?: Watch | undefined;
  dataDir: string;
  /** `host:port` that picture downloads may reach although private. */
  trustedHosts: readonly string[];
  /** For one request to a provider. */
  timeoutMs: number;
}

export interface Painter {
  provider: Provider;
  /** How each provider stands, in the order in which they are tried. */
  gateways(): GatewayState[];
  generator: Generator;
  normaliser: Normaliser;
  pictures: PictureStore;
  /** Where `pictures` lie. */
  pictureDir: string;
  shrink: Shrink;
  close(): Promise<void>;
}

/** A payload above this goes to a file while it arrives: twenty large ones at once then need 70 MB (bench/decode). */
export const MEMORY_BYTES = 512 * 1024;

export function createPainter(options: PainterOptions): Painter {
  const { network, logger, dataDir, trustedHosts, timeoutMs } = options;
  const payloads = createPayloadStore({
    directory: join(dataDir, 'incoming'),
    memoryBytes: MEMORY_BYTES,
  });
  const dependencies = { network, payloads, logger, timeoutMs, watch: options.watch };
  const providers = options.providers.map((settings) => createProvider(settings, dependencies));
  const [first, ...others] = providers;
  if (first === undefined) throw new Error('no provider');
  const provider = createProviderChain([first, ...others], logger);
  const verifier = createVerifier(createDownloader({ network, trustedHosts, payloads }));
  const pictureDir = join(dataDir, 'pictures');
  const pictures = createPictureStore({ directory: pictureDir });
  const normaliser = createNormaliser();
  return {
    provider,
    gateways: () => providers.map((gateway) => gateway.state()),
    generator: createGenerator({ provider, verifier, pictures }),
    normaliser,
    pictures,
    pictureDir,
    shrink: createShrink({ normaliser, pictures }),
    close: () => normaliser.close(),
  };
}
