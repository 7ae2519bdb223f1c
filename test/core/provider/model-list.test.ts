import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EaselError } from '../../../src/core/errors.ts';
import { createNetwork, type Network } from '../../../src/core/net/network.ts';
import { createModelList } from '../../../src/core/provider/model-list.ts';
import type { ProviderSettings } from '../../../src/core/provider/presets.ts';
import { type FakeGateway, type Script, startFakeGateway } from '../../fakes/gateway.ts';
import { startFakeProxy } from '../../fakes/proxy.ts';
import { everythingOf, KEY, settingsFor } from './setup.ts';

let gateway: FakeGateway;
let network: Network;
let now: number;

beforeEach(async () => {
  gateway = await startFakeGateway();
  network = createNetwork({});
  now = 1_000;
});

afterEach(async () => {
  await network.close();
  await gateway.close();
});

function listModels(settings: Partial<ProviderSettings> = {}) {
  const headers = () => ({ authorization: `Bearer ${KEY}` });
  return createModelList(settingsFor(gateway.origin, settings), network, headers, () => now);
}

const { signal } = new AbortController();
const json = (value: unknown): Script => ({ pieces: [JSON.stringify(value)] });
const LIST = json({ data: [{ id: 'painter-1' }] });

describe('the model list', () => {
  it.each<[string, unknown, string[]]>([
    ['OpenAI’s', { data: [{ id: 'a' }, { id: 'b' }, { id: 'a' }] }, ['a', 'b']],
    [
      'Google’s',
      { models: [{ name: 'models/a' }, { name: 'tunedModels/b' }] },
      ['a', 'tunedModels/b'],
    ],
    ['plain', { data: ['a', 7, null, { id: '' }, { id: 8 }, { other: 'x' }] }, ['a']],
  ])('%s', async (_name, body, models) => {
    gateway.play(json(body));
    expect(await listModels()(signal)).toEqual(models);
  });

  it.each([
    ['openai-chat', '/v1/models'],
    ['gemini', '/v1beta/models?pageSize=1000'],
  ] as const)('of %s is asked for at %s, with the key', async (dialect, path) => {
    gateway.play(LIST);
    await listModels({ dialect })(signal);
    const headers = { authorization: `Bearer ${KEY}` };
    expect(gateway.journal).toMatchObject([{ method: 'GET', path, headers }]);
  });

  it('may be compressed', async () => {
    const pieces = [gzipSync('{"data":[{"id":"a"}]}')];
    gateway.play({ headers: { 'content-encoding': 'gzip' }, pieces });
    expect(await listModels()(signal)).toEqual(['a']);
  });

  it('is asked for again after ten minutes', async () => {
    gateway.play(LIST);
    const list = listModels();
    for (const waitMs of [0, 599_999, 1]) {
      now += waitMs;
      await list(signal);
    }
    expect(gateway.journal).toHaveLength(2);
  });

  it.each(['httpUrl', 'socksUrl'] as const)('goes through the proxy (%s)', async (kind) => {
    const proxy = await startFakeProxy();
    gateway.play(LIST);
    await network.close();
    network = createNetwork({ proxy: proxy[kind] });
    await listModels()(signal);
    expect(proxy.journal).toHaveLength(1);
    await network.close();
    await proxy.close();
  });
});

describe('a model list that cannot be had', () => {
  it.each<[string, string, Script]>([
    ['a bad key', 'auth', { status: 401, pieces: ['{"error":"canary"}'] }],
    ['no such address', 'bad-config', { status: 404 }],
    ['a redirect', 'redirected', { status: 302, headers: { location: '/v2/models' } }],
    ['a fault', 'server-error', { status: 500, pieces: ['<html>canary</html>'] }],
    ['a page', 'malformed-answer', { pieces: ['<html>canary</html>'] }],
    ['an empty list', 'malformed-answer', json({ data: [] })],
    ['an array', 'malformed-answer', json([1])],
    [
      'a flood',
      'answer-too-large',
      { pieces: Array.from({ length: 10 }, () => ' '.repeat(1 << 20)) },
    ],
    ['a reset', 'unreachable', { raw: true, end: 'reset' }],
  ])('%s: %s, and the next call asks again', async (_name, code, script) => {
    gateway.play(script, LIST);
    const list = listModels();
    const error: EaselError = await list(signal).then(
      () => expect.fail('a list'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code, billed: 'no', provider: 'relay' });
    expect(everythingOf(error)).not.toContain('canary');
    expect(await list(signal)).toEqual(['painter-1']);
  });

  it('can be cancelled', async () => {
    gateway.play({ raw: true, end: 'hang' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    await expect(listModels()(controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
