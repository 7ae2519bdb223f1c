/** Whether a gateway takes a key and offers the model. Asks for lists only, which cost nothing. */

import { createPayloadStore } from '../core/image/payload-store.ts';
import { toEaselError } from '../core/index.ts';
import type { ProviderSettings } from '../core/provider/presets.ts';
import { createProvider } from '../core/provider/provider.ts';
import { type About, explainProvider, variableOf } from './explain-provider.ts';
import { about, type Check, type CheckContext, type Finding } from './finding.ts';
import { nearNames } from './near-names.ts';

const MAX_NEAR_NAMES = 5;
/** A list is a gateway's words: names beyond this are none. */
const MAX_NAME_LENGTH = 100;

/** One for each key, since each is good or bad by itself. */
export function providerChecks(settings: ProviderSettings): Check[] {
  const { name, keys, baseUrl } = settings;
  if (baseUrl === '') return [sandboxCheck(name)];
  return keys.map((key, at) => {
    const label = keys.length === 1 ? name : `${name}, key ${at + 1} of ${keys.length}`;
    const place = keys.length === 1 ? '' : `, its key ${at + 1}`;
    return {
      name: label,
      run: (context) => checkKey({ ...settings, keys: [key] }, { label, place, context }),
    };
  });
}

function sandboxCheck(name: string): Check {
  const text = 'paints test pictures on this machine, free';
  return { name, run: async () => [about(name).good(text)] };
}

async function checkKey(settings: ProviderSettings, { label, place, context }: About) {
  try {
    const models = await listModels(settings, context);
    const isOpen = await isOpenToAll(settings, context);
    return [judgeModel(settings, models, { label, isOpen })];
  } catch (thrown) {
    return [explainProvider(toEaselError(thrown), settings, { label, place, context })];
  }
}

/** @throws EaselError */
function listModels(settings: ProviderSettings, context: CheckContext): Promise<string[]> {
  const { network, logger, signal } = context;
  // In memory alone: a folder would be emptied of what a running Easel keeps there.
  const memoryBytes = Number.POSITIVE_INFINITY;
  const payloads = createPayloadStore({ directory: '', memoryBytes });
  const provider = createProvider(settings, { network, payloads, logger, timeoutMs: 0 });
  return provider.models(signal);
}

/** Some gateways show their list to everybody, and then it proves nothing of the key. */
async function isOpenToAll(settings: ProviderSettings, context: CheckContext): Promise<boolean> {
  return listModels({ ...settings, keys: [] }, context).then(
    () => true,
    () => false,
  );
}

function judgeModel(
  settings: ProviderSettings,
  models: string[],
  { label, isOpen }: { label: string; isOpen: boolean },
): Finding {
  const { model } = settings;
  const key = isOpen ? 'shows its models to everybody, so the key is not proven' : 'takes the key';
  if (models.includes(model.replace(/^models\//, ''))) {
    return about(label).good(`${key}; it offers ${model}`);
  }
  const near = nearNames(model, models, MAX_NEAR_NAMES).map((id) => id.slice(0, MAX_NAME_LENGTH));
  const variable = variableOf(settings, 'MODEL');
  return about(label).warning(
    `${key}; ${model} is not among its ${models.length} models`,
    near.length === 0
      ? `${variable}: npm run imagine -- --models shows them`
      : `${variable}: is it one of ${near.join(', ')}?`,
  );
}
