/** Conversations with a gateway that checks every seal: the whole way there and back, on the disk and on the wire. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createConversations } from '../../../src/core/conversation/create-conversations.ts';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import { createGenerator } from '../../../src/core/generation/generate.ts';
import { createVerifier } from '../../../src/core/generation/select.ts';
import { createNormaliser, type Normaliser } from '../../../src/core/image/normalise.ts';
import { createPayloadStore } from '../../../src/core/image/payload-store.ts';
import { createPictureStore } from '../../../src/core/image/picture-store.ts';
import { createNetwork } from '../../../src/core/net/network.ts';
import { createProvider } from '../../../src/core/provider/provider.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { createFakeStore } from '../../fakes/store.ts';
import { quietLogger, settingsFor } from '../provider/setup.ts';
import { turn } from './world.ts';

let directory: string;
let sandbox: Sandbox;
let normaliser: Normaliser;
/** The speakers of each request, in order. */
let asked: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'easel-native-'));
  normaliser = createNormaliser();
  sandbox = await createSandbox({ journal: ({ body }) => asked.push(speakersOf(body)) });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await sandbox.close();
  await normaliser.close();
  rmSync(directory, { recursive: true });
});

function speakersOf(body: unknown): string {
  const { contents } = body as { contents: { role: string }[] };
  return contents.map(({ role }) => role).join(' ');
}

function open() {
  const pictures = createPictureStore({ directory: join(directory, 'pictures') });
  const payloads = createPayloadStore({ directory: join(directory, 'incoming'), memoryBytes: 0 });
  const model = 'gemini-3-pro-image';
  const settings = settingsFor(`${sandbox.origin}/google`, { dialect: 'gemini', model });
  const dependencies = { network: createNetwork({}), payloads, logger: quietLogger };
  const provider = createProvider(settings, { ...dependencies, timeoutMs: 60_000 });
  const verifier = createVerifier({ download: () => Promise.reject(new Error('no links here')) });
  const generator = createGenerator({ provider, verifier, pictures });
  const store = createFakeStore();
  const conversations = createConversations({
    store,
    pictures,
    normaliser,
    retentionMs: undefined,
  });
  return {
    /** Asks, and keeps the turn. */
    async say(id: string, prompt: string, parent?: Turn): Promise<Turn> {
      const origin = parent === undefined ? {} : { parent };
      const signal = AbortSignal.timeout(20_000);
      const wish = { prompt, inputs: [], ...origin, options: {} };
      const request = await conversations.compose(wish, { signal });
      const { parts, usage: _usage, ...generation } = await generator.generate(request, { signal });
      const { parts: _none, ...plain } = turn(id, { prompt, ...generation });
      const said = {
        ...plain,
        ...(parts !== undefined && { parts }),
        ...(parent !== undefined && { parent: parent.id }),
      };
      await conversations.save(said);
      return said;
    },
  };
}

it('is replayed seal by seal, and told anew when a seal is broken', async () => {
  const { say } = open();
  const fox = await say('fox', 'a fox');
  const night = await say('night', 'make it night', fox);
  await say('snow', 'with snow', night);
  expect(asked).toEqual(['user', 'user model user', 'user model user model user']);
  expect(readdirSync(join(directory, 'incoming'))).toEqual([]);

  const [part] = fox.parts?.filter(({ type }) => type === 'image') ?? [];
  const seal = part?.signature;
  if (seal === undefined || !('file' in seal)) throw new Error('no seal');
  const folder = join(directory, 'pictures', seal.file.slice(0, 2));
  writeFileSync(join(folder, `${seal.file}.sig`), 'forged');
  asked = [];
  const hat = await say('hat', 'add a hat', fox);
  expect(asked).toEqual(['user model user', 'user']);
  expect(hat.pictures).toHaveLength(1);
});
