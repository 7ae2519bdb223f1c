/** The fake Discord, driven by the real discord.js: sessions, commands, components, forms. */
import {
  ActionRowBuilder,
  type APIMessage,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContextMenuCommandBuilder,
  FileUploadBuilder,
  GatewayIntentBits,
  LabelBuilder,
  type Message,
  MessageFlags,
  ModalBuilder,
  PermissionFlagsBits,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeDiscord, type FakeDiscord } from '../fakes/discord-api.ts';
import { callRest, connectBot } from '../fakes/discord-client.ts';
import { hurryReconnects } from '../fakes/discord-hurry.ts';
import type { Values } from '../fakes/discord-multipart.ts';

hurryReconnects();

const TOKEN = 'fake.token.of-a-bot';
const FOX = Buffer.from('a fox, byte by byte');
const COMMANDS = [
  new SlashCommandBuilder()
    .setName('edit')
    .setDescription('Changes a picture')
    .addStringOption((option) =>
      option.setName('prompt').setDescription('What to change').setRequired(true),
    )
    .addAttachmentOption((option) => option.setName('image').setDescription('The picture'))
    .addStringOption((option) =>
      option.setName('model').setDescription('Which model').setAutocomplete(true),
    ),
  new ContextMenuCommandBuilder().setName('Edit image').setType(3),
].map((command) => command.toJSON());

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

const button = (id: string, label: string) =>
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(ButtonStyle.Secondary),
  );

describe('a session', () => {
  it('begins with guilds, channels and permissions', async () => {
    const denied = PermissionFlagsBits.AttachFiles;
    const quiet = fake.addChannel({ name: 'quiet', denied, isAgeRestricted: true });
    const bot = await connect();
    expect(bot.user.id).toBe(fake.applicationId);
    const channel = bot.channels.cache.get(quiet);
    if (!channel?.isTextBased() || channel.isDMBased() || channel.isThread()) throw new Error('no');
    const mine = channel.permissionsFor(bot.user);
    expect(mine?.has(PermissionFlagsBits.SendMessages)).toBe(true);
    expect(mine?.has(denied)).toBe(false);
    expect(channel.nsfw).toBe(true);
    expect(fake.gateway.identifies).toMatchObject([{ token: TOKEN, shard: [0, 1] }]);
  });

  it('resumes and catches up on what it missed', async () => {
    await connect();
    const ada = fake.person();
    fake.gateway.drop(4000);
    ada.directMessages('while you were away');
    const message = await fake.waitFor(() => heard[0]);
    expect(message.content).toBe('while you were away');
    expect(fake.gateway.resumes).toMatchObject([{ replayed: 1 }]);
    fake.gateway.reconnect();
    await fake.waitFor(() => fake.gateway.resumes.length === 2);
    expect(fake.gateway.closes).toEqual([4000, 4200]);
    expect(fake.gateway.identifies).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });

  it('survives an invalid session that can be resumed, and missed acks', async () => {
    await fake.close();
    fake = await createFakeDiscord({ token: TOKEN, heartbeatIntervalMs: 60 });
    await connect();
    fake.gateway.invalidate(true);
    await fake.waitFor(() => fake.gateway.resumes.length === 1 && fake.gateway.heartbeats > 0);
    fake.gateway.setDeaf(true);
    await fake.waitFor(() => fake.gateway.resumes.length === 2);
    expect(fake.gateway.closes).toEqual([4200]);
  });

  it('refuses a wrong token and intents that are not switched on', async () => {
    const bot = new Client({ intents: [], rest: { api: fake.origin } });
    await expect(bot.login('wrong.token')).rejects.toThrow('invalid token');
    const greedy = new Client({
      intents: [GatewayIntentBits.MessageContent],
      rest: { api: fake.origin },
    });
    await expect(greedy.login(TOKEN)).rejects.toThrow('disallowed intents');
  });
});

