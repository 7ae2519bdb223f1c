import { describe, expect, it } from 'vitest';
import type { IncomingMessage, PictureRequest } from '../../../src/core/types.ts';
import {
  ADA,
  BOB,
  CHAT,
  createWorld,
  MODELS,
  photo,
  pictureOf,
  turnOf,
  type World,
} from './world.ts';

/** A chat in which Ada has one picture, and in which someone has posted an album. */
function createChat(): World {
  const world = createWorld();
  world.turns.set('turn-of-fox-', turnOf('turn-of-fox-'));
  world.turns.set('turn-of-two-', turnOf('turn-of-two-'));
  world.branches.set(`${CHAT} ${ADA.id}`, 'turn-of-fox-');
  world.links.set('fox', { turn: 'turn-of-fox-' });
  world.links.set('second of two', { turn: 'turn-of-two-', picture: 1 });
  world.links.set('lost', { turn: 'turn-is-lost' });
  world.links.set('album', { attachments: [photo('a1'), photo('a2')], personId: BOB.id });
  return world;
}

const replyTo = (message: string, ...pictures: string[]) => ({
  replied: { message, attachments: pictures.map(photo) },
});

describe('what a wish is about', () => {
  const own = { attachments: [photo('own')] };
  const asked = 'make it night';

  it.each<[string, Partial<IncomingMessage>, PictureRequest['origin'], string[]]>([
    ['words alone go on where the person is', {}, 'branch', []],
    ['own pictures begin anew', own, 'new', ['own']],
    ['a reply to words goes on', replyTo('words'), 'branch', []],
    ['a reply to words with pictures', { ...replyTo('words'), ...own }, 'new', ['own']],
    ['a reply to a stranger’s picture', replyTo('unknown', 'theirs'), 'new', ['theirs']],
    ['theirs, then own', { ...replyTo('u', 'theirs'), ...own }, 'new', ['theirs', 'own']],
    ['a reply to one of an album means all', replyTo('album', 'a2'), 'new', ['a1', 'a2']],
    ['a reply to a result', replyTo('fox', 'fox'), { turn: 'turn-of-fox-' }, []],
    [
      'a reply to one of several',
      replyTo('second of two', 'two'),
      { turn: 'turn-of-two-', picture: 1 },
      [],
    ],
    [
      'a result and own pictures',
      { ...replyTo('fox', 'fox'), ...own },
      { turn: 'turn-of-fox-' },
      ['own'],
    ],
    ['a lost result by its picture', replyTo('lost', 'theirs'), 'new', ['theirs']],
    [
      'a turn that a form names comes first',
      { turn: 'turn-of-two-', ...replyTo('fox', 'fox') },
      { turn: 'turn-of-two-' },
      [],
    ],
    ['a command to paint begins anew', { command: 'imagine' }, 'new', []],
    ['a command to paint with own', { command: 'imagine', ...own }, 'new', ['own']],
    [
      'a command to paint on a result',
      { command: 'imagine', ...replyTo('fox') },
      { turn: 'turn-of-fox-' },
      [],
    ],
    [
      'a command to paint on a picture',
      { command: 'imagine', ...replyTo('u', 'theirs') },
      'new',
      ['theirs'],
    ],
    ['an edit of own', { command: 'edit', ...own }, 'new', ['own']],
    ['an edit of the last picture', { command: 'edit' }, { turn: 'turn-of-fox-' }, []],
  ])('%s', async (_name, some, origin, attachments) => {
    const world = createChat();
    await world.hear({ words: asked, ...some });
    expect(world.requests).toMatchObject([{ prompt: asked, kind: 'picture', origin }]);
    expect(world.requests[0]?.attachments.map(({ id }) => id)).toEqual(attachments);
    expect(world.texts()).toEqual([]);
  });

  it.each<[string, Partial<IncomingMessage>]>([
    ['a result that is forgotten and shows nothing', replyTo('lost')],
    ['a form on a forgotten turn', { turn: 'turn-is-lost' }],
  ])('%s is told', async (_name, some) => {
    const world = createChat();
    await world.hear({ words: asked, ...some });
    expect(world.requests).toEqual([]);
    expect(world.texts()).toEqual(['I no longer have this. Please send it again.']);
  });

  it.each<[string, object, PictureRequest['origin']]>([
    ['that began anew', {}, 'new'],
    ['on a result', { turn: 'turn-of-fox-' }, { turn: 'turn-of-fox-' }],
  ])('a reply to a failure of a button %s means its pictures', async (_which, from, origin) => {
    const world = createChat();
    const inputs = [pictureOf('sketch')];
    world.links.set('failure', { ...from, attachments: [], inputs, personId: ADA.id });
    await world.hear({ words: asked, ...replyTo('failure') });
    expect(world.requests).toMatchObject([{ prompt: asked, origin, inputs, attachments: [] }]);
  });

  it('hands on who asked, where, and where to answer', async () => {
    const world = createWorld();
    const message = world.message({
      words: 'a fox',
      person: { id: 'fake:ada', language: 'ja-JP' },
    });
    await world.desk.hear(message);
    expect(world.requests).toEqual([
      {
        id: message.id,
        kind: 'picture',
        person: { id: 'fake:ada', language: 'ja' },
        chat: CHAT,
        prompt: 'a fox',
        attachments: [],
        inputs: [],
        origin: 'branch',
        options: {},
        target: message.target,
      },
    ]);
  });

  it('remembers an album under each of its messages', async () => {
    const world = createWorld();
    const attachments = [photo('a'), photo('b')];
    await world.hear({ words: 'join them', attachments, messages: ['m1', 'm2'] });
    expect([world.links.get('m1'), world.links.get('m2')]).toEqual([
      { attachments, personId: ADA.id },
      { attachments, personId: ADA.id },
    ]);
    await world.hear({ words: 'alone', attachments: [photo('c')], messages: ['m3'] });
    expect(world.links.has('m3')).toBe(false);
  });
});

