import { afterEach, describe, expect, it, vi } from 'vitest';
import { STARTER_STYLES } from '../../../src/core/desk/starter-styles.ts';
import type { JobRow } from '../../../src/core/job/job-row.ts';
import { jobIdOf } from '../../../src/core/job/job-rows.ts';
import type { IncomingMessage } from '../../../src/core/types.ts';
import { ADA, ADMIN, BOB, CHAT, createWorld, photo, pictureOf, turnOf } from './world.ts';

const [NIGHT] = STARTER_STYLES;
const attachments = [photo('own')];

afterEach(() => {
  vi.useRealTimers();
});

describe('the menu of styles', () => {
  it('offers eight styles with short ids, in the language of the person', async () => {
    const world = createWorld();
    await world.hear({ attachments, person: { id: ADA.id, language: 'zh' } });
    const [menu] = world.seen.messages;
    expect(menu?.text).toBe('想让我怎么处理这张图？选一种风格，或者回复几个字，比如“改成夜晚”。');
    expect(menu?.buttons).toHaveLength(8);
    expect(menu?.buttons[0]?.label).toBe('🌙 夜晚');
    for (const { id } of menu?.buttons ?? []) expect(id).toMatch(/^[!-~]{1,64}$/);
  });

  it('shows the first eight where the operator has more', async () => {
    const own = { name: 'own', labels: { en: 'Own', zh: 'Own', ja: 'Own' }, prompt: 'x' };
    const world = createWorld({ styles: [own, ...STARTER_STYLES] });
    await world.hear({ attachments });
    const labels = world.seen.messages[0]?.buttons.map(({ label }) => label) ?? [];
    expect([labels.length, labels[0]]).toEqual([8, 'Own']);
  });

  it('turns into the picture when a style is pressed, also after a restart', async () => {
    const world = createWorld();
    await world.hear({ attachments, words: '--ar 1:1' });
    const press = world.pressOf(world.buttons()[0] ?? '');
    expect(await world.start().press(press)).toEqual({ type: 'note', text: '' });
    expect(world.requests).toEqual([
      {
        id: press.id,
        kind: 'picture',
        person: ADA,
        chat: CHAT,
        prompt: NIGHT?.prompt,
        description: '🌙 Night',
        attachments,
        inputs: [],
        origin: 'new',
        options: { aspectRatio: '1:1' },
        button: press.button.replace(/:night$/, ''),
        target: press.takeOver,
      },
    ]);
  });

  it('makes one picture, whichever of its buttons are pressed', async () => {
    const world = createWorld();
    await world.hear({ attachments });
    const [first = '', second = ''] = world.buttons();
    const [one, two] = await Promise.all([world.press(first), world.press(second)]);
    expect([one, two]).toEqual([
      { type: 'note', text: '' },
      { type: 'note', text: 'I am already on it.' },
    ]);
    world.ordered.add(world.requests[0]?.button ?? '');
    expect(await world.press(second)).toMatchObject({ text: 'I am already on it.' });
    expect(world.requests).toHaveLength(1);
  });

  it.each([
    [ADA, false, true],
    [BOB, false, false],
    [BOB, true, false],
    [ADMIN, false, true],
  ])('%o may press it: %s', async (person, speaks, allowed) => {
    const world = createWorld();
    await world.hear({ attachments });
    const some = { person, speaksForChat: async () => speaks };
    const answer = await world.press(world.buttons()[0] ?? '', some);
    const refused = { type: 'note', text: 'Only the person who asked can use these buttons.' };
    expect(answer).toEqual(allowed ? { type: 'note', text: '' } : refused);
    expect(world.requests.map((request) => request.person)).toEqual(allowed ? [person] : []);
  });

  it('obeys those who speak for the chat where the chat itself asked', async () => {
    const world = createWorld();
    await world.hear({ attachments, person: { id: CHAT } });
    const [button = ''] = world.buttons();
    await world.press(button, { person: BOB });
    expect(world.requests).toEqual([]);
    await world.press(button, { person: BOB, speaksForChat: async () => true });
    expect(world.requests).toMatchObject([{ person: { id: CHAT, language: 'en' } }]);
  });

  it.each<[string, Partial<IncomingMessage>, object]>([
    ['to it', { replied: { message: 'fake:chat:1', attachments: [] } }, { attachments }],
    ['to the picture', { replied: { message: 'sent', attachments: [] } }, { attachments }],
  ])('is answered in words by a reply %s', async (_name, some, about) => {
    const world = createWorld();
    await world.hear({ attachments, messages: ['sent'] });
    await world.hear({ words: 'make it night', ...some });
    expect(world.requests).toMatchObject([{ prompt: 'make it night', origin: 'new', ...about }]);
  });

  it('serves a result too', async () => {
    const world = createWorld();
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
    world.links.set('fox', { turn: 'turn-of-fox-', picture: 1 });
    const replied = { message: 'fox', attachments: [photo('fox')] };
    await world.hear({ command: 'style', replied });
    await world.hear({ words: 'night', replied: { message: 'fake:chat:1', attachments: [] } });
    await world.press(world.buttons()[0] ?? '');
    const origin = { turn: 'turn-of-fox-', picture: 1 };
    expect(world.requests).toMatchObject([
      { origin, prompt: 'night' },
      { origin, prompt: NIGHT?.prompt },
    ]);
  });

  it('of new pictures for a result means both, the result first, however it is answered', async () => {
    const world = createWorld();
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
    world.links.set('fox', { turn: 'turn-of-fox-' });
    const replied = { message: 'fox', attachments: [photo('fox')] };
    await world.hear({ attachments, replied, messages: ['sent'] });
    const [button = ''] = world.buttons();
    const answering = {
      words: 'put it on her',
      replied: { message: 'fake:chat:1', attachments: [] },
    };
    await world.hear(answering);
    await world.hear({ ...answering, attachments: [photo('more')] });
    await world.hear({ ...answering, replied: { message: 'sent', attachments } });
    await world.press(button);
    const both = { origin: { turn: 'turn-of-fox-' }, attachments };
    expect(world.requests).toMatchObject([
      both,
      { ...both, attachments: [...attachments, photo('more')] },
      both,
      both,
    ]);
    expect(world.links.get('sent')).toEqual({ ...both.origin, attachments, personId: ADA.id });
  });

  it('of new pictures for a result that is gone means those that are there', async () => {
    const world = createWorld();
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
    world.links.set('fox', { turn: 'turn-of-fox-' });
    const replied = { message: 'fox', attachments: [photo('fox')] };
    await world.hear({ attachments, replied, messages: ['sent'] });
    world.turns.clear();
    await world.hear({ words: 'make it night', replied: { message: 'sent', attachments } });
    expect(world.requests).toMatchObject([{ origin: 'new', attachments }]);
  });

  it('is gone after a month, or with its style', async () => {
    vi.useFakeTimers();
    const world = createWorld();
    await world.hear({ attachments });
    const [button = ''] = world.buttons();
    const gone = { type: 'note', text: 'I no longer have this. Please send it again.' };
    expect(await world.press(button.replace('night', 'unknown'))).toEqual(gone);
    vi.advanceTimersByTime(30 * 86_400_000);
    expect(await world.press(button)).toEqual(gone);
    expect(world.requests).toEqual([]);
  });
});