describe('a slash command', () => {
  it('brings an attachment, is promised an answer and gets a file', async () => {
    const bot = await connect(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      const image = interaction.options.getAttachment('image', true);
      const bytes = Buffer.from(await (await fetch(image.url)).arrayBuffer());
      const file = new AttachmentBuilder(bytes, { name: 'fox.png' }).setDescription('a fox');
      await interaction.editReply({
        content: 'Night.',
        files: [file],
        components: [button('b', 'Go')],
      });
    });
    await bot.application.commands.set(COMMANDS);
    const ada = fake.person({ locale: 'ja', name: 'Ada' });
    const asked = ada.command(fake.channelId, 'edit', { prompt: 'night', image: { bytes: FOX } });
    await fake.waitFor(() => asked.isDeferred);
    expect(asked.reply).toMatchObject({ flags: MessageFlags.Loading, type: 20 });
    const reply = await fake.waitFor(() => !asked.isDeferred && asked.reply);
    expect(reply.attachments).toMatchObject([{ filename: 'fox.png', description: 'a fox' }]);
    expect(fake.fileBytes(reply.attachments[0]?.id ?? '')).toEqual(FOX);
    expect(fake.calls('PATCH /webhooks/:app/:token/messages/@original')).toMatchObject([
      { body: { content: 'Night.' }, files: [{ bytes: FOX, description: 'a fox' }], status: 200 },
    ]);
    expect(fake.messages(fake.channelId)).toEqual([expect.objectContaining({ content: 'Night.' })]);
    expect(asked.payload).toMatchObject({
      locale: 'ja',
      context: 0,
      attachment_size_limit: 10_485_760,
      authorizing_integration_owners: { 0: fake.guildId },
    });
    expect(fake.downloads).toMatchObject([{ authorization: undefined }]);
  });

  it('is completed, and refuses what the app would', async () => {
    const bot = await connect(async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const typed = interaction.options.getFocused();
      await interaction.respond([{ name: `${typed}!`, value: typed }]);
    });
    await bot.application.commands.set(COMMANDS);
    const ada = fake.person();
    const typing = ada.autocompletes(fake.channelId, 'edit', 'model', { model: 'gem' });
    expect(await fake.waitFor(() => typing.choices)).toEqual([{ name: 'gem!', value: 'gem' }]);
    const inPrivate = ada.command(ada.dm, 'edit', { prompt: 'x' });
    expect(inPrivate.payload).toMatchObject({ context: 1, user: { id: ada.user.id } });
    expect(() => ada.command(fake.channelId, 'edit', {})).toThrow('prompt is required');
    expect(() => ada.command(fake.channelId, 'draw')).toThrow('no command draw');
  });

  it('is registered, and told with all its languages on request', async () => {
    const path = `/applications/${fake.applicationId}/commands`;
    const option = { type: 3, name: 'prompt', description: 'x', required: false, choices: [] };
    const ja = { name_localizations: { ja: '編集' } };
    const put = { name: 'edit', description: 'x', ...ja, options: [option], nsfw: false };
    const { answer: first } = await rest<{ id: string }[]>('PUT', path, [put]);
    const { answer: again } = await rest<{ id: string }[]>('PUT', path, [put]);
    expect(again[0]?.id).toBe(first[0]?.id);
    const full = await rest<object[]>('GET', `${path}?with_localizations=true`);
    const shown = { type: 3, name: 'prompt', description: 'x' };
    expect(full.answer[0]).toMatchObject({ ...ja, nsfw: false, integration_types: [0] });
    expect(full.answer[0]).toHaveProperty('options', [shown]);
    const brief = await rest<object[]>('GET', path);
    expect(brief.answer[0]).not.toHaveProperty('name_localizations');
  });

  it.each<[object, string]>([
    [{ name: 'Edit', description: 'x' }, '{"0":{"name":'],
    [{ name: 'edit', description: '' }, '{"0":{"description":'],
    [{ name: 'edit', description: 'x', name_localizations: { xx: 'y' } }, 'DICT_TYPE_KEY_ENUM'],
    [{ name: 'edit', description: 'x', contexts: [3] }, '{"0":{"contexts":{"0":'],
    [
      {
        name: 'edit',
        description: 'x',
        options: [
          { type: 3, name: 'a', description: 'a' },
          { type: 3, name: 'b', description: 'b', required: true },
        ],
      },
      'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    ],
    [{ name: 'edit', description: 'x'.repeat(101) }, 'BASE_TYPE_MAX_LENGTH'],
  ])('is refused: %j', async (command, problem) => {
    const path = `/applications/${fake.applicationId}/commands`;
    const { status, code, answer } = await rest('PUT', path, [command]);
    expect([status, code]).toEqual([400, 50_035]);
    expect(JSON.stringify(answer.errors)).toContain(problem);
    expect(fake.commands()).toEqual([]);
  });
});

