/** Easel's own path, from the provider that asks to the payloads that it hands on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayloadStore } from '../../../src/core/image/payload-store.ts';
import { createNetwork } from '../../../src/core/net/network.ts';
import type { Logger } from '../../../src/core/ports.ts';
import { type ProviderSettings, presetFor } from '../../../src/core/provider/presets.ts';
import { createProvider, type ProviderRequest } from '../../../src/core/provider/provider.ts';
import { type Decode, KEY, MODEL, type Target, WORDS } from './peer.ts';

const TIMEOUT_MS = 60_000;
const REQUEST: ProviderRequest = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: WORDS }] }],
};
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** @param memoryBytes what a payload may hold in memory before it goes to a file */
export async function loadEasel({ memoryBytes }: { memoryBytes: number }): Promise<Decode> {
  const directory = mkdtempSync(join(tmpdir(), 'easel-bench-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const payloads = createPayloadStore({ directory, memoryBytes });
  const network = createNetwork({});
  return async (target) => {
    const dependencies = { network, payloads, logger: quiet, timeoutMs: TIMEOUT_MS };
    const provider = createProvider(settingsFor(target), dependencies);
    const { signal } = new AbortController();
    const { answer } = await provider.generate(REQUEST, { signal });
    return answer.pictures.flatMap((found) => ('payload' in found ? [found.payload.open()] : []));
  };
}

/** The preset that asks for this kind of answer. */
function settingsFor({ baseUrl, format }: Target): ProviderSettings {
  const preset = presetFor(format === 'd' ? 'google' : 'newapi');
  return { ...preset, name: 'bench', baseUrl, keys: [KEY], model: MODEL, headers: {} };
}
