import type { Update } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import type { PressAnswer, Reply } from '../../src/core/index.ts';
import { createPng, deliveryOf, setUp, shown, storePicture, target } from './setup.ts';

const AGAIN = { label: '🔁 Again', id: 'a:abcdefghijkl' };
const MENU: Reply = { text: 'menu', buttons: [[AGAIN]] };
const ASK: PressAnswer = { type: 'ask', text: 'What shall I change?', turn: 'abcdefghijkl' };

async function started(...answers: PressAnswer[]) {
  const world = await setUp();
  world.answers.push(...answers);
  await world.telegram.start();
  return world;
}

type World = Awaited<ReturnType<typeof started>>;

/** A result with buttons in a chat, as Ada sees it. */
async function deliverResult(
  { fake, platform }: World,
  { chatId = 1001, count = 1, spoiler = false } = {},
) {
  const wish = fake.person({}, chatId).says('/help');
  const place = { ...target, chatId, messageId: wish.message_id, ...(spoiler && { spoiler }) };
  const photo = await storePicture(await createPng());
  await platform.deliver(place, deliveryOf(Array(count).fill(photo), { buttons: [[AGAIN]] }));
  const result = fake.messages(chatId).at(-1);
  if (result === undefined) throw new Error('no result');
  return { wish, result };
}

async function postMenu({ fake, platform }: World, chatId = 1001) {
  const wish = fake.person({}, chatId).says('/help');
  await platform.close({ ...target, chatId, messageId: wish.message_id }, MENU);
  const menu = await fake.waitFor(() => fake.messages(chatId).at(-1));
  return { wish, menu };
}

const answered = ({ fake }: World) => fake.waitFor(() => fake.calls('answerCallbackQuery')[0]);

describe('a press', () => {
  test('under a picture says who, where, which button, and takes nothing over', async () => {
    const world = await started();
    const { result } = await deliverResult(world, { chatId: -9, spoiler: true });
    const query = world.fake.person({ language_code: 'ja' }, -9).presses(result);
    const press = await world.fake.waitFor(() => world.presses[0]);
    const place = { platform: 'telegram', chatId: -9, messageId: 2, spoiler: true };
    expect(press).toMatchObject({
      id: `telegram:cb:${query}`,
      button: AGAIN.id,
      person: { id: 'telegram:1001', language: 'ja' },
      chat: 'telegram:-9',
      target: place,
      takeOver: place,
    });
  });

  test('below an album keeps its cover', async () => {
    const world = await started();
    const { result } = await deliverResult(world, { count: 2, spoiler: true });
    world.fake.person().presses(result);
    const { target: place } = await world.fake.waitFor(() => world.presses[0]);
    expect(place).toMatchObject({ messageId: 4, spoiler: true });
  });

  test('on words can take their place, as an answer to what they answered', async () => {
    const world = await started();
    const { wish, menu } = await postMenu(world);
    world.fake.person().presses(menu);
    const press = await world.fake.waitFor(() => world.presses[0]);
    const chatId = 1001;
    expect(press.target).toEqual({ platform: 'telegram', chatId, messageId: menu.message_id });
    expect(press.takeOver).toEqual({
      platform: 'telegram',
      chatId,
      messageId: wish.message_id,
      statusId: menu.message_id,
    });
  });

  test.each([
    ['an admin', true],
    ['a member', false],
    ['somebody whom Telegram does not tell of', false],
  ])('of %s speaks for the chat: %s', async (who, expected) => {
    const world = await started();
    const { menu } = await postMenu(world, -9);
    if (who === 'an admin') world.fake.makeAdmin(-9, 1001);
    if (who.startsWith('somebody')) {
      world.fake.script('getChatMember', { code: 400, description: 'Bad Request: x' });
    }
    world.fake.person({}, -9).presses(menu);
    const press = await world.fake.waitFor(() => world.presses[0]);
    expect(world.fake.calls('getChatMember')).toEqual([]);
    expect(await press.speaksForChat()).toBe(expected);
  });

  test.each([
    ['without its message', { inline_message_id: 'x', data: 'a' }],
    ['of a game', { message: { message_id: 1, date: 1, chat: { id: 1001, type: 'private' } } }],
  ])('%s only stops the waiting', async (_name, query) => {
    const world = await started();
    const from = { id: 1001, is_bot: false, first_name: 'Ada' };
    const whole = { id: '77', from, chat_instance: '1', ...query };
    world.fake.send({ callback_query: whole } as Omit<Update, 'update_id'>);
    expect((await answered(world)).fields).toEqual({ callback_query_id: '77' });
    expect(world.presses).toEqual([]);
  });
});