describe('components and forms', () => {
  it('a button opens a form, and the form comes back filled', async () => {
    const received: unknown[] = [];
    await connect(async (interaction) => {
      if (interaction.isButton()) {
        const words = new TextInputBuilder().setCustomId('words').setStyle(TextInputStyle.Short);
        const files = new FileUploadBuilder().setCustomId('files').setRequired(false);
        const size = new StringSelectMenuBuilder()
          .setCustomId('size')
          .addOptions({ label: 'Large', value: '4K' }, { label: 'Small', value: '1K' });
        const modal = new ModalBuilder()
          .setCustomId('e:turn')
          .setTitle('Edit')
          .addLabelComponents(
            new LabelBuilder().setLabel('Words').setTextInputComponent(words),
            new LabelBuilder().setLabel('More').setFileUploadComponent(files),
            new LabelBuilder().setLabel('Size').setStringSelectMenuComponent(size),
          );
        return interaction.showModal(modal);
      }
      if (!interaction.isModalSubmit()) return undefined;
      const { fields } = interaction;
      const file = fields.getUploadedFiles('files', true).first();
      received.push(fields.getTextInputValue('words'), fields.getStringSelectValues('size'));
      received.push(file?.size, interaction.message?.id);
      return interaction.isFromMessage() ? interaction.update('Working') : undefined;
    });
    const { answer: message } = await rest<APIMessage>(
      'POST',
      `/channels/${fake.channelId}/messages`,
      {
        content: 'A fox',
        components: [button('e:turn', 'Edit').toJSON()],
      },
    );
    const ada = fake.person();
    const press = ada.presses(message);
    await fake.waitFor(() => press.modal);
    const values = { words: 'night', size: ['4K'], files: [{ bytes: FOX }] };
    const form = ada.submits(press, values);
    await fake.waitFor(() => form.answered);
    expect(received).toEqual(['night', ['4K'], FOX.length, message.id]);
    expect(fake.messages(fake.channelId)).toMatchObject([{ content: 'Working' }]);
    expect(() => ada.submits(press, { words: 'x', other: 'y' })).toThrow('no field other');
    expect(() => ada.presses(message, 'forged')).toThrow('no such component');
  });

  it('a select, answered for one person only', async () => {
    await connect(async (interaction) => {
      if (!interaction.isStringSelectMenu()) return;
      const flags = MessageFlags.Ephemeral;
      const { resource } = await interaction.reply({
        content: interaction.values.join(),
        flags,
        withResponse: true,
      });
      await interaction.followUp({ content: resource?.message?.content ?? '', flags });
      await interaction.deleteReply();
    });
    const options = ['a', 'b'].map((value) => ({ label: value, value }));
    const row = { type: 1, components: [{ type: 3, custom_id: 's', options }] };
    const { answer: message } = await rest<APIMessage>(
      'POST',
      `/channels/${fake.channelId}/messages`,
      {
        components: [row],
      },
    );
    const ada = fake.person();
    const chosen = ada.selects(message, 's', ['b']);
    await fake.waitFor(() => chosen.followUps.length === 1 && chosen.reply === undefined);
    expect(chosen.followUps).toMatchObject([{ content: 'b', flags: MessageFlags.Ephemeral }]);
    expect(fake.messages(fake.channelId)).toHaveLength(1);
    expect(fake.messages(fake.channelId, ada.user.id)).toHaveLength(2);
    expect(heard.map(({ content }) => content)).toEqual(['']);
    expect(() => ada.selects(message, 's', ['c'])).toThrow('does not offer');
  });

  it('the menu of a message shows all of it', async () => {
    const seen: (string | undefined)[] = [];
    const bot = await connect(async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) return;
      seen.push(interaction.targetMessage.attachments.first()?.name);
      await interaction.reply('ok');
    });
    await bot.application.commands.set(COMMANDS);
    const said = fake.person().says(fake.channelId, 'look', { files: [{ bytes: FOX }] });
    const menu = fake.person().menu(fake.channelId, 'Edit image', said);
    await fake.waitFor(() => menu.reply);
    expect(seen).toEqual(['fox.png']);
  });
});