describe('more pictures than fit', () => {
  const MANY = 'At most 10 pictures fit into one request.';
  const photos = (count: number) => Array.from({ length: count }, (_, at) => photo(`${at}`));
  const five = { pictures: ['a', 'b', 'c', 'd', 'e'].map((hash) => pictureOf(hash)) };

  it.each([
    ['of one’s own', 11, {}, false],
    ['no more than fit', 10, {}, true],
    ['with those of a result', 6, replyTo('five'), false],
    ['with as many of a result as fit', 5, replyTo('five'), true],
    ['with one of a result', 9, replyTo('third of five'), true],
    ['with one of a result, too many', 10, replyTo('third of five'), false],
  ])('%s', async (_which, count, some, isTaken) => {
    const world = createWorld();
    world.turns.set('turn-of-five', turnOf('turn-of-five', five));
    world.links.set('five', { turn: 'turn-of-five' });
    world.links.set('third of five', { turn: 'turn-of-five', picture: 2 });
    await world.hear({ words: 'join them', attachments: photos(count), ...some });
    expect(world.requests).toHaveLength(isTaken ? 1 : 0);
    expect(world.texts()).toEqual(isTaken ? [] : [expect.stringContaining(MANY)]);
  });
});

describe('what is asked for', () => {
  it('takes typed options before those of a form, and these before settings', async () => {
    const world = createWorld();
    const [first, second] = (await world.desk.settings(ADA)).flatMap(({ choices }) =>
      choices.filter(({ label }) => label === '9:16' || label === '2K'),
    );
    for (const id of [first?.id, second?.id]) await world.press(id ?? '');
    const form = { aspectRatio: '1:1' as const, count: 3 };
    await world.hear({ words: 'a fox' });
    await world.hear({ words: 'a fox', options: form });
    await world.hear({ words: 'a fox --ar 16:9 --n 2', options: form });
    expect(world.requests.map(({ prompt, options }) => ({ prompt, ...options }))).toEqual([
      { prompt: 'a fox', aspectRatio: '9:16', size: '2K' },
      { prompt: 'a fox', aspectRatio: '1:1', size: '2K', count: 3 },
      { prompt: 'a fox', aspectRatio: '16:9', size: '2K', count: 2 },
    ]);
  });

  it('takes a model that a form names if the gateway has it', async () => {
    const world = createWorld();
    await world.hear({ words: 'a fox', options: { model: 'flux-2' } });
    await world.hear({ words: 'a fox', options: { model: 'gpt-5' } });
    expect(world.requests).toMatchObject([{ options: { model: 'flux-2' } }]);
    expect(world.texts()).toEqual([
      'I do not know the model “gpt-5”. /settings shows what there is.',
    ]);
  });

  it.each([
    ['en', 'Describe this picture: what it shows, its mood and style, and any words in it.'],
    ['zh', '请描述这张图片：画面内容、氛围和风格，以及其中的文字。'],
    [
      'ja',
      'この画像について、写っているもの、雰囲気、スタイル、書かれている文字を説明してください。',
    ],
  ])('describes a picture in %s', async (language, prompt) => {
    const world = createChat();
    const person = { id: ADA.id, language };
    await world.hear({ command: 'describe', person, attachments: [photo('own')] });
    await world.hear({ command: 'describe', person, words: 'how many?', ...replyTo('fox') });
    await world.hear({ command: 'describe', person });
    expect(world.requests).toMatchObject([
      { kind: 'words', prompt, origin: 'new', attachments: [photo('own')] },
      { kind: 'words', prompt: 'how many?', origin: { turn: 'turn-of-fox-' } },
      { kind: 'words', prompt, origin: { turn: 'turn-of-fox-' }, attachments: [] },
    ]);
  });

  it('pays for no more than words where words are asked', async () => {
    const world = createChat();
    const options = { count: 4, size: '4K' as const, model: MODELS[0] ?? '' };
    await world.hear({ command: 'describe', options, ...replyTo('fox') });
    expect(world.requests[0]?.options).toEqual({ model: MODELS[0] });
  });
});

