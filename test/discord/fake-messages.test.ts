/** The fake Discord, driven by the real discord.js: messages, files, permissions and what goes wrong. */
import {
  AttachmentBuilder,
  type Client,
  type DiscordAPIError,
  type Message,
  PermissionFlagsBits,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeDiscord, type FakeDiscord } from '../fakes/discord-api.ts';
import { callRest, connectBot } from '../fakes/discord-client.ts';
import type { Values } from '../fakes/discord-multipart.ts';

const TOKEN = 'fake.token.of-a-bot';
const HEADERS = { authorization: `Bot ${TOKEN}`, 'content-type': 'application/json' };
const FOX = Buffer.from('a fox, byte by byte');

let fake: FakeDiscord;
let client: Client<true> | undefined;
let heard: Message[];
async function connect(answer?: Parameters<typeof connectBot>[2]) {
  const bot = await connectBot(fake, TOKEN, answer);
  client = bot.client;
  heard = bot.heard;
  return bot.client;
}

beforeEach(async () => {
  fake = await createFakeDiscord({ token: TOKEN });
});
afterEach(async () => {
  await client?.destroy();
  client = undefined;
  await fake.close();
});

const rest = <Answer = Values>(...call: Parameters<typeof callRest>[2]) =>
  callRest<Answer>(fake, TOKEN, call);

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ status, code }: DiscordAPIError) => ({ status, code }),
  );

describe('messages', () => {
  it('are empty for the bot unless they are its own, private or mention it', async () => {
    const bot = await connect();
    const ada = fake.person();
    const [own] = [await bot.channels.fetch(fake.channelId)];
    if (!own?.isSendable()) throw new Error('not sendable');
    const mine = await own.send({ content: 'mine', allowedMentions: { parse: [] } });
    const mineNow = fake.messages(fake.channelId)[0];
    if (mineNow === undefined) throw new Error('nothing was sent');
    const picture = ada.says(fake.channelId, 'a picture', { files: [{ bytes: FOX }] });
    ada.says(fake.channelId, 'for you', { mentionBot: true, replyTo: picture });
    ada.says(fake.channelId, 'an answer', { replyTo: mineNow });
    ada.says(fake.channelId, 'a quiet answer', { replyTo: mineNow, ping: false });
    ada.directMessages('hello', { files: [{ bytes: FOX, name: 'my fox.jpg' }] });
    await fake.waitFor(() => heard.length === 6);
    const mention = `<@${bot.user.id}>`;
    const words = ['mine', '', `${mention} for you`, 'an answer', '', 'hello'];
    expect(heard.map(({ content }) => content)).toEqual(words);
    expect(heard.map(({ reference }) => reference?.messageId)).toEqual([
      undefined,
      undefined,
      picture.id,
      mine.id,
      mine.id,
      undefined,
    ]);
    expect(heard[1]?.attachments.size).toBe(0);
    expect(heard[5]?.channel.isDMBased()).toBe(true);
    expect(heard[5]?.attachments.first()).toMatchObject({
      name: 'my_fox.jpg',
      contentType: 'image/jpeg',
    });
    const replied = await heard[2]?.fetchReference();
    expect(replied?.attachments.size).toBe(0);
  });

  it('are forwarded as snapshots', async () => {
    await connect();
    const ada = fake.person();
    const picture = ada.says(fake.channelId, 'look', { files: [{ bytes: FOX }] });
    ada.forwards(ada.dm, picture);
    const message = await fake.waitFor(() => heard[1]);
    expect(message.messageSnapshots.first()?.attachments.first()?.name).toBe('fox.png');
  });

  it('show files at addresses that expire', async () => {
    const ada = fake.person();
    const { attachments } = ada.says(ada.dm, '', { files: [{ bytes: FOX }] });
    const url = attachments[0]?.url ?? '';
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(FOX);
    expect((await fetch(url.replace('ex=', 'ex=7'))).status).toBe(404);
    fake.advance(24 * 3_600_000);
    expect((await fetch(url)).status).toBe(404);
    const again = fake.messages(ada.dm)[0]?.attachments[0]?.url ?? '';
    expect((await fetch(again)).status).toBe(200);
    fake.script('GET /attachments/:channel/:id/:name', 'reset', { status: 502, html: '<h1>no' });
    await expect(fetch(again)).rejects.toThrow('fetch failed');
    expect((await fetch(again)).status).toBe(502);
  });

  it.each<[string, object, number, number]>([
    ['too many words', { content: 'x'.repeat(2001) }, 400, 50_035],
    ['nothing', {}, 400, 50_006],
    [
      'a row too many',
      { content: 'x', components: Array(6).fill({ type: 1, components: [] }) },
      400,
      50_035,
    ],
    ['an unknown message', { content: 'x', message_reference: { message_id: '1' } }, 400, 50_035],
    ['a text in Components V2', { content: 'x', flags: 1 << 15 }, 400, 50_035],
    ['a container without the flag', { components: [{ type: 17, components: [] }] }, 400, 50_035],
  ])('refuse %s', async (_name, body, status, code) => {
    expect(await rest('POST', `/channels/${fake.channelId}/messages`, body)).toMatchObject({
      status,
      code,
    });
  });

  it('are sent once for a nonce, and ping nobody who must not be', async () => {
    const path = `/channels/${fake.channelId}/messages`;
    const body = {
      content: '@everyone <@1>',
      nonce: 'n',
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
    };
    const [first, second] = [await rest('POST', path, body), await rest('POST', path, body)];
    expect(first.answer.id).toBe(second.answer.id);
    expect(first.answer).toMatchObject({ mention_everyone: false, mentions: [] });
    const loud = await rest('POST', path, { content: '@everyone' });
    expect(loud.answer.mention_everyone).toBe(true);
    expect(fake.messages(fake.channelId)).toHaveLength(2);
  });

  it('go where the bot may write', async () => {
    const forum = fake.addChannel({ kind: 'forum' });
    const post = fake.addChannel({ kind: 'post', parentId: forum, isArchived: true });
    const locked = fake.addChannel({
      kind: 'post',
      parentId: forum,
      isArchived: true,
      isLocked: true,
    });
    const denied = fake.addChannel({ denied: PermissionFlagsBits.SendMessages });
    const hidden = fake.addChannel({ denied: PermissionFlagsBits.ViewChannel });
    const bob = fake.person();
    bob.blocksBot();
    const send = async (id: string) => {
      const { status, code } = await rest('POST', `/channels/${id}/messages`, { content: 'x' });
      return [status, code];
    };
    expect(await Promise.all([forum, post, locked, denied, hidden, bob.dm, '1'].map(send))).toEqual(
      [
        [400, 50_008],
        [200, undefined],
        [400, 50_083],
        [403, 50_013],
        [403, 50_001],
        [403, 50_007],
        [404, 10_003],
      ],
    );
    const direct = await rest('POST', '/users/@me/channels', { recipient_id: bob.user.id });
    expect(direct.answer.id).toBe(bob.dm);
  });

  it('have a largest upload', async () => {
    fake.setUploadLimit(FOX.length - 1);
    const bot = await connect();
    const channel = await bot.channels.fetch(fake.channelId);
    if (!channel?.isSendable()) throw new Error('not sendable');
    const files = [new AttachmentBuilder(FOX, { name: 'fox.png' })];
    expect(await codeOf(channel.send({ files }))).toEqual({ status: 413, code: 40_005 });
    fake.setUploadLimit(FOX.length);
    const sent = await channel.send({ files });
    const kept = await sent.edit({
      content: 'more',
      files,
      attachments: [...sent.attachments.values()],
    });
    expect(kept.attachments.size).toBe(2);
    expect((await kept.edit({ attachments: [] })).attachments.size).toBe(0);
  });
});

