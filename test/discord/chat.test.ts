import { describe, expect, test } from 'vitest';
import { createPng, sha256, shown, started, WORKING } from './setup.ts';

const SIGNAL = new AbortController().signal;
const DAY_MS = 24 * 60 * 60_000;

describe('messages', () => {
  test('in private are all meant for the bot', async () => {
    const { fake, heard } = await started();
    const ada = fake.person();
    const message = ada.directMessages('a fox  in snow');
    await fake.waitFor(() => heard.length === 1);
    expect(heard).toMatchObject([
      {
        id: `discord:${message.id}`,
        person: { id: `discord:${ada.user.id}` },
        chat: `discord:${ada.dm}`,
        isPrivate: true,
        words: 'a fox in snow',
        messages: [`discord:${ada.dm}:${message.id}`],
      },
    ]);
    expect(heard[0]).not.toHaveProperty('command');
    expect(heard[0]).not.toHaveProperty('server');
  });

  test('in a server are meant for it when they mention it; bots never are', async () => {
    const { fake, heard } = await started();
    const [ada, robot] = [fake.person(), fake.person({ isBot: true })];
    ada.says(fake.channelId, 'not for you');
    robot.says(fake.channelId, 'beep', { mentionBot: true });
    ada.says(fake.channelId, `draw <@!${fake.me.id}> a fox`);
    await fake.waitFor(() => heard.length === 1);
    const server = `discord:${fake.guildId}`;
    expect(heard[0]).toMatchObject({ words: 'draw a fox', isPrivate: false, server });
  });

  test('bring their pictures, byte for byte, also when the address has expired', async () => {
    const { fake, heard, platform } = await started();
    const bytes = await createPng();
    const files = [{ bytes }, { bytes: Buffer.from('words'), name: 'notes.txt' }];
    fake.person().says(fake.channelId, 'night', { files, mentionBot: true });
    const [message] = await fake.waitFor(() => heard.length === 1 && heard);
    expect(message).toMatchObject({ hasUnreadable: true });
    const [attachment, ...others] = message?.attachments ?? [];
    if (attachment === undefined) throw new Error('no attachment');
    expect(others).toEqual([]);
    const load = () => platform.load(attachment, { maxBytes: 1_000_000, signal: SIGNAL });
    expect(sha256(await load())).toBe(sha256(bytes));
    fake.advance(2 * DAY_MS);
    expect(sha256(await load())).toBe(sha256(bytes));
    expect(fake.calls('GET /channels/:id/messages/:message')).toHaveLength(1);
    for (const each of fake.messages(fake.channelId)) fake.deleteMessage(each);
    fake.advance(2 * DAY_MS);
    await expect(load()).rejects.toMatchObject({ code: 'attachment-gone' });
  });

  test('an answer that pings the bot names what it answers', async () => {
    const { fake, heard, platform } = await started();
    const ada = fake.person();
    ada.says(fake.channelId, 'a fox', { mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    await platform.showStatus(heard[0]?.target ?? { platform: 'discord' }, WORKING);
    const [result] = shown(fake);
    if (result === undefined) throw new Error('no answer');
    expect(result.referenced_message).toMatchObject({ author: { id: ada.user.id } });
    ada.says(fake.channelId, 'make it night', { replyTo: result, ping: false });
    ada.says(fake.channelId, 'make it day', { replyTo: result });
    await fake.waitFor(() => heard.length === 2);
    expect(heard[1]).toMatchObject({
      words: 'make it day',
      replied: { message: `discord:${fake.channelId}:${result.id}`, attachments: [] },
    });
  });

  test('a mention on an answer to a picture brings that picture', async () => {
    const { fake, heard } = await started();
    const [ada, bob] = [fake.person(), fake.person()];
    const files = [{ bytes: await createPng(), name: 'SPOILER_fox.png' }];
    const picture = bob.says(fake.channelId, 'look', { files, mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    ada.says(fake.channelId, 'night', { replyTo: picture, mentionBot: true });
    const message = await fake.waitFor(() => heard[1]);
    expect(message.attachments).toEqual([]);
    expect(message.replied?.attachments).toHaveLength(1);
    expect(message.target).toMatchObject({ isSpoiler: true });
  });

  test('a forward brings the pictures that it shows, and answers nothing', async () => {
    const { fake, heard } = await started();
    const ada = fake.person();
    const picture = ada.says(fake.channelId, 'x', { files: [{ bytes: await createPng() }] });
    ada.forwards(ada.dm, picture);
    const message = await fake.waitFor(() => heard[0]);
    expect(message.attachments).toHaveLength(1);
    expect(message).not.toHaveProperty('replied');
  });
});

describe('loading', () => {
  test.each([
    'http://169.254.169.254/latest',
    'https://cdn.discordapp.com.evil.example/a.png',
    'https://user@cdn.discordapp.com/a.png',
    'http://cdn.discordapp.com/a.png',
    'file:///etc/passwd',
    'nonsense',
  ])('never leaves for %s', async (url) => {
    const { fake, platform } = await started();
    const attachment = { platform: 'discord', id: `- - 1 ${url}` };
    const loading = platform.load(attachment, { maxBytes: 1000, signal: SIGNAL });
    await expect(loading).rejects.toMatchObject({ code: 'attachment-gone' });
    expect(fake.downloads).toEqual([]);
  });

  test('a redirect leads nowhere', async () => {
    const { fake, heard, platform } = await started();
    const files = [{ bytes: await createPng() }];
    fake.person().directMessages('x', { files });
    const [attachment] = (await fake.waitFor(() => heard[0])).attachments;
    if (attachment === undefined) throw new Error('no attachment');
    const away = { status: 302, html: '', location: `${fake.origin}/secret` };
    fake.script('GET /attachments/:channel/:id/:name', away, away);
    const loading = platform.load(attachment, { maxBytes: 1_000_000, signal: SIGNAL });
    await expect(loading).rejects.toMatchObject({ code: 'attachment-gone' });
  });

  test('ends when it is cancelled', async () => {
    const { fake, heard, platform } = await started();
    fake.person().directMessages('x', { files: [{ bytes: await createPng() }] });
    const [attachment] = (await fake.waitFor(() => heard[0])).attachments;
    if (attachment === undefined) throw new Error('no attachment');
    const signal = AbortSignal.abort();
    const loading = platform.load(attachment, { maxBytes: 1_000_000, signal });
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
