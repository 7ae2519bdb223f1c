/** Where people ask, there they are answered; and in each place as much as it takes. */
import { type APIMessage, PermissionFlagsBits } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { callRest } from '../fakes/discord-client.ts';
import type { ChannelSetup } from '../fakes/discord-world.ts';
import {
  createPng,
  deliveryOf,
  lastTarget,
  shown,
  started,
  storePicture,
  TOKEN,
  WORKING,
} from './setup.ts';

const MIB = 1024 * 1024;
const EXTERNAL = 'https://images-ext-1.discordapp.net/external/x/https/fox.example/a.png';

async function pictures(count: number) {
  return Promise.all(Array.from({ length: count }, async () => storePicture(await createPng())));
}

describe('the answer stands where it was asked for', () => {
  const kinds: [string, ChannelSetup, ChannelSetup?][] = [
    ['a thread', { kind: 'thread' }, { kind: 'text' }],
    ['a post of a forum', { kind: 'post' }, { kind: 'forum' }],
    ['an age-restricted channel', { isAgeRestricted: true }],
    ['a thread of an age-restricted channel', { kind: 'thread' }, { isAgeRestricted: true }],
    ['the chat of a voice channel', { kind: 'voice' }],
  ];
  test.each(kinds)('%s', async (_name, setup, parent) => {
    const { fake, heard, platform } = await started();
    const parentId = parent && fake.addChannel(parent);
    const place = fake.addChannel({ ...setup, ...(parentId && { parentId }) });
    const ada = fake.person();
    ada.says(place, 'a fox', { mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    const asMessage = await platform.showStatus(lastTarget(heard), WORKING);
    await platform.deliver(asMessage, deliveryOf(await pictures(1)));
    ada.command(place, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => heard.length === 2);
    const asAnswer = await platform.showStatus(lastTarget(heard), WORKING);
    fake.advance(16 * 60_000);
    await platform.deliver(asAnswer, deliveryOf(await pictures(1)));
    expect(heard.map(({ chat }) => chat)).toEqual([`discord:${place}`, `discord:${place}`]);
    const withPictures = shown(fake, place).filter(({ attachments }) => attachments.length > 0);
    expect(withPictures).toHaveLength(2);
    // Nothing of it anywhere else: above all not where children look.
    const elsewhere = [fake.channelId, ada.dm, ...(parentId ? [parentId] : [])];
    expect(elsewhere.flatMap((channelId) => shown(fake, channelId))).toEqual([]);
  });

  test('a mention where the bot may not write is answered in private', async () => {
    const { fake, heard, platform } = await started();
    const ada = fake.person();
    const place = fake.addChannel({ denied: PermissionFlagsBits.SendMessages });
    ada.says(place, 'a fox', { mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    const named = await platform.showStatus(lastTarget(heard), WORKING);
    await platform.deliver(named, deliveryOf(await pictures(1)));
    expect(shown(fake, place)).toEqual([]);
    expect(shown(fake, ada.dm)).toMatchObject([{ content: 'a fox', attachments: [{}] }]);
  });
});

describe('the largest upload', () => {
  test('is what the interaction says', async () => {
    const { fake, heard } = await started();
    fake.setUploadLimit(50 * MIB);
    fake.person().command(fake.channelId, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => heard.length === 1);
    expect(lastTarget(heard)).toMatchObject({ uploadLimit: 50 * MIB });
  });

  test.each([
    [0, 10],
    [1, 10],
    [2, 50],
    [3, 100],
  ])('of a message is that of its server: tier %i, %i MiB', async (premium_tier, mebibytes) => {
    const { fake, heard } = await started();
    fake.dispatch('GUILD_UPDATE', { id: fake.guildId, premium_tier });
    fake.person().says(fake.channelId, 'a fox', { mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    expect(lastTarget(heard)).toMatchObject({ uploadLimit: mebibytes * MIB });
  });
});

describe('the menus of a message', () => {
  test.each(['Edit image', 'Describe image'])('%s works on the picture of a link', async (name) => {
    const { fake, heard } = await started();
    const ada = fake.person();
    // Discord makes such embeds of links in anybody's message.
    const embeds = [{ thumbnail: { url: 'https://fox.example/a.png', proxy_url: EXTERNAL } }];
    const route = `/channels/${fake.channelId}/messages`;
    const posted = await callRest<APIMessage>(fake, TOKEN, ['POST', route, { embeds }]);
    const menu = ada.menu(fake.channelId, name, posted.answer);
    if (name === 'Edit image') {
      await fake.waitFor(() => menu.modal);
      ada.submits(menu, { words: 'night', style: [], files: [] });
    }
    const { replied } = await fake.waitFor(() => heard[0]);
    expect(replied?.attachments.map(({ id }) => id)).toEqual([expect.stringContaining(EXTERNAL)]);
  });

  test('Edit image works on what was forwarded', async () => {
    const { fake, heard } = await started();
    const ada = fake.person();
    const original = ada.says(fake.channelId, '', { files: [{ bytes: await createPng() }] });
    const forwarded = ada.forwards(fake.addChannel(), original);
    const menu = ada.menu(forwarded.channel_id, 'Edit image', forwarded);
    await fake.waitFor(() => menu.modal);
    ada.submits(menu, { words: 'night', style: [], files: [] });
    const request = await fake.waitFor(() => heard[0]);
    expect(request.replied?.attachments).toHaveLength(1);
  });
});

test('answers that are given at once ping nobody either', async () => {
  const { fake, heard, on, platform } = await started();
  const ada = fake.person();
  ada.directMessages('a fox');
  await fake.waitFor(() => heard.length === 1);
  await platform.deliver(
    lastTarget(heard),
    deliveryOf(await pictures(1), { buttons: [[{ label: 'Again', id: 'a:abcdefghijkl' }]] }),
  );
  const [result] = shown(fake, ada.dm);
  if (result === undefined) throw new Error('no result');
  on.press = () => ({ type: 'note', text: '@everyone' });
  const note = ada.presses(result);
  await fake.waitFor(() => note.answered);
  on.press = () => ({ type: 'replace', reply: { text: '@everyone', buttons: [] } });
  const replaced = ada.presses(result);
  await fake.waitFor(() => replaced.answered);
  const menu = ada.menu(ada.dm, 'Edit image', ada.directMessages('no picture'));
  await fake.waitFor(() => menu.answered);
  const answers = fake
    .calls('POST /interactions/:id/:token/callback')
    .map(({ body }) => body.data as { allowed_mentions?: object });
  expect(answers.map((data) => data.allowed_mentions)).toEqual(
    Array(3).fill({ parse: [], replied_user: false }),
  );
});
