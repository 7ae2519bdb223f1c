import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNetwork } from '../../../src/core/net/network.ts';
import type { ProviderSettings } from '../../../src/core/provider/presets.ts';
import { createProvider } from '../../../src/core/provider/provider.ts';
import type { Replay } from '../../../src/core/provider/replayer.ts';
import type { Message } from '../../../src/core/wire/types.ts';
import { type FakeGateway, type Script, startFakeGateway } from '../../fakes/gateway.ts';
import {
  createFileStore,
  type FileStore,
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

const said = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });
const ORIGIN = { provider: 'relay', model: 'painter-1', dialect: 'gemini' } as const;
const REPLAY: Replay = { ...ORIGIN, messages: [said('replayed')] };
const PAINTS: Script = { pieces: [PICTURE_ANSWER] };
const refuse = (message: string, status = 400): Script => ({
  status,
  pieces: [refusalBody(message)],
});
const MISSING = 'Image part is missing a thought_signature in content position 2.';

/** What each request that arrived said, and with which key. */
async function ask(
  replay: Partial<Replay>,
  { settings = {}, model }: { settings?: Partial<ProviderSettings>; model?: string } = {},
) {
  const provider = createProvider(settingsFor(gateway.origin, { dialect: 'gemini', ...settings }), {
    network: createNetwork({}),
    payloads,
    logger: quietLogger,
    timeoutMs: 300_000,
    wait: async () => {},
  });
  const request = { messages: [said('collapsed')], replay: { ...REPLAY, ...replay } };
  const end = await provider
    .generate(
      { ...request, ...(model !== undefined && { model }) },
      { signal: new AbortController().signal },
    )
    .then(
      () => 'picture',
      ({ code, billed }) => `${code}, ${billed}`,
    );
  const sent = gateway.journal.map(({ body }) => /replayed|collapsed/.exec(String(body))?.[0]);
  return { end, sent };
}

describe('a replay', () => {
  it.each<[string, Partial<Replay>, Parameters<typeof ask>[1], string]>([
    ['of this provider, model and dialect', {}, {}, 'replayed'],
    ['of another provider', { provider: 'other' }, {}, 'collapsed'],
    ['of another model', { model: 'painter-2' }, {}, 'collapsed'],
    ['of the model that is chosen', { model: 'painter-2' }, { model: 'painter-2' }, 'replayed'],
    ['when another model is chosen', {}, { model: 'painter-2' }, 'collapsed'],
    ['of another dialect', {}, { settings: { dialect: 'openai-chat' } }, 'collapsed'],
  ])('%s: %j', async (_name, replay, setting, expected) => {
    gateway.play(PAINTS);
    expect(await ask(replay, setting)).toEqual({ end: 'picture', sent: [expected] });
  });

  it.each<[string, Script[], string, string[]]>([
    [
      'is told anew when a seal is missing',
      [refuse(MISSING), PAINTS],
      'picture',
      ['replayed', 'collapsed'],
    ],
    [
      'is told anew when a seal is broken',
      [refuse('Corrupted thought signature.'), PAINTS],
      'picture',
      ['replayed', 'collapsed'],
    ],
    [
      'is told anew when it is too large',
      [refuse('Request Entity Too Large', 413), PAINTS],
      'picture',
      ['replayed', 'collapsed'],
    ],
    [
      'is told anew once',
      [refuse(MISSING), refuse(MISSING), PAINTS],
      'signature-rejected, no',
      ['replayed', 'collapsed'],
    ],
    [
      'stays told anew when a field is refused behind it',
      [refuse(MISSING), refuse('Unknown parameter: stream_options'), PAINTS],
      'picture',
      ['replayed', 'collapsed', 'collapsed'],
    ],
    [
      'keeps its seals when only a field is refused',
      [refuse('Unknown name "thinkingConfig": Cannot find field.'), PAINTS],
      'picture',
      ['replayed', 'replayed'],
    ],
    [
      'is not sent again behind a 200',
      [refuse(MISSING, 200), PAINTS],
      'signature-rejected, maybe',
      ['replayed'],
    ],
    [
      'is not sent again when something else is wrong',
      [refuse('no'), PAINTS],
      'bad-request, no',
      ['replayed'],
    ],
  ])('%s', async (_name, scripts, end, sent) => {
    gateway.play(...scripts);
    expect(await ask({})).toEqual({ end, sent });
  });
});
