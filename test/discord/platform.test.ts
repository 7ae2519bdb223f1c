import { rm } from 'node:fs/promises';
import { PermissionFlagsBits } from 'discord.js';
import { describe, expect, test } from 'vitest';
import type { ReplyTarget } from '../../src/core/index.ts';
import { describePlatform } from '../contract/platform.contract.ts';
import type { FakeDiscord } from '../fakes/discord-api.ts';
import {
  AGAIN,
  buttonsOf,
  CANCEL,
  createNoise,
  createPng,
  deliveryOf,
  EDIT,
  lastTarget,
  setUp,
  sha256,
  shown,
  started,
  storePicture,
  WORKING,
} from './setup.ts';

const TOKEN_LIFE_MS = 15 * 60_000;

/** Someone who may use commands, and the target of what they asked for. */
async function asked({ channelId = '' } = {}) {
  const world = await started();
  const ada = world.fake.person();
  const where = channelId || world.fake.channelId;
  const interaction = ada.command(where, 'imagine', { prompt: 'a fox' });
  await world.fake.waitFor(() => world.heard.length === 1);
  return { ...world, ada, interaction, target: lastTarget(world.heard) };
}

async function said({ content = 'a fox', inDm = true } = {}) {
  const world = await started();
  const ada = world.fake.person();
  const message = inDm
    ? ada.directMessages(content)
    : ada.says(world.fake.channelId, content, { mentionBot: true });
  await world.fake.waitFor(() => world.heard.length === 1);
  return { ...world, ada, message, target: lastTarget(world.heard) };
}

/** As it is for the platform when the interaction is older than its token. */
function aged(target: ReplyTarget): ReplyTarget {
  const { webhook } = target;
  if (typeof webhook !== 'object') throw new Error('no interaction');
  return { ...target, webhook: { ...webhook, createdAt: Date.now() - TOKEN_LIFE_MS } };
}

function pictures(count: number) {
  return Promise.all(Array.from({ length: count }, async () => storePicture(await createPng())));
}

function lookAt(fake: FakeDiscord, channelId: string) {
  return shown(fake, channelId).map((message) => ({
    text: message.content,
    pictures: message.attachments.length,
    buttons: buttonsOf(message),
  }));
}

describePlatform('Discord, a message', async () => {
  const { fake, platform, target, ada, message } = await said({ inDm: false });
  const bob = fake.person();
  return {
    platform,
    target,
    personId: `discord:${bob.user.id}`,
    pictures,
    seen: () => lookAt(fake, message.channel_id),
    notices: () => shown(fake, bob.dm).map(({ content }) => content),
    putFile(bytes) {
      const files = [{ bytes: Buffer.from(bytes) }];
      const { attachments } = ada.says(fake.channelId, 'x', { files, mentionBot: true });
      return { platform: 'discord', id: `- - 1 ${attachments[0]?.url}` };
    },
    block() {
      fake.setChannel(fake.channelId, { denied: PermissionFlagsBits.ViewChannel });
      for (const each of [ada, bob]) each.blocksBot();
    },
  };
});

describePlatform('Discord, a command', async () => {
  const { fake, platform, target, ada } = await asked();
  const bob = fake.person();
  return {
    platform,
    target,
    personId: `discord:${bob.user.id}`,
    pictures,
    seen: () =>
      lookAt(fake, fake.channelId).filter(({ text, pictures: n }) => text !== '' || n > 0),
    notices: () => shown(fake, bob.dm).map(({ content }) => content),
    putFile(bytes) {
      const files = [{ bytes: Buffer.from(bytes) }];
      const { attachments } = ada.says(fake.channelId, 'x', { files, mentionBot: true });
      return { platform: 'discord', id: `- - 1 ${attachments[0]?.url}` };
    },
    block() {
      const route = '/webhooks/:app/:token/messages/:message';
      fake.script(`PATCH ${route}`, 50_027, 50_027, 50_027);
      fake.setChannel(fake.channelId, { denied: PermissionFlagsBits.ViewChannel });
      for (const each of [ada, bob]) each.blocksBot();
    },
  };
});

