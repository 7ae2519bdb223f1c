import { describe, expect, test } from 'vitest';
import { createNetwork } from '../../src/core/index.ts';
import { registerCommands } from '../../src/discord/register.ts';
import { createRest } from '../../src/discord/rest.ts';
import { hurryReconnects } from '../fakes/discord-hurry.ts';
import { startFakeProxy } from '../fakes/proxy.ts';
import {
  createNoise,
  createRecordingLogger,
  deliveryOf,
  lastTarget,
  setUp,
  sha256,
  started,
  storePicture,
  TOKEN,
} from './setup.ts';

hurryReconnects();

describe('start', () => {
  test('registers the commands, connects to desk and gateway without privileged intents', async () => {
    const { fake, connected } = await started();
    expect(connected).toEqual(['discord']);
    expect(fake.gateway.identifies).toMatchObject([{ intents: 1 | (1 << 9) | (1 << 12) }]);
    const names = fake.commands().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['imagine', 'edit', 'describe', 'Edit image']));
    expect(names).toHaveLength(11);
  });

  test('registers the commands only when they changed', async () => {
    const { fake, network, lines } = await setUp();
    const logger = createRecordingLogger(lines);
    const rest = createRest({ token: TOKEN, apiRoot: fake.origin, network, logger });
    const register = () => registerCommands(rest, fake.applicationId);
    expect([await register(), await register()]).toEqual([true, false]);
    const known = await rest.get<{ name: string; id: string; options?: [] }[]>(
      `/applications/${fake.applicationId}/commands`,
    );
    const imagine = known.find(({ name }) => name === 'imagine');
    const options = imagine?.options?.slice(1);
    await rest.post(`/applications/${fake.applicationId}/commands`, {
      body: { ...imagine, options },
    });
    expect([await register(), await register()]).toEqual([true, false]);
  });

  test.each([
    [0, { code: 'bad-config', subject: 'DISCORD_BOT_TOKEN', status: 401 }],
    [
      { status: 502, html: '<html>Bad Gateway</html>' },
      { code: 'unreachable', status: 502 },
    ],
  ])('names what is wrong: %o', async (outcome, error) => {
    const { fake, discord } = await setUp();
    fake.script('GET /applications/@me', outcome, outcome, outcome, outcome);
    await expect(discord.start()).rejects.toMatchObject(error);
  });

  test('a token that the gateway refuses is named, and nothing is tried again', async () => {
    const { fake, discord } = await setUp({ token: 'wrong' });
    fake.script('GET /applications/@me', 0);
    await expect(discord.start()).rejects.toMatchObject({ code: 'bad-config' });
    expect(fake.gateway.identifies).toEqual([]);
  });

  test('shards in one process', async () => {
    const { fake } = await started({ shards: 2, about: { maxConcurrency: 2 } });
    expect(fake.gateway.identifies.map(({ shard }) => shard)).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });
});

describe('the gateway', () => {
  test.each([4000, 1006])('is resumed after %i; what came meanwhile is heard', async (code) => {
    const { fake, heard } = await started();
    fake.gateway.drop(code);
    fake.person().directMessages('a fox');
    await fake.waitFor(() => heard.length === 1);
    expect(fake.gateway.resumes).toHaveLength(1);
    expect(fake.gateway.identifies).toHaveLength(1);
  });

  test('is back within 5 s of Discord, and says that it tries', async () => {
    const { fake, heard, lines } = await started();
    fake.gateway.setDown(true);
    fake.gateway.drop(1006);
    await fake.waitFor(() => lines.filter((line) => line.includes('reconnecting')).length >= 2);
    fake.gateway.setDown(false);
    fake.person().directMessages('a fox');
    await fake.waitFor(() => heard.length === 1, 5000);
    expect(fake.gateway.identifies).toHaveLength(1);
  });

  test.each([
    [4004, 'DISCORD_BOT_TOKEN'],
    [4011, 'DISCORD_SHARDS'],
    [4014, 'DISCORD_BOT_TOKEN'],
  ])('ends for good after %i', async (code, subject) => {
    const { fake, fatal } = await started();
    fake.gateway.drop(code);
    await fake.waitFor(() => fatal.length > 0);
    expect(fatal).toMatchObject([{ code: 'bad-config', subject }]);
  });

  test('brings nothing after the end, while answers still go out', async () => {
    const { fake, discord, heard, platform } = await started();
    const ada = fake.person();
    ada.command(fake.channelId, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => heard.length === 1);
    await discord.stop();
    ada.directMessages('another fox');
    const { message } = await platform.close(lastTarget(heard), { text: 'done', buttons: [] });
    expect(message).toMatch(/^discord:\d+:\d+$/);
    expect(heard).toHaveLength(1);
    expect(fake.gateway.connected).toBe(0);
  });
});

describe('through a proxy', () => {
  test.each(['httpUrl', 'socksUrl'] as const)('all of it: %s', async (kind) => {
    const proxy = await startFakeProxy();
    const network = createNetwork({ proxy: proxy[kind] });
    const { fake, discord, heard, platform } = await setUp({ network });
    await discord.start();
    const ada = fake.person();
    ada.command(fake.channelId, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => heard.length === 1);
    const bytes = await createNoise(900, 900);
    await platform.deliver(lastTarget(heard), deliveryOf([await storePicture(bytes)]));
    const [upload] = fake.calls('PATCH /webhooks/:app/:token/messages/:message');
    expect(upload?.files[0]?.sha256).toBe(sha256(bytes));
    const ports = [new URL(fake.origin).port, new URL(fake.gateway.url).port].map(Number);
    expect(new Set(proxy.journal.map(({ port }) => port))).toEqual(new Set(ports));
    await discord.stop();
    await network.close();
    await proxy.close();
  });
});

test('no log line holds a secret', async () => {
  const { fake, lines, heard, platform } = await started();
  const ada = fake.person();
  const { token } = ada.command(fake.channelId, 'imagine', { prompt: 'secret words' });
  await fake.waitFor(() => heard.length === 1);
  fake.script('PATCH /webhooks/:app/:token/messages/:message', 50_035, 'reset', 50_035);
  fake.script('POST /channels/:id/messages', { status: 502, html: '<html>' });
  const target = await platform.showStatus(lastTarget(heard), { text: 'x', buttons: [] });
  await platform.showStatus(target, { text: 'y', buttons: [] });
  await platform.close(lastTarget(heard), { text: 'z', buttons: [] }).catch(() => {});
  expect(await platform.notify(heard[0]?.person.id ?? '', 'n')).toBe(true);
  expect(await platform.notify('discord:1', 'n')).toBe(false);
  expect(lines.length).toBeGreaterThan(0);
  for (const secret of [token, TOKEN, 'secret words', 'html']) {
    expect(lines.join('\n')).not.toContain(secret);
  }
});
