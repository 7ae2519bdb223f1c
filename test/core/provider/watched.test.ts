/** What whoever watches is told of requests. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNetwork } from '../../../src/core/net/network.ts';
import type { ProviderSettings } from '../../../src/core/provider/presets.ts';
import { createProvider } from '../../../src/core/provider/provider.ts';
import type { TryFact, Watch } from '../../../src/core/watch/watch.ts';
import { type FakeGateway, type Script, startFakeGateway } from '../../fakes/gateway.ts';
import {
  createFileStore,
  type FileStore,
  INPUT,
  PICTURE_ANSWER,
  quietLogger,
  refusalBody,
  settingsFor,
} from './setup.ts';

let gateway: FakeGateway;
let payloads: FileStore;

beforeEach(async () => {
  gateway = await startFakeGateway();
  payloads = createFileStore();
});
afterEach(async () => {
  payloads.remove();
  await gateway.close();
});

const PAINTS: Script = { pieces: [PICTURE_ANSWER] };
const NO_CREDIT: Script = { status: 402, pieces: [refusalBody('no credit')] };
const BUSY: Script = { status: 503, pieces: [refusalBody('overloaded')] };

function start(settings: Partial<ProviderSettings> = {}, watch?: Watch) {
  const tries: TryFact[] = [];
  const provider = createProvider(settingsFor(gateway.origin, settings), {
    network: createNetwork({}),
    payloads,
    logger: quietLogger,
    timeoutMs: 10_000,
    wait: async () => {},
    watch: watch ?? { tried: (fact) => void tries.push(fact), ended: () => {} },
  });
  const controller = new AbortController();
  const generate = () => provider.generate(INPUT, { signal: controller.signal });
  return { provider, generate, tries, controller };
}

it.each<[string, Script[], string[], Partial<TryFact>[]]>([
  ['one that paints', [PAINTS], ['a'], [{ key: 0 }]],
  ['one without a key', [PAINTS], [], [{ key: 0 }]],
  [
    'a key that gives way',
    [NO_CREDIT, PAINTS],
    ['a', 'b'],
    [{ key: 0, code: 'quota' }, { key: 1 }],
  ],
  ['one that is tried again', [BUSY, PAINTS], ['a'], [{ key: 0, code: 'overloaded' }, { key: 0 }]],
])('tells of each request: %s', async (_name, scripts, keys, facts) => {
  gateway.play(...scripts);
  const { generate, tries } = start({ keys });
  await generate();
  const expected = facts.map((fact) => ({
    provider: 'relay',
    durationMs: expect.any(Number),
    ...fact,
  }));
  expect(tries).toEqual(expected);
  expect(tries.every(({ durationMs }) => durationMs > 0 && durationMs < 5_000)).toBe(true);
});

it('tells of one that its person stopped', async () => {
  gateway.play({ end: 'hang' });
  const { generate, tries, controller } = start();
  const made = generate();
  setTimeout(() => controller.abort(), 30);
  await expect(made).rejects.toMatchObject({ code: 'cancelled' });
  expect(tries).toMatchObject([{ code: 'cancelled' }]);
});

it('paints, and sends once, although the watch throws', async () => {
  gateway.play(PAINTS);
  const throwing = () => {
    throw new Error('no figures today');
  };
  const { generate } = start({}, { tried: throwing, ended: throwing });
  expect((await generate()).answer.pictures).toHaveLength(1);
  expect(gateway.paidPosts()).toBe(1);
});

it('says which keys rest, by their place and never by their value', async () => {
  gateway.play(NO_CREDIT, PAINTS);
  const { provider, generate } = start({ keys: ['sk-canary-1', 'sk-canary-2'] });
  expect(provider.state()).toEqual({
    name: 'relay',
    dialect: 'openai-chat',
    model: 'painter-1',
    keyRests: [undefined, undefined],
  });
  await generate();
  const { keyRests } = provider.state();
  // Ten minutes for a key without credit.
  expect(keyRests[0]).toBeGreaterThan(Date.now() + 590_000);
  expect(keyRests[1]).toBeUndefined();
  expect(JSON.stringify(provider.state())).not.toContain('canary');
});