describe('delivering', () => {
  test('a picture with its buttons arrives byte for byte, described, under a neutral name', async () => {
    const { fake, platform, target, interaction } = await asked();
    const bytes = await createPng(400, 300);
    const named = await platform.showStatus(target, WORKING);
    const buttons = [[AGAIN, EDIT]];
    const posted = await platform.deliver(
      named,
      deliveryOf([await storePicture(bytes)], { buttons }),
    );
    const { reply } = interaction;
    expect(posted).toEqual([{ message: `discord:${fake.channelId}:${reply?.id}` }]);
    const [file] = reply?.attachments ?? [];
    expect(file).toMatchObject({ filename: 'easel-1.png', description: 'a fox in snow' });
    expect(sha256(fake.fileBytes(file?.id ?? ''))).toBe(sha256(bytes));
    expect(interaction.isDeferred).toBe(false);
    expect(shown(fake)).toHaveLength(1);
  });

  test('words that look like more are shown as they are, and ping nobody', async () => {
    const { fake, platform, target, message } = await said({ inDm: false });
    const text = `@everyone <@${message.author.id}> <@&1> [x](https://evil.example) **b**`;
    const sources = [
      { url: 'https://fox.example/a(1)', title: 'Foxes [1]' },
      { url: 'javascript:alert(1)' },
    ];
    const posted = await platform.deliver(target, deliveryOf(await pictures(1), { text, sources }));
    expect(posted).toHaveLength(1);
    const [shownMessage] = shown(fake);
    expect(shownMessage).toMatchObject({ mentions: [], mention_everyone: false, flags: 4 });
    expect(shownMessage?.content).toBe(
      `@everyone \\<@${message.author.id}\\> \\<@&1\\> \\[x\\](<https://evil.example>) \\*\\*b\\*\\*` +
        '\n\n[Foxes 1](<https://fox.example/a%281%29>)',
    );
  });

  test('every message that is written says that it pings nobody', async () => {
    const { fake, platform, target } = await asked();
    const named = await platform.showStatus(target, WORKING);
    await platform.deliver(named, deliveryOf(await pictures(1), { text: 'x '.repeat(3000) }));
    await platform.close(aged(target), { text: 'late', buttons: [] });
    await platform.notify(String(target.userId && `discord:${target.userId}`), 'hello');
    const written = fake.journal.filter(({ route }) => /messages|webhooks/.test(route));
    expect(written.length).toBeGreaterThanOrEqual(6);
    for (const { body } of written) {
      expect(body.allowed_mentions).toEqual({ parse: [], replied_user: false });
    }
  });

  test('a long text goes on below', async () => {
    const { fake, platform, target } = await asked();
    const text = `${'🦊'.repeat(1500)} ${'x'.repeat(3000)}`;
    await platform.deliver(target, deliveryOf(await pictures(1), { text }));
    const [first, ...rest] = shown(fake);
    expect(first?.attachments).toHaveLength(1);
    expect(rest.length).toBeGreaterThan(1);
    expect([first, ...rest].map((message) => message?.content).join('')).toBe(text);
  });

  test('the spoiler of the input covers the result', async () => {
    const { fake, platform, target } = await asked();
    await platform.deliver({ ...target, isSpoiler: true }, deliveryOf(await pictures(2)));
    const names = shown(fake)[0]?.attachments.map(({ filename }) => filename);
    expect(names).toEqual(['SPOILER_easel-1.png', 'SPOILER_easel-2.png']);
  });

  test('what is over the limit is made smaller, the rest stays as it is', async () => {
    const { fake, platform, target } = await asked();
    fake.setUploadLimit(500_000);
    const [large, small] = [await createNoise(500, 500), await createPng()];
    const both = [await storePicture(large), await storePicture(small)];
    await platform.deliver({ ...target, uploadLimit: 500_000 }, deliveryOf(both));
    const files = shown(fake)[0]?.attachments ?? [];
    expect(files.map(({ filename }) => filename)).toEqual(['easel-1.jpg', 'easel-2.png']);
    expect(files[0]?.size).toBeLessThanOrEqual(500_000);
    expect(sha256(fake.fileBytes(files[1]?.id ?? ''))).toBe(sha256(small));
  });

  test.each([40_005, { code: 0, status: 413, message: 'too large' }])(
    'after a refusal (%o) it is sent once more, smaller',
    async (outcome) => {
      const { fake, platform, target } = await asked();
      const route = 'PATCH /webhooks/:app/:token/messages/:message';
      fake.script(route, outcome);
      const bytes = await createNoise(500, 500);
      await platform.deliver(target, deliveryOf([await storePicture(bytes)]));
      const sizes = fake.calls(route).map(({ files }) => files[0]?.bytes.length ?? 0);
      expect(sizes[0]).toBe(bytes.length);
      expect(sizes[1]).toBeLessThanOrEqual(bytes.length / 2);
      fake.script(route, outcome, outcome);
      const failing = platform.deliver(target, deliveryOf([await storePicture(bytes)]));
      await expect(failing).rejects.toMatchObject({ code: 'delivery-failed', status: 413 });
      expect(fake.calls(route)).toHaveLength(4);
    },
  );

  test('a file that is gone is no success', async () => {
    const { platform, target } = await asked();
    const [picture] = await pictures(1);
    if (picture === undefined) throw new Error('no picture');
    await rm(picture.path);
    await expect(platform.deliver(target, deliveryOf([picture]))).rejects.toMatchObject({
      code: 'delivery-failed',
    });
  });
});

