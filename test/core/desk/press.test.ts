import { afterEach, describe, expect, it, vi } from 'vitest';
import { EaselError } from '../../../src/core/errors.ts';
import { type ButtonAction, buttonId } from '../../../src/core/job/buttons.ts';
import type { JobRow } from '../../../src/core/job/job-row.ts';
import type { Delivery } from '../../../src/core/ports.ts';
import type { Press } from '../../../src/core/types.ts';
import { ADA, ADMIN, BOB, CHAT, createWorld, photo, pictureOf, turnOf } from './world.ts';

const TURN = 'turn-of-fox-';
const JOB = 'job-of-fox-0';
const NOT_YOURS = { type: 'note', text: 'Only the person who asked can use these buttons.' };
const GONE = { type: 'note', text: 'I no longer have this. Please send it again.' };
const RUNNING = { type: 'note', text: 'I am already on it.' };
const STARTED = { type: 'note', text: 'On it…' };

function createResult(some: Parameters<typeof turnOf>[1] = {}) {
  const world = createWorld();
  world.turns.set(TURN, turnOf(TURN, some));
  const press = (action: ButtonAction, more?: Partial<Press>) =>
    world.press(buttonId(action, TURN), more);
  return { ...world, press };
}

function jobOf(some: Partial<Pick<JobRow, 'id' | 'state' | 'request'>> = {}): JobRow {
  const request = {
    id: 'fake:update:0',
    kind: 'picture' as const,
    person: ADA,
    chat: CHAT,
    prompt: 'a fox',
    attachments: [photo('own')],
    inputs: [],
    origin: 'branch' as const,
    options: { count: 2 },
    target: { platform: 'fake', statusId: 7 },
  };
  return { id: JOB, state: 'failed', request, createdAt: 1, process: 'p', starts: 1, ...some };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('whose buttons they are', () => {
  const own = { type: 'note', text: expect.stringMatching(/^$|On it/) };
  const ask = expect.objectContaining({ type: 'ask' });

  it.each<[ButtonAction, unknown]>([
    ['again', own],
    ['variations', own],
    ['upscale', own],
    ['original', own],
    ['edit', ask],
    ['retry', own],
  ])('%s: the person’s, and admins’', async (action, allowed) => {
    const world = createWorld();
    world.turns.set(TURN, turnOf(TURN));
    world.jobs.set(TURN, jobOf({ id: TURN }));
    const button = buttonId(action, TURN);
    const speaks = { speaksForChat: async () => true };
    expect(await world.press(button, { person: BOB })).toEqual(NOT_YOURS);
    expect(await world.press(button, { person: BOB, ...speaks })).toEqual(NOT_YOURS);
    expect(world.requests).toEqual([]);
    expect(await world.press(button, { person: ADA })).toEqual(allowed);
    await vi.waitFor(async () => {
      expect(await world.press(button, { person: ADMIN })).toEqual(allowed);
    });
  });

  it.each<[ButtonAction, unknown]>([
    ['again', own],
    ['edit', ask],
    ['retry', own],
  ])('%s: of who speaks for the chat where the chat asked', async (action, allowed) => {
    const world = createWorld();
    world.turns.set(TURN, turnOf(TURN, { personId: CHAT }));
    const { request } = jobOf();
    world.jobs.set(TURN, jobOf({ id: TURN, request: { ...request, person: { id: CHAT } } }));
    const button = buttonId(action, TURN);
    expect(await world.press(button, { person: BOB })).toEqual(NOT_YOURS);
    const elsewhere = { chat: 'fake:other', speaksForChat: async () => true };
    expect(await world.press(button, { person: BOB, ...elsewhere })).toEqual(NOT_YOURS);
    const speaks = { person: BOB, speaksForChat: async () => true };
    expect(await world.press(button, speaks)).toEqual(allowed);
    expect(world.requests.map(({ person }) => person.id)).toEqual(action === 'edit' ? [] : [CHAT]);
  });

  it('are told in the presser’s language', async () => {
    const world = createResult();
    const answer = await world.press('again', { person: { id: BOB.id, language: 'ja' } });
    expect(answer).toEqual({
      type: 'note',
      text: 'このボタンを使えるのは、依頼した本人だけです。',
    });
  });

  it('are nobody’s when it cannot be found out who speaks for the chat', async () => {
    const world = createResult({ personId: CHAT });
    const speaksForChat = () => Promise.reject(new Error('no answer'));
    expect(await world.press('again', { person: BOB, speaksForChat })).toMatchObject({
      type: 'note',
      text: expect.stringContaining('Something went wrong'),
    });
    expect(world.requests).toEqual([]);
  });
});

describe('below a result', () => {
  const inputs = [pictureOf('input')];
  const options = { aspectRatio: '1:1' as const };

  it.each([
    ['the first turn', {}, 'new'],
    ['a later turn', { parent: 'turn-before--' }, { turn: 'turn-before--' }],
    [
      'a later turn on one of several',
      { parent: 'turn-before--', chosen: 2 },
      { turn: 'turn-before--', picture: 2 },
    ],
  ])('again asks the same once more: %s', async (_name, some, origin) => {
    const world = createResult({ inputs, options, ...some });
    world.turns.set('turn-before--', turnOf('turn-before--'));
    const press = world.pressOf(buttonId('again', TURN));
    expect(await world.start().press(press)).toEqual(STARTED);
    expect(world.requests).toEqual([
      {
        id: press.id,
        kind: 'picture',
        person: ADA,
        chat: CHAT,
        prompt: 'a fox in snow',
        attachments: [],
        inputs,
        origin,
        options,
        button: press.button,
        target: press.target,
      },
    ]);
  });

  it('again asks nothing when the turn before it is gone', async () => {
    const world = createResult({ parent: 'turn-before--' });
    expect(await world.press('again')).toEqual(GONE);
    expect(world.requests).toEqual([]);
  });

  it('variations are two, from the turn', async () => {
    const world = createResult({ inputs, options });
    expect(await world.press('variations')).toEqual(STARTED);
    expect(world.requests).toMatchObject([
      { origin: { turn: TURN }, inputs: [], options: { aspectRatio: '1:1', count: 2 } },
    ]);
    expect(world.requests[0]?.prompt).toContain('variation');
  });

  it.each([
    ['variations', '🎲 バリエーション'],
    ['upscale', '4K'],
  ] as const)('%s are read as the person’s words, not as ours', async (action, label) => {
    const fox = createResult({ prompt: '雪の中のキツネ' });
    await fox.press(action, { person: { id: ADA.id, language: 'ja' } });
    expect(fox.requests).toMatchObject([{ description: `雪の中のキツネ · ${label}` }]);
    expect(fox.requests[0]?.prompt).toMatch(/this picture/);
  });

  it.each([
    ['again', { prompt: 'Make a variation', description: 'a fox · 🎲 Variations' }],
    ['upscale', { description: 'a fox · 🎲 Variations · 4K' }],
  ] as const)('what is read of a result stays with it: %s', async (action, request) => {
    const description = 'a fox · 🎲 Variations';
    const world = createResult({ prompt: 'Make a variation', description });
    await world.press(action);
    expect(world.requests).toMatchObject([request]);
  });

  it('an original is shown with the same words', async () => {
    const world = createResult({ prompt: 'Make a variation', description: 'a fox' });
    const deliver = vi.spyOn(world.seen, 'deliver');
    await world.press('original');
    await vi.waitFor(() => expect(deliver.mock.lastCall?.[1].description).toBe('a fox'));
  });

  it.each([1, 3])('upscaling asks for all %i pictures in 4K', async (count) => {
    const pictures = Array.from({ length: count }, (_, at) => pictureOf(`p${at}`));
    const world = createResult({ pictures, options: { size: '1K', count: 4 } });
    expect(await world.press('upscale')).toEqual(STARTED);
    expect(world.requests).toMatchObject([
      { origin: { turn: TURN }, options: { size: '4K', count } },
    ]);
  });

  it('edit asks for words', async () => {
    const world = createResult();
    expect(await world.press('edit')).toEqual({
      type: 'ask',
      text: 'What shall I change? Reply with a few words, like “make it night”.',
      turn: TURN,
    });
  });

  it('a button orders one thing at a time', async () => {
    const world = createResult();
    const [first, second] = await Promise.all([world.press('again'), world.press('again')]);
    expect([first, second]).toEqual([STARTED, RUNNING]);
    world.ordered.add(buttonId('variations', TURN));
    expect(await world.press('variations')).toEqual(RUNNING);
    expect(await world.press('again')).toEqual(STARTED);
    expect(world.requests).toHaveLength(2);
  });

  it('nobody waits for the engine, nor for a failure of it', async () => {
    const world = createResult();
    world.options.engine.submit = () => Promise.reject(new Error('it never does'));
    const desk = world.start();
    expect(await desk.press(world.pressOf(buttonId('again', TURN)))).toEqual(STARTED);
    await vi.waitFor(() => expect(world.log).toMatchObject([{ level: 'error' }]));
  });

  it.each<ButtonAction>(['again', 'variations', 'upscale', 'edit', 'original'])(
    '%s is told when the turn is gone',
    async (action) => {
      const world = createWorld();
      expect(await world.press(buttonId(action, TURN))).toEqual(GONE);
    },
  );
});

describe('the original', () => {
  const three = { pictures: ['a', 'b', 'c'].map((hash) => pictureOf(hash)) };

  it('comes as a file, without a job, and continues the turn', async () => {
    const world = createResult();
    const deliver = vi.spyOn(world.seen, 'deliver');
    const press = world.pressOf(buttonId('original', TURN));
    expect(await world.start().press(press)).toEqual(STARTED);
    await vi.waitFor(() => expect(world.links.get('fake:chat:1')).toEqual({ turn: TURN }));
    const delivery: Delivery = {
      pictures: [{ ...pictureOf('fox'), path: '/data/fox' }],
      text: '',
      sources: [],
      buttons: [],
      description: 'a fox in snow',
      asFiles: true,
      ifSmaller: expect.stringContaining('smaller'),
    };
    expect(deliver.mock.calls).toEqual([[press.target, delivery]]);
    expect(world.requests).toEqual([]);
  });

  it('comes in parts where the platform takes fewer at once', async () => {
    const world = createResult(three);
    Object.assign(world.seen, { limits: { pictures: 2, statusIntervalMs: 1 } });
    await world.press('original');
    await vi.waitFor(() => expect(world.seen.messages).toHaveLength(2));
    expect(world.seen.messages.map(({ pictures }) => pictures)).toEqual([['a', 'b'], ['c']]);
    await vi.waitFor(() =>
      expect([...world.links.values()]).toContainEqual({ turn: TURN, picture: 2 }),
    );
  });

  it.each([
    ['all at once', 10, [{ turn: TURN }]],
    ['in parts', 2, [{ turn: TURN }, { turn: TURN, picture: 2 }]],
  ])('in one message for several pictures means all of them: %s', async (_how, limit, places) => {
    const world = createResult(three);
    Object.assign(world.seen, { limits: { pictures: limit, statusIntervalMs: 1 } });
    const { deliver } = world.seen;
    vi.spyOn(world.seen, 'deliver').mockImplementation(async (target, delivery) => {
      const [{ message } = { message: '' }] = await deliver(target, delivery);
      return [{ message }];
    });
    await world.press('original');
    await vi.waitFor(() => expect([...world.links.values()]).toEqual(places));
  });

  it('comes once for one press, and while it comes', async () => {
    const world = createResult();
    const press = world.pressOf(buttonId('original', TURN));
    const answers = await Promise.all([world.desk.press(press), world.desk.press(press)]);
    expect(answers).toEqual([STARTED, RUNNING]);
    await vi.waitFor(() => expect(world.seen.messages).toHaveLength(1));
    await world.start().press(press);
    await vi.waitFor(async () => expect(await world.press('original')).toEqual(STARTED));
    await vi.waitFor(() => expect(world.seen.messages).toHaveLength(2));
  });

  it.each([
    ['delivery-failed', 'I could not post it here.'],
    ['attachment-gone', 'it may have been deleted.'],
  ] as const)('is missed in words: %s', async (code, text) => {
    const world = createResult();
    vi.spyOn(world.seen, 'deliver').mockRejectedValue(new EaselError(code));
    expect(await world.press('original')).toEqual(STARTED);
    await vi.waitFor(() => expect(world.texts()).toEqual([expect.stringContaining(text)]));
    expect(world.log).toMatchObject([{ level: 'warn', fields: { code } }]);
  });
});

describe('below a failure', () => {
  it('retry asks the same again in the place of the failure, also after a restart', async () => {
    const world = createWorld();
    const row = jobOf();
    world.jobs.set(JOB, row);
    const press = world.pressOf(buttonId('retry', JOB));
    expect(await world.start().press(press)).toEqual({ type: 'note', text: '' });
    const { button, takeOver: target } = press;
    expect(world.requests).toEqual([{ ...row.request, id: `retry:${JOB}`, button, target }]);
  });

  it('retry by an admin stays the person’s own', async () => {
    const world = createWorld();
    world.jobs.set(JOB, jobOf());
    await world.press(buttonId('retry', JOB), { person: ADMIN });
    expect(world.requests).toMatchObject([{ person: ADA }]);
  });

  it.each(['accepted', 'queued', 'generating', 'stored'] as const)(
    'retry of a job that is %s is none',
    async (state) => {
      const world = createWorld();
      world.jobs.set(JOB, jobOf({ state }));
      expect(await world.press(buttonId('retry', JOB))).toEqual(RUNNING);
      expect(world.requests).toEqual([]);
    },
  );

  it.each(['failed', 'interrupted', 'unknown', 'cancelled'] as const)(
    'retry of a job that was %s',
    async (state) => {
      const world = createWorld();
      world.jobs.set(JOB, jobOf({ state }));
      expect(await world.press(buttonId('retry', JOB))).toEqual({ type: 'note', text: '' });
      expect(world.requests).toHaveLength(1);
    },
  );

  it('retry of a job that nobody knows', async () => {
    expect(await createWorld().press(buttonId('retry', JOB))).toEqual(GONE);
  });
});

describe('below a status', () => {
  it.each([
    ['cancelled', ''],
    ['not-yours', 'Only the person who asked can cancel this.'],
    ['nothing', 'There is nothing to cancel.'],
  ] as const)('cancel: %s', async (outcome, text) => {
    const world = createWorld();
    world.jobs.set(JOB, jobOf({ state: 'generating' }));
    world.outcomes.set(`${JOB} ${BOB.id}`, outcome);
    const answer = await world.press(buttonId('cancel', JOB), { person: BOB });
    expect(answer).toEqual({ type: 'note', text });
  });

  it.each([
    [true, ''],
    [false, 'Only the person who asked can cancel this.'],
  ])('cancel for the chat, by someone who speaks for it: %s', async (speaks, text) => {
    const world = createWorld();
    const { request } = jobOf();
    const row = jobOf({ state: 'generating', request: { ...request, person: { id: CHAT } } });
    world.jobs.set(JOB, row);
    world.outcomes.set(`${JOB} ${BOB.id}`, 'not-yours').set(`${JOB} ${CHAT}`, 'cancelled');
    const some = { person: BOB, speaksForChat: async () => speaks };
    expect(await world.press(buttonId('cancel', JOB), some)).toEqual({ type: 'note', text });
  });
});
