import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FakeDiscord } from '../fakes/discord-api.ts';
import {
  AGAIN,
  buttonsOf,
  CANCEL,
  createPng,
  deliveryOf,
  EDIT,
  lastTarget,
  sha256,
  shown,
  started,
  storePicture,
  WORKING,
} from './setup.ts';

afterEach(() => void vi.useRealTimers());

const SIGNAL = new AbortController().signal;
const LIMITS = { maxBytes: 1_000_000, signal: SIGNAL };
const WEBHOOK_PATCH = 'PATCH /webhooks/:app/:token/messages/:message';

describe('slash commands', () => {
  test('are heard with everything that was given, after the acknowledgement', async () => {
    const { fake, heard, on, platform } = await started();
    const ada = fake.person({ locale: 'ja' });
    const [one, two] = [await createPng(), await createPng(50, 50, 'red')];
    let answered: number | undefined;
    on.hear = () => {
      answered = interaction.answered;
    };
    const interaction = ada.command(fake.channelId, 'imagine', {
      prompt: ' a fox in snow ',
      image: { bytes: one },
      image2: { bytes: two },
      aspect_ratio: '16:9',
      size: '2K',
      count: 2,
      model: 'gemini-image',
      style: 'night',
    });
    const [message] = await fake.waitFor(() => heard.length === 1 && heard);
    expect(answered).toBe(5);
    expect(interaction.isEphemeral).toBe(false);
    expect(message).toMatchObject({
      id: `discord:${interaction.id}`,
      person: { id: `discord:${ada.user.id}`, language: 'ja' },
      chat: `discord:${fake.channelId}`,
      server: `discord:${fake.guildId}`,
      isPrivate: false,
      command: 'imagine',
      words: 'a fox in snow',
      hasUnreadable: false,
      messages: [],
      options: { aspectRatio: '16:9', size: '2K', count: 2, model: 'gemini-image' },
      style: 'night',
    });
    const loaded = await Promise.all(
      (message?.attachments ?? []).map((attachment) => platform.load(attachment, LIMITS)),
    );
    expect(loaded.map(sha256)).toEqual([one, two].map(sha256));
    expect(fake.downloads.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each(['new', 'cancel', 'usage', 'forget', 'help'])('/%s is between two', async (name) => {
    const { fake, heard, platform } = await started();
    const interaction = fake.person().command(fake.channelId, name);
    await fake.waitFor(() => heard[0]?.command === name);
    await platform.close(lastTarget(heard), { text: 'done', buttons: [] });
    expect(interaction).toMatchObject({ isEphemeral: true, reply: { content: 'done' } });
  });

  test('what is in private is private; between people it is not', async () => {
    const { fake, heard } = await started();
    const ada = fake.person({ hasInstalled: true });
    const group = fake.addChannel({ kind: 'group' });
    ada.command(ada.dm, 'imagine', { prompt: 'a' });
    await fake.waitFor(() => heard.length === 1);
    ada.command(group, 'imagine', { prompt: 'b' });
    await fake.waitFor(() => heard.length === 2);
    expect(heard.map(({ isPrivate }) => isPrivate)).toEqual([true, false]);
  });

  test('where the bot is a guest, everything goes through the interaction', async () => {
    const { fake, heard, platform } = await started();
    const ada = fake.person({ hasInstalled: true });
    const abroad = fake.addChannel({ guildId: fake.addGuild({ isJoined: false }) });
    const interaction = ada.command(abroad, 'edit', {
      image: { bytes: await createPng(), name: 'SPOILER_fox.png' },
      prompt: 'night',
    });
    await fake.waitFor(() => heard.length === 1);
    const named = await platform.showStatus(lastTarget(heard), WORKING);
    const picture = await storePicture(await createPng());
    await platform.deliver(named, deliveryOf([picture], { text: 'y'.repeat(3000) }));
    expect(interaction.reply?.attachments[0]?.filename).toBe('SPOILER_easel-1.png');
    expect(interaction.followUps).toHaveLength(1);
  });

  test('one that came too late begins nothing', async () => {
    const { fake, heard, lines } = await started();
    fake.script('POST /interactions/:id/:token/callback', 10_062);
    fake.person().command(fake.channelId, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => lines.some((line) => line.includes('10062')));
    expect(heard).toEqual([]);
  });

  test('one that is delivered twice keeps its id, by which the desk knows it', async () => {
    const { fake, heard } = await started();
    const interaction = fake.person().command(fake.channelId, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => heard.length === 1);
    fake.dispatch('INTERACTION_CREATE', interaction.payload);
    await fake.waitFor(() => heard.length === 2);
    expect(heard[0]?.id).toBe(heard[1]?.id);
  });

  test('an acknowledgement whose answer was lost counts', async () => {
    const { fake, heard } = await started();
    fake.script('POST /interactions/:id/:token/callback', 'reset-after');
    fake.person().command(fake.channelId, 'imagine', { prompt: 'a fox' });
    await fake.waitFor(() => heard.length === 1);
  });
});

describe('typing ahead', () => {
  test.each([
    ['model', 'PRO', ['gemini-pro-image']],
    ['model', '', ['gemini-image', 'gemini-pro-image']],
    ['style', 'ske', ['sketch']],
  ])('%s %s', async (option, typed, expected) => {
    const { fake } = await started();
    const ada = fake.person();
    const options = { prompt: 'a fox', [option]: typed };
    const interaction = ada.autocompletes(fake.channelId, 'imagine', option, options);
    const choices = await fake.waitFor(() => interaction.choices);
    expect(choices.map(({ value }) => value)).toEqual(expected);
  });

  test('a desk that fails leaves the list empty', async () => {
    const { fake, desk } = await started();
    desk.models = () => Promise.reject(new Error('no'));
    const ada = fake.person();
    const options = { prompt: 'a fox', model: 'x' };
    const interaction = ada.autocompletes(fake.channelId, 'imagine', 'model', options);
    expect(await fake.waitFor(() => interaction.choices)).toEqual([]);
  });
});

describe('the menu of a message', () => {
  test('Edit image asks in a form, and edits the pictures of the message', async () => {
    const { fake, heard, platform } = await started();
    const ada = fake.person();
    const [bytes, reference] = [await createPng(), await createPng(60, 60)];
    const message = fake.person().says(fake.channelId, 'look', { files: [{ bytes }] });
    const menu = ada.menu(fake.channelId, 'Edit image', message);
    await fake.waitFor(() => menu.modal);
    const submit = ada.submits(menu, {
      words: 'make it night',
      style: ['sketch'],
      files: [{ bytes: reference }],
    });
    const [request] = await fake.waitFor(() => heard.length === 1 && heard);
    expect(submit.answered).toBe(5);
    expect(request).toMatchObject({
      id: `discord:${submit.id}`,
      command: 'edit',
      words: 'make it night',
      style: 'sketch',
      replied: { message: `discord:${message.channel_id}:${message.id}` },
    });
    const all = [...(request?.attachments ?? []), ...(request?.replied?.attachments ?? [])];
    const loaded = await Promise.all(all.map((each) => platform.load(each, LIMITS)));
    expect(loaded.map(sha256)).toEqual([reference, bytes].map(sha256));
  });

  test('a form outlives a restart where the bot can read the message', async () => {
    const { fake, heard } = await started({ about: { maxConcurrency: 2 } });
    const ada = fake.person();
    const files = [{ bytes: await createPng() }];
    const message = ada.says(fake.channelId, '', { files, mentionBot: true });
    await fake.waitFor(() => heard.length === 1);
    const menu = ada.menu(fake.channelId, 'Edit image', message);
    await fake.waitFor(() => menu.modal);
    const other = await started({ apiRoot: fake.origin });
    ada.submits(menu, { words: 'x', style: [], files: [] });
    const request = await fake.waitFor(() => other.heard[0]);
    expect(request.replied?.attachments).toHaveLength(1);
  });

  test.each(['Edit image', 'Describe image'])(
    '%s on words says that there is no picture',
    async (name) => {
      const { fake } = await started();
      const ada = fake.person();
      const menu = ada.menu(fake.channelId, name, ada.says(fake.channelId, 'only words'));
      const reply = await fake.waitFor(() => menu.reply);
      expect(reply.content).toContain('no picture');
      expect(menu.isEphemeral).toBe(true);
    },
  );

  test('Describe image takes forwarded pictures too', async () => {
    const { fake, heard } = await started();
    const ada = fake.person();
    const original = ada.says(fake.channelId, '', { files: [{ bytes: await createPng() }] });
    const forwarded = ada.forwards(fake.addChannel(), original);
    const menu = ada.menu(forwarded.channel_id, 'Describe image', forwarded);
    const [request] = await fake.waitFor(() => heard.length === 1 && heard);
    expect(menu.answered).toBe(5);
    expect(request).toMatchObject({ command: 'describe', words: '', attachments: [] });
    expect(request?.replied?.attachments).toHaveLength(1);
  });
});

/** A result with buttons, and who may press them. */
async function withResult(buttons = [[AGAIN, EDIT]]) {
  const world = await started();
  const { fake, heard, platform } = world;
  const ada = fake.person();
  ada.command(fake.channelId, 'imagine', { prompt: 'a fox' });
  await fake.waitFor(() => heard.length === 1);
  const picture = await storePicture(await createPng());
  await platform.deliver(lastTarget(heard), deliveryOf([picture], { buttons }));
  const [message] = shown(fake);
  if (message === undefined) throw new Error('no result');
  return { ...world, ada, message };
}

/** Lets faked time pass until `probe` finds something: a note waits for the status of a job that may begin. */
function afterPatience<T>(fake: FakeDiscord, probe: () => T | undefined | false): Promise<T> {
  return fake.waitFor(() => {
    void vi.advanceTimersByTimeAsync(50);
    return probe();
  });
}

describe('buttons', () => {
  test('reach the desk by their id; silence leaves the message as it is', async () => {
    const { fake, ada, message, presses } = await withResult();
    const press = ada.presses(message, EDIT.id);
    await fake.waitFor(() => press.answered);
    expect(press.answered).toBe(6);
    expect(presses).toMatchObject([
      {
        id: `discord:${press.id}`,
        button: EDIT.id,
        person: { id: `discord:${ada.user.id}` },
        chat: `discord:${fake.channelId}`,
        server: `discord:${fake.guildId}`,
      },
    ]);
    expect(await presses[0]?.speaksForChat()).toBe(false);
  });

  test('a note is for the presser alone', async () => {
    const { fake, ada, message, on } = await withResult();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    on.press = () => ({ type: 'note', text: 'Not yours.' });
    const press = ada.presses(message);
    const reply = await afterPatience(fake, () => press.reply);
    expect(reply.content).toBe('Not yours.');
    expect(press.isEphemeral).toBe(true);
  });

  test('a job that begins shows its status as a message of its own, without the note', async () => {
    const { fake, ada, message, on, platform, presses } = await withResult();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    on.press = ({ target }) => {
      setTimeout(() => platform.showStatus(target, WORKING), 20);
      return { type: 'note', text: 'On it…' };
    };
    const press = ada.presses(message);
    await fake.waitFor(() => presses.length === 1);
    await vi.advanceTimersByTimeAsync(100);
    await fake.waitFor(() => press.reply?.content === 'working');
    await vi.advanceTimersByTimeAsync(1000);
    expect(press.answered).toBe(5);
    expect(press.followUps).toEqual([]);
    expect(shown(fake).map(({ content }) => content)).toEqual(['a fox', 'working']);
  });

  test('a status that comes after the note stands below, and the result in its place', async () => {
    const { fake, ada, message, on, platform, presses } = await withResult();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    on.press = () => ({ type: 'note', text: 'On it…' });
    const press = ada.presses(message);
    await afterPatience(fake, () => press.reply);
    vi.useRealTimers();
    const { target } = presses[0] ?? {};
    if (target === undefined) throw new Error('no target');
    const named = await platform.showStatus(target, WORKING);
    const picture = await storePicture(await createPng());
    await platform.deliver(named, deliveryOf([picture], { text: 'another' }));
    expect(shown(fake).map(({ content }) => content)).toEqual(['a fox', 'another']);
  });

  test('two deliveries for one press are two messages', async () => {
    const { fake, ada, message, on, platform } = await withResult();
    const picture = await storePicture(await createPng());
    on.press = async ({ target }) => {
      await platform.deliver(target, deliveryOf([picture], { text: 'one' }));
      await platform.deliver(target, deliveryOf([picture], { text: 'two' }));
      return { type: 'note', text: '' };
    };
    ada.presses(message);
    await fake.waitFor(() => shown(fake).length === 3);
    expect(shown(fake).map(({ content }) => content)).toEqual(['a fox', 'one', 'two']);
  });

  test('what takes the place of the message leaves nothing of it', async () => {
    const { fake, ada, message, on, platform } = await withResult();
    on.press = async ({ takeOver }) => {
      await platform.showStatus(takeOver, WORKING);
      return { type: 'note', text: 'On it…' };
    };
    const press = ada.presses(message);
    await fake.waitFor(() => shown(fake)[0]?.content === 'working');
    expect(press.answered).toBe(6);
    expect(shown(fake)).toMatchObject([{ id: message.id, attachments: [] }]);
  });

  test('a reply that replaces', async () => {
    const { fake, ada, message, on } = await withResult();
    on.press = () => ({ type: 'replace', reply: { text: 'gone', buttons: [[CANCEL]] } });
    const press = ada.presses(message);
    await fake.waitFor(() => press.answered === 7);
    expect(shown(fake)[0]).toMatchObject({ content: 'gone', attachments: [] });
    expect(shown(fake).flatMap(buttonsOf)).toEqual([CANCEL.label]);
  });

  test('Edit opens a form whose words continue the turn', async () => {
    const { fake, ada, message, on, heard } = await withResult();
    on.press = () => ({ type: 'ask', text: 'What shall I change?', turn: 'abcdefghijkl' });
    const press = ada.presses(message, EDIT.id);
    await fake.waitFor(() => press.modal);
    ada.submits(press, { words: 'make it night', style: [], files: [] });
    const request = await fake.waitFor(() => heard[1]);
    expect(request).toMatchObject({
      command: 'edit',
      turn: 'abcdefghijkl',
      words: 'make it night',
      attachments: [],
      messages: [],
    });
    expect(request).not.toHaveProperty('style');
  });

  test('a desk that takes its time is acknowledged for; the question then comes as a message', async () => {
    const { fake, ada, message, on, links } = await withResult();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    on.press = async () => {
      await vi.advanceTimersByTimeAsync(2000);
      await fake.waitFor(() => press.answered);
      return { type: 'ask', text: 'What shall I change?', turn: 'abcdefghijkl' };
    };
    const press = ada.presses(message, EDIT.id);
    await fake.waitFor(() => links.length === 1);
    vi.useRealTimers();
    expect(press.answered).toBe(6);
    const [question] = press.followUps;
    expect(question?.content).toBe('What shall I change?');
    expect(links).toEqual([[`discord:${fake.channelId}:${question?.id}`, 'abcdefghijkl']]);
  });
});

describe('/settings', () => {
  const size = (chosen: string) => ({
    label: 'Size',
    choices: ['1K', '2K'].map((label) => ({ label, id: `s:${label}`, isChosen: label === chosen })),
  });

  test('are selects for the person alone; a choice is pressed and shown', async () => {
    const { fake, groups, on, presses } = await started();
    groups.push(size('1K'));
    on.press = ({ button }) => {
      groups.splice(0, 1, size(button.slice(2)));
      return { type: 'replace', reply: { text: '', buttons: [] } };
    };
    const ada = fake.person();
    const interaction = ada.command(fake.channelId, 'settings');
    const message = await fake.waitFor(() => !interaction.isDeferred && interaction.reply);
    expect(interaction.isEphemeral).toBe(true);
    const select = ada.selects(message, 'setting:0', ['s:2K']);
    await fake.waitFor(() => fake.calls(WEBHOOK_PATCH).length === 2);
    expect(select.answered).toBe(6);
    expect(presses.map(({ button }) => button)).toEqual(['s:2K']);
    const components = JSON.stringify(interaction.reply?.components);
    expect(components).toContain('"label":"Size: 2K"');
    expect(components).not.toContain('"label":"Size: 1K"');
  });
});