describe('a script', () => {
  it('makes calls fail, in order, before or after their effect', async () => {
    const bot = await connect();
    const channel = await bot.channels.fetch(fake.channelId);
    if (!channel?.isSendable()) throw new Error('not sendable');
    const pattern = 'POST /channels/:id/messages';
    fake.script(pattern, { retryAfterSeconds: 0.1 });
    const before = performance.now();
    await channel.send('patient');
    expect(performance.now() - before).toBeGreaterThan(100);
    expect(fake.calls(pattern).map(({ status }) => status)).toEqual([429, 200]);
    fake.script(pattern, 50_013, 'reset', 'reset-after');
    expect(await codeOf(channel.send('x'))).toEqual({ status: 403, code: 50_013 });
    await expect(channel.send('lost')).rejects.toThrow();
    await expect(channel.send('sent')).rejects.toThrow();
    expect(fake.messages(fake.channelId).map(({ content }) => content)).toEqual([
      'patient',
      'sent',
    ]);
    fake.script(pattern, { status: 502, html: '<h1>bad</h1>' });
    await channel.send('again');
    expect(
      fake
        .calls(pattern)
        .slice(-2)
        .map(({ status }) => status),
    ).toEqual([502, 200]);
  });
  it('leaves calls without an answer, before or after their effect', async () => {
    const path = `/channels/${fake.channelId}/messages`;
    fake.script('POST /channels/:id/messages', 'hang', 'hang-after');
    for (const content of ['lost', 'sent']) {
      const signal = AbortSignal.timeout(60);
      const init = { method: 'POST', headers: HEADERS, body: JSON.stringify({ content }), signal };
      await expect(fetch(`${fake.origin}/v10${path}`, init)).rejects.toThrow('timeout');
    }
    expect(fake.messages(fake.channelId).map(({ content }) => content)).toEqual(['sent']);
    expect((await rest('POST', path, { content: 'x' })).status).toBe(200);
  });

  it('knows who calls, and what it can answer', async () => {
    const bare = await fetch(`${fake.origin}/v10/users/@me`);
    expect([bare.status, await bare.json()]).toMatchObject([401, { code: 0 }]);
    expect((await rest('GET', '/nowhere')).status).toBe(404);
    const broken = { method: 'POST', headers: HEADERS, body: '[object FormData]' };
    const answer = await fetch(`${fake.origin}/v10/channels/${fake.channelId}/messages`, broken);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 50_109 }]);
  });
});