describe('words behind a menu, not as a reply', () => {
  const words = 'make it night';

  it('mean the picture in a private chat, with what was asked of it', async () => {
    const world = createWorld();
    await world.hear({ attachments, words: '--size 2K', isPrivate: true });
    await world.start().hear(world.message({ words, isPrivate: true }));
    await world.hear({ words: 'and a moon', isPrivate: true });
    expect(world.requests).toMatchObject([
      { prompt: words, origin: 'new', attachments, options: { size: '2K' } },
      { prompt: 'and a moon', origin: 'branch', attachments: [], options: {} },
    ]);
    expect(world.requests[0]).not.toHaveProperty('personId');
  });

  it.each<[string, Partial<IncomingMessage>]>([
    ['a command', { command: 'imagine' }],
    ['a reply', { replied: { message: 'words', attachments: [] } }],
    ['another person', { person: BOB }],
    ['another chat', { chat: 'fake:other' }],
  ])('mean something else with %s', async (_name, some) => {
    const world = createWorld();
    await world.hear({ attachments, isPrivate: true });
    await world.hear({ words, isPrivate: true, ...some });
    expect(world.requests).toMatchObject([{ attachments: [] }]);
  });

  it('mean something else in a group', async () => {
    const world = createWorld();
    await world.hear({ attachments });
    await world.hear({ words });
    expect(world.requests).toMatchObject([{ attachments: [] }]);
  });

  it.each<[string, (world: ReturnType<typeof createWorld>) => Promise<unknown>]>([
    ['a style', (world) => world.press(world.buttons()[0] ?? '')],
    ['a fresh start', (world) => world.hear({ command: 'new', isPrivate: true })],
    ['another wish', (world) => world.hear({ command: 'imagine', words: 'x', isPrivate: true })],
    ['a quarter of an hour', async () => void vi.advanceTimersByTime(15 * 60_000)],
  ])('mean something else after %s', async (_name, pass) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const world = createWorld();
    await world.hear({ attachments, isPrivate: true });
    await pass(world);
    await world.hear({ words, isPrivate: true });
    expect(world.requests.at(-1)).toMatchObject({ prompt: words, attachments: [] });
  });
});