describe('what is missing', () => {
  const picture = { attachments: [photo('own')] };
  const ASK = 'What shall I do with it?';
  const NIGHT = 'Reply to a picture with /edit and a few words, like “/edit make it night”.';

  it.each<[string, Partial<IncomingMessage>, string]>([
    ['nothing at all', {}, 'Tell me what to paint: /imagine a fox in snow'],
    ['no words to paint', { command: 'imagine' }, 'Tell me what to paint: /imagine a fox in snow'],
    ['only options', { words: '--ar 1:1' }, 'Tell me what to paint: /imagine a fox in snow'],
    ['a style alone', { command: 'imagine', style: 'night' }, 'Tell me what to paint'],
    ['no picture to edit', { command: 'edit', words: 'night' }, NIGHT],
    ['no words to edit with', { command: 'edit', ...picture }, ASK],
    ['no words with a picture', picture, ASK],
    ['only options with a picture', { words: '--n 2', ...picture }, ASK],
    ['no words to a picture', { command: 'imagine', ...picture }, ASK],
    ['no picture to describe', { command: 'describe' }, 'Reply to a picture with /describe'],
    [
      'no picture for a style',
      { command: 'style', words: 'night' },
      'Reply to a picture with /style',
    ],
    ['a film', { hasUnreadable: true }, '⚠️ I cannot read this as a picture.'],
    [
      'a film with words',
      { hasUnreadable: true, words: 'night' },
      '⚠️ I cannot read this as a picture.',
    ],
    ['an edit of a film', { command: 'edit', hasUnreadable: true, words: 'x' }, '⚠️ I cannot read'],
  ])('%s', async (_name, some, text) => {
    const world = createWorld();
    await world.hear(some);
    expect(world.requests).toEqual([]);
    expect(world.texts()).toEqual([expect.stringContaining(text)]);
  });

  it.each(['edit', 'describe', 'style'] as const)(
    'is the picture, where /%s points at words: nobody pays for another one',
    async (command) => {
      const world = createChat();
      await world.hear({ command, words: 'night', ...replyTo('words') });
      expect(world.requests).toEqual([]);
      expect(world.texts()).toEqual([expect.stringMatching(/^Reply to a picture with/)]);
    },
  );

  it('is not a picture, where a film stands beside one', async () => {
    const world = createWorld();
    await world.hear({ words: 'night', hasUnreadable: true, ...picture });
    expect(world.requests).toHaveLength(1);
  });
});