describe('a note', () => {
  test.each([
    ['nothing', '', {}],
    ['a short one', 'Cancelled.', { text: 'Cancelled.' }],
    ['a long one stays', 'x'.repeat(81), { text: 'x'.repeat(81), show_alert: true }],
    ['one too long is cut', '🦊'.repeat(150), { text: `${'🦊'.repeat(99)}…`, show_alert: true }],
  ])('%s', async (_name, text, expected) => {
    const world = await started({ type: 'note', text });
    const { menu } = await postMenu(world);
    const id = world.fake.person().presses(menu);
    expect((await answered(world)).fields).toEqual({ callback_query_id: id, ...expected });
  });

  test('that comes too late harms nothing', async () => {
    const world = await started({ type: 'note', text: 'a' }, { type: 'note', text: 'b' });
    const { menu } = await postMenu(world);
    const ada = world.fake.person();
    const description = 'Bad Request: query is too old and response timeout expired';
    world.fake.script('answerCallbackQuery', { code: 400, description });
    ada.presses(menu);
    ada.presses(menu);
    await world.fake.waitFor(() => world.fake.calls('answerCallbackQuery')[1]?.answer?.ok);
    expect(world.lines.filter((line) => line.includes('an update failed'))).toEqual([]);
  });

  test('does not wait for its chat', async () => {
    const world = await started({ type: 'note', text: 'Cancelled.' });
    const { menu } = await postMenu(world);
    world.desk.hear = () => new Promise(() => {});
    const ada = world.fake.person();
    ada.says('a fox');
    ada.presses(menu);
    expect((await answered(world)).fields.text).toBe('Cancelled.');
  });
});

describe('a new text', () => {
  const page = { type: 'replace' as const, reply: { text: 'page 2', buttons: [[AGAIN]] } };

  test('takes the place of the old one, with its buttons', async () => {
    const world = await started(page);
    const { menu } = await postMenu(world);
    world.fake.person().presses(menu);
    await world.fake.waitFor(() => world.fake.calls('editMessageText')[0]?.answer);
    expect(shown(world.fake)).toMatchObject([
      { text: 'page 2', reply_markup: { inline_keyboard: [[{ callback_data: AGAIN.id }]] } },
    ]);
    expect(world.fake.calls('answerCallbackQuery')[0]?.fields).not.toHaveProperty('text');
  });

  test('that stands already is enough', async () => {
    const world = await started({ type: 'replace', reply: MENU });
    const { menu } = await postMenu(world);
    world.fake.person().presses(menu);
    await world.fake.waitFor(() => world.fake.calls('editMessageText')[0]?.answer);
    expect(shown(world.fake)).toHaveLength(1);
  });

  test('leaves a picture as it is', async () => {
    const world = await started(page);
    const { result } = await deliverResult(world);
    world.fake.person().presses(result);
    const text = await world.fake.waitFor(() => shown(world.fake)[1]);
    expect(text).toMatchObject({ text: 'page 2', reply_to_message: { message_id: 2 } });
    expect(world.fake.calls('deleteMessage')).toEqual([]);
  });

  test('comes as a message where the old one is out of reach', async () => {
    const world = await started(page);
    const { menu } = await postMenu(world);
    const { chat, message_id } = menu;
    const inaccessible = { chat, message_id, date: 0 };
    const from = { id: 1001, is_bot: false, first_name: 'Ada' };
    const query = { id: '7', from, chat_instance: '1', data: 'a', message: inaccessible };
    world.fake.send({ callback_query: query } as Omit<Update, 'update_id'>);
    await world.fake.waitFor(() => shown(world.fake)[1]);
    expect(shown(world.fake).map(({ text }) => text)).toEqual(['menu', 'page 2']);
  });
});

describe('asking for words', () => {
  test('opens a field; its answer is linked to the turn', async () => {
    const world = await started(ASK);
    const { result } = await deliverResult(world);
    world.fake.person().presses(result);
    const { fields } = await world.fake.waitFor(
      () => world.links.length > 0 && world.fake.calls('sendMessage')[0],
    );
    expect(fields).toMatchObject({
      text: 'What shall I change?',
      reply_parameters: { message_id: result.message_id },
      reply_markup: {
        force_reply: true,
        selective: true,
        input_field_placeholder: 'What shall I change?',
      },
    });
    expect(world.links).toEqual([['telegram:1001:3', 'abcdefghijkl']]);
  });

  test('in a group names whom it asks', async () => {
    const world = await started({ ...ASK, text: 'x'.repeat(100) });
    const { result } = await deliverResult(world, { chatId: -9 });
    const ben = world.fake.person({ id: 2002, first_name: 'Ben' }, -9);
    ben.presses(result);
    const { fields } = await world.fake.waitFor(() => world.fake.calls('sendMessage')[0]);
    expect(fields).toMatchObject({
      text: `Ben\n${'x'.repeat(100)}`,
      entities: [{ type: 'text_mention', offset: 0, length: 3, user: { id: 2002 } }],
      reply_markup: { input_field_placeholder: `${'x'.repeat(63)}…` },
    });
  });

  test('in a channel is a post, whose answer is for the bot', async () => {
    const world = await started(ASK);
    const news = world.fake.channel(-77);
    news.posts('a post');
    await world.platform.close({ ...target, chatId: -77 }, MENU);
    const menu = await world.fake.waitFor(() => world.fake.messages(-77)[1]);
    world.fake.person({}, -77).presses(menu);
    const asked = await world.fake.waitFor(
      () => world.links.length > 0 && world.fake.messages(-77)[2],
    );
    expect(asked).toMatchObject({ sender_chat: { id: -77 } });
    news.posts('make it night', { reply: asked });
    news.posts('a fox', { reply: menu });
    await world.fake.waitFor(() => world.heard.length === 2);
    expect(world.heard).toMatchObject([
      { words: 'make it night', replied: { message: 'telegram:-77:3' } },
      { words: 'a fox', person: { id: 'telegram:-77' } },
    ]);
  });
});