describe('words behind a wish that came to nothing', () => {
  const words = 'make it day';
  const made = { id: 'made', createdAt: 0, process: 'this', starts: 1 };
  /** Asks for something, and has it end so. */
  async function ended(
    state: JobRow['state'],
    some: Partial<IncomingMessage>,
    world = createWorld(),
  ) {
    await world.hear({ words: 'make it night', isPrivate: true, ...some });
    const [request] = world.requests;
    if (request === undefined) throw new Error('nothing was asked for');
    world.jobs.set(jobIdOf(request), { ...made, state, request });
    return world;
  }

  it.each<JobRow['state']>(['failed', 'cancelled', 'interrupted', 'unknown'])(
    'mean its pictures when it is %s, with other settings if need be',
    async (state) => {
      const world = await ended(state, { attachments, words: 'make it night --size 4K' });
      await world.hear({ words, isPrivate: true });
      expect(world.requests[1]).toMatchObject({ prompt: words, attachments, options: {} });
      expect(world.requests[1]?.options).toEqual({});
    },
  );

  it('mean the picture that it answered', async () => {
    const world = createWorld();
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
    world.branches.set(`${CHAT} ${ADA.id}`, 'another-turn');
    await ended('failed', { turn: 'turn-of-fox-' }, world);
    await world.hear({ words, isPrivate: true });
    expect(world.requests[1]).toMatchObject({ prompt: words, origin: { turn: 'turn-of-fox-' } });
  });

  it('mean the pictures that a button asked for', async () => {
    const world = createWorld();
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-', { inputs: [pictureOf('sketch')] }));
    await world.press('a:turn-of-fox-');
    const [request] = world.requests;
    if (request === undefined) throw new Error('nothing was asked for');
    world.jobs.set(jobIdOf(request), { ...made, state: 'failed', request });
    await world.hear({ words, isPrivate: true });
    expect(world.requests[1]).toMatchObject({ prompt: words, inputs: [pictureOf('sketch')] });
  });

  it('mean the picture that was described', async () => {
    const world = await ended('delivered', { attachments, command: 'describe' });
    await world.hear({ words, isPrivate: true });
    expect(world.requests[1]).toMatchObject({ prompt: words, attachments });
  });

  it.each<JobRow['state']>(['queued', 'generating', 'stored', 'delivered'])(
    'go on from the last result when it is %s',
    async (state) => {
      const world = await ended(state, { attachments });
      await world.hear({ words, isPrivate: true });
      expect(world.requests[1]).toMatchObject({ origin: 'branch', attachments: [] });
    },
  );

  it('mean what came after it', async () => {
    const world = await ended('failed', { attachments });
    await world.hear({ command: 'new', isPrivate: true });
    await world.hear({ words, isPrivate: true });
    expect(world.requests[1]).toMatchObject({ origin: 'branch', attachments: [] });
  });
});

describe('/style', () => {
  const film = STARTER_STYLES.find(({ name }) => name === 'film')?.prompt ?? '';

  it.each<[string, Partial<IncomingMessage>, string]>([
    ['a name', { words: 'film' }, film],
    ['a name in capitals', { words: 'FILM' }, film],
    ['a label', { words: '🎞 Film' }, film],
    ['a label of another language', { words: '胶片' }, film],
    ['more words', { words: 'film with rain' }, `${film}\n\nwith rain`],
    ['a form', { style: 'film' }, film],
    ['a form with words', { style: 'film', words: 'with rain' }, `${film}\n\nwith rain`],
  ])('by %s', async (_name, some, prompt) => {
    const world = createWorld();
    await world.hear({ command: 'style', attachments, ...some });
    expect(world.requests).toMatchObject([{ prompt, attachments, kind: 'picture' }]);
  });

  it('applies to the last picture where no other is meant', async () => {
    const world = createWorld();
    world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
    world.branches.set(`${CHAT} ${ADA.id}`, 'turn-of-fox-');
    await world.hear({ command: 'style', words: 'film' });
    expect(world.requests).toMatchObject([{ prompt: film, origin: { turn: 'turn-of-fox-' } }]);
  });

  it('goes with words to paint', async () => {
    const world = createWorld();
    await world.hear({ command: 'imagine', style: 'film', words: 'a fox' });
    expect(world.requests).toMatchObject([{ prompt: `${film}\n\na fox`, origin: 'new' }]);
  });

  it.each<Partial<IncomingMessage>>([
    { command: 'style', words: 'cubism' },
    { command: 'imagine', words: 'a fox', style: 'cubism' },
  ])('names what there is: %o', async (some) => {
    const world = createWorld();
    await world.hear({ attachments, ...some });
    const [text] = world.texts();
    expect(text).toMatch(/^I do not know the style “cubism”\. There are: 🌙 Night · 🧸 Figurine/);
    expect(world.requests).toEqual([]);
  });

  it('does not repeat a novel', async () => {
    const world = createWorld();
    await world.hear({ command: 'style', attachments, words: 'x y '.repeat(2_000) });
    expect(world.texts()[0]?.length).toBeLessThan(400);
  });
});