describe('where it can be said', () => {
  test('after a restart the token still serves', async () => {
    const { fake, platform, target, interaction } = await asked();
    const named = JSON.parse(JSON.stringify(await platform.showStatus(target, WORKING)));
    const later = await setUp({ apiRoot: fake.origin });
    await later.platform.close(named, { text: 'after all', buttons: [] });
    expect(interaction.reply?.content).toBe('after all');
    expect(platform).not.toBe(later.platform);
  });

  test('after 15 minutes the status goes on, until the result takes its place as a message', async () => {
    const { fake, platform, target } = await asked();
    const named = aged(await platform.showStatus(target, WORKING));
    fake.advance(TOKEN_LIFE_MS);
    await platform.showStatus(named, { text: 'still', buttons: [[CANCEL]] });
    expect(shown(fake).map(({ content }) => content)).toEqual(['still']);
    await platform.deliver(named, deliveryOf(await pictures(1)));
    expect(shown(fake)).toMatchObject([{ content: 'a fox', mentions: [], attachments: [{}] }]);
    expect(fake.calls('POST /channels/:id/messages')).toHaveLength(1);
  });

  test('after 15 minutes a failure takes the place of the status, too', async () => {
    const { fake, platform, target } = await asked();
    const named = aged(await platform.showStatus(target, WORKING));
    fake.advance(TOKEN_LIFE_MS);
    await platform.close(named, { text: 'it failed', buttons: [] });
    expect(shown(fake).map(({ content }) => content)).toEqual(['it failed']);
  });

  test('after 15 minutes where the bot is a guest, the result comes in private', async () => {
    const { fake, platform, target, ada } = await asked();
    const named = aged(await platform.showStatus(target, WORKING));
    fake.advance(TOKEN_LIFE_MS);
    fake.setChannel(fake.channelId, { denied: PermissionFlagsBits.ViewChannel });
    await platform.showStatus(named, { text: 'still', buttons: [] });
    await platform.deliver(named, deliveryOf(await pictures(1)));
    expect(shown(fake, ada.dm)).toMatchObject([{ content: 'a fox', attachments: [{}] }]);
  });

  test('a token that dies early does no harm', async () => {
    const { fake, platform, target } = await asked();
    fake.advance(TOKEN_LIFE_MS);
    await platform.close(target, { text: 'late', buttons: [] });
    expect(fake.calls('POST /channels/:id/messages')[0]?.status).toBe(200);
  });

  test('where the bot may not write, the person is told in private', async () => {
    const { fake, platform, target, ada } = await asked();
    fake.setChannel(fake.channelId, { denied: PermissionFlagsBits.SendMessages });
    await platform.deliver(aged(target), deliveryOf(await pictures(1)));
    expect(shown(fake, ada.dm)).toMatchObject([{ content: 'a fox', attachments: [{}] }]);
  });

  test('what was for the person alone never gets into the channel', async () => {
    const { fake, platform, heard } = await started();
    const ada = fake.person();
    ada.command(fake.channelId, 'usage');
    await fake.waitFor(() => heard.length === 1);
    await platform.close(aged(lastTarget(heard)), { text: 'your usage', buttons: [] });
    expect(shown(fake).map(({ content }) => content)).toEqual([]);
    expect(shown(fake, ada.dm)).toMatchObject([{ content: 'your usage' }]);
  });

  test('without the right to read back, a message that answers nothing', async () => {
    const { fake, platform, target } = await said({ inDm: false });
    fake.setChannel(fake.channelId, { denied: PermissionFlagsBits.ReadMessageHistory });
    await platform.close(target, { text: 'here', buttons: [] });
    expect(shown(fake)[0]).not.toHaveProperty('referenced_message');
  });

  test('a status that someone deleted is replaced by a message', async () => {
    const { fake, platform, target } = await said({ inDm: false });
    const named = await platform.showStatus(target, WORKING);
    const [status] = shown(fake);
    if (status !== undefined) fake.deleteMessage(status);
    await platform.close(named, { text: 'it failed', buttons: [] });
    expect(shown(fake).map(({ content }) => content)).toEqual(['it failed']);
  });

  test('an archived thread is written to', async () => {
    const { fake, platform, heard } = await started();
    const parentId = fake.channelId;
    const thread = fake.addChannel({ kind: 'thread', parentId });
    const ada = fake.person();
    ada.says(thread, 'a fox', { mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    const named = await platform.showStatus(lastTarget(heard), WORKING);
    fake.setChannel(thread, { isArchived: true });
    await platform.deliver(named, deliveryOf(await pictures(1)));
    expect(shown(fake, thread).at(-1)?.attachments).toHaveLength(1);
  });
});

describe('repeating', () => {
  test('a message that was told to wait comes later', async () => {
    const { fake, platform, target } = await said();
    fake.script('POST /channels/:id/messages', { retryAfterSeconds: 0.05 });
    await platform.close(target, { text: 'x', buttons: [] });
    expect(fake.calls('POST /channels/:id/messages').map(({ status }) => status)).toEqual([
      429, 200,
    ]);
  });

  test.each(['reset', 'reset-after'] as const)('after a %s it stands once', async (how) => {
    const { fake, platform, target, ada } = await said();
    fake.script('POST /channels/:id/messages', how);
    await platform.deliver(target, deliveryOf(await pictures(1)));
    expect(shown(fake, ada.dm)).toHaveLength(1);
  });

  test('a follow-up whose answer was lost is not sent twice', async () => {
    const { fake, platform, target } = await asked();
    fake.script('POST /webhooks/:app/:token', 'reset-after');
    await platform.close(target, { text: `${'x'.repeat(2000)}y`, buttons: [] });
    expect(shown(fake).map(({ content }) => content.length)).toEqual([2000, 1]);
  });

  test("Discord's own trouble passes, or is delivery-failed", async () => {
    const { fake, platform, target } = await said();
    const down = { status: 503, html: '<html>' };
    fake.script('POST /channels/:id/messages', down);
    await platform.close(target, { text: 'x', buttons: [] });
    fake.script('POST /channels/:id/messages', down, down, down, down);
    const failing = platform.close(target, { text: 'x', buttons: [] });
    await expect(failing).rejects.toMatchObject({ code: 'delivery-failed', status: 503 });
  });
});