describe('the life of an interaction', () => {
  const callback = (asked: { id: string; token: string }, body: object) =>
    rest('POST', `/interactions/${asked.id}/${asked.token}/callback`, body);
  const original = (asked: { token: string }, method: string, body?: object) =>
    rest(method, `/webhooks/${fake.applicationId}/${asked.token}/messages/@original`, body);

  it('ends by time, and has one first answer', async () => {
    await rest('PUT', `/applications/${fake.applicationId}/commands`, COMMANDS);
    const ada = fake.person();
    const ask = () => ada.command(fake.channelId, 'edit', { prompt: 'night' });
    const late = ask();
    fake.advance(3001);
    expect(await callback(late, { type: 5 })).toMatchObject({ status: 404, code: 10_062 });
    const asked = ask();
    expect(await original(asked, 'GET')).toMatchObject({ status: 404, code: 10_015 });
    expect(await callback(asked, { type: 7 })).toMatchObject({ status: 400, code: 50_035 });
    expect((await callback(asked, { type: 5, data: { flags: 64 | (1 << 15) } })).status).toBe(204);
    expect(asked).toMatchObject({ isEphemeral: true, isDeferred: true, reply: { flags: 192 } });
    expect(await callback(asked, { type: 9 })).toMatchObject({ status: 400, code: 40_060 });
    const hook = `/webhooks/${fake.applicationId}/${asked.token}`;
    const kept = await rest('POST', hook, { content: 'here' });
    expect(kept.answer).toMatchObject({ id: asked.reply?.id, flags: 64 });
    expect((await original(asked, 'DELETE')).status).toBe(204);
    expect(await original(asked, 'GET')).toMatchObject({ status: 404, code: 10_008 });
    fake.advance(15 * 60_000);
    expect(await rest('POST', hook, { content: 'x' })).toMatchObject({ status: 401, code: 50_027 });
  });

  it('has five follow-ups where the bot is a guest', async () => {
    const everywhere = COMMANDS.map((command) => ({ ...command, integration_types: [0, 1] }));
    await rest('PUT', `/applications/${fake.applicationId}/commands`, everywhere);
    const there = fake.addChannel({ guildId: fake.addGuild({ isJoined: false }) });
    expect(() => fake.person().command(there, 'edit', { prompt: 'x' })).toThrow('not installed');
    const bob = fake.person({ hasInstalled: true });
    const asked = bob.command(there, 'edit', { prompt: 'night' });
    await callback(asked, { type: 4, data: { content: 'one' } });
    const hook = `/webhooks/${fake.applicationId}/${asked.token}`;
    const statuses = [];
    for (const content of ['2', '3', '4', '5', '6', '7']) {
      statuses.push((await rest('POST', hook, { content })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 400]);
    expect(asked.payload.authorizing_integration_owners).toEqual({ 1: bob.user.id });
    const direct = await rest('POST', `/channels/${there}/messages`, { content: 'x' });
    expect(direct).toMatchObject({ status: 403, code: 50_001 });
  });
});
