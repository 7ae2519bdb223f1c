import type { APIApplication, APIGatewayBotInfo } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeApp, judgeGateway } from '../../src/doctor/discord.ts';
import { createFakeDiscord, type FakeDiscord } from '../fakes/discord-api.ts';
import { report } from './setup.ts';

const TOKEN = 'MTAwMDAw.canary.CANARYcanaryCANARYcanary';

let discord: FakeDiscord;

beforeEach(async () => {
  discord = await createFakeDiscord({ token: TOKEN });
});
afterEach(() => discord.close());

async function ask(env: Record<string, string> = {}) {
  const given = { DISCORD_BOT_TOKEN: TOKEN, DISCORD_API_ROOT: discord.origin, ...env };
  const found = await report(given, { limitMs: 3_000 });
  expect(found.raw.toLowerCase()).not.toContain('canary');
  return found;
}

describe('an app', () => {
  it('is told with the links that install it', async () => {
    const { text, raw, isWell } = await ask();
    const link = `https://discord.com/oauth2/authorize?client_id=${discord.applicationId}`;
    expect(text).toContain('✓ Discord: takes the token of "Easel"; anybody may install it');
    expect(raw).toContain(`${link}&scope=bot+applications.commands&permissions=274878008320\n`);
    expect(raw).toContain(`${link}&scope=applications.commands&integration_type=1\n`);
    expect(text).toContain('✓ Discord: the gateway is there: 1 shard, 1000 of 1000 starts');
    expect(isWell).toBe(true);
    expect(discord.journal.map(({ method }) => method)).not.toContain('POST');
  });

  it.each([
    ['a wrong token', 401, '✗ Discord: refuses the token (HTTP 401).\n  → DISCORD_BOT_TOKEN'],
    ['another server', 404, '✗ Discord: what answers at 127.0.0.1 is not Discord (HTTP 404).'],
    ['a page', 200, '✗ Discord: what answers at 127.0.0.1 is not Discord.\n  → DISCORD_API_ROOT: '],
  ])('%s', async (_name, status, line) => {
    discord.script('GET /applications/@me', { status, html: '<p>canary' });
    const { text, isWell } = await ask();
    expect(text).toContain(line);
    expect(isWell).toBe(false);
  });
});

const APP: Partial<APIApplication> = {
  id: '1',
  name: 'Easel',
  bot_public: true,
  bot_require_code_grant: false,
  integration_types_config: { 0: {}, 1: {} },
  interactions_endpoint_url: null,
};

describe('what the portal says', () => {
  it.each<[Partial<APIApplication>, string, string]>([
    [{ bot_public: false }, 'good', 'only you may install it'],
    [{ flags: 1 << 19 }, 'good', 'message content intent is on'],
    [{ interactions_endpoint_url: 'https://a.example' }, 'bad', 'its commands go to another'],
    [{ bot_require_code_grant: true }, 'warning', 'a link alone does not'],
    [{ integration_types_config: { 0: {} } }, 'warning', 'people cannot install it'],
    [{ integration_types_config: { 1: {} } }, 'warning', 'servers cannot install it'],
  ])('%j: %s', (change, mark, words) => {
    const found = judgeApp({ ...APP, ...change } as APIApplication);
    expect(found).toContainEqual(
      expect.objectContaining({ mark, text: expect.stringContaining(words) }),
    );
  });
});

describe('the gateway', () => {
  const info = (shards: number, remaining: number): APIGatewayBotInfo => ({
    url: '',
    shards,
    session_start_limit: { total: 1000, remaining, reset_after: 0, max_concurrency: 1 },
  });

  it.each<[number, number, number | 'auto', string, string]>([
    [1, 1000, 'auto', 'good', '1 shard, 1000 of 1000'],
    [4, 1000, 4, 'good', '4 shards'],
    [4, 1000, 1, 'warning', 'advises 4 shards, and 1 are set'],
    [1, 99, 'auto', 'warning', 'only 99 of 1000'],
    [20, 199, 'auto', 'warning', 'only 199 of 1000'],
  ])('%i shards, %i starts left, %s set: %s', (shards, remaining, set, mark, words) => {
    const found = judgeGateway(info(shards, remaining), set);
    expect(found).toMatchObject({ mark, text: expect.stringContaining(words) });
  });
});
