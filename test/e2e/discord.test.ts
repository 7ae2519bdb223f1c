/** Discord alone, with the real process: from a command to its picture, and on after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSandbox, type JournalEntry, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeDiscord, type FakeDiscord } from '../fakes/discord-api.ts';
import { pictureMessages, pressLabelled } from '../fakes/discord-results.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = 'MTAwMDAw.canary.CANARYcanaryCANARYcanary';
const WAIT_MS = 15_000;

let discord: FakeDiscord;
let sandbox: Sandbox;
let journal: JournalEntry[];
let dataDir: string;
let easel: EaselProcess;

beforeEach(async () => {
  journal = [];
  discord = await createFakeDiscord({ token: TOKEN, maxConcurrency: 16 });
  sandbox = await createSandbox({ journal: (entry) => journal.push(entry) });
  dataDir = mkdtempSync(join(tmpdir(), 'easel-discord-'));
  await start();
});

afterEach(async () => {
  await easel.dispose();
  await Promise.all([discord.close(), sandbox.close()]);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  easel = runEasel({
    DISCORD_BOT_TOKEN: TOKEN,
    DISCORD_API_ROOT: discord.origin,
    PROVIDERS: 'openai-next',
    OPENAI_NEXT_API_KEY: 'sk-canary-key',
    OPENAI_NEXT_BASE_URL: `${sandbox.origin}/openai-next`,
    DATA_DIR: dataDir,
  });
  await easel.wrote('Easel is ready');
}

const payments = () => journal.filter(({ method }) => method === 'POST');

/** The latest message with a picture, once there are so many. */
const nthPicture = (count: number) =>
  discord.waitFor(() => {
    const found = pictureMessages(discord);
    return found.length >= count ? found.at(-1) : undefined;
  }, WAIT_MS);

it('a command becomes a picture, whose buttons and replies go on after a restart', async () => {
  const ada = discord.person({ locale: 'ja' });
  const asked = ada.command(discord.channelId, 'imagine', {
    prompt: 'a fox in snow',
    aspect_ratio: '16:9',
  });
  const fox = await nthPicture(1);
  expect(asked.answered).toBe(5);
  expect(fox.id).toBe(asked.reply?.id);
  expect(discord.fileBytes(fox.attachments[0]?.id ?? '').length).toBeGreaterThan(1000);

  easel.kill('SIGTERM');
  expect(await easel.ended, easel.output()).toBe(0);
  expect(easel.output()).not.toMatch(/canary/i);
  await start();
  // What is registered already is not sent again.
  expect(discord.calls('PUT /applications/:id/commands')).toHaveLength(1);

  // Another's press, and what Discord delivers once more, cost nothing: three payments in the end.
  const strange = pressLabelled(discord.person(), fox, '🔁');
  await discord.waitFor(() => strange.reply, WAIT_MS);
  expect(strange.isEphemeral).toBe(true);
  discord.dispatch('INTERACTION_CREATE', asked.payload);
  const press = pressLabelled(ada, fox, '🔁');
  const again = await nthPicture(2);
  discord.dispatch('INTERACTION_CREATE', press.payload);
  expect(again.id).not.toBe(fox.id);
  ada.says(discord.channelId, 'make it night', { replyTo: fox });
  await nthPicture(3);
  expect(JSON.stringify(payments().at(-1)?.body)).toMatch(/a fox in snow.*make it night/s);
  expect(payments()).toHaveLength(3);

  easel.kill('SIGTERM');
  expect(await easel.ended, easel.output()).toBe(0);
  expect(easel.output()).not.toMatch(/canary/i);
}, 60_000);

it('what is being painted at SIGTERM is finished before the bot leaves with 0', async () => {
  const ada = discord.person();
  ada.command(discord.channelId, 'imagine', { prompt: 'a fox in snow' });
  await discord.waitFor(() => payments().length === 1, WAIT_MS);
  easel.kill('SIGTERM');
  expect(await easel.ended, easel.output()).toBe(0);
  expect(pictureMessages(discord), easel.output()).toHaveLength(1);
}, 30_000);
