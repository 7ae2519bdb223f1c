import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortId } from '../../../src/core/desk/short-id.ts';
import { ADA, BOB, createWorld, photo, turnOf } from './world.ts';

const TURN = 'turn-of-fox-';

async function createTargets() {
  const world = createWorld();
  world.turns.set(TURN, turnOf(TURN));
  await world.hear({ attachments: [photo('own')] });
  const menu = world.buttons();
  const results = ['a', 'v', 'e', 'u', 'o', 'x', 'r'].map((letter) => `${letter}:${TURN}`);
  const settings = ['', ':r', ':r:16:9', ':m:-', ':l:zh'].map(
    (end) => `s:${shortId(ADA.id)}${end}`,
  );
  return { world, known: [...menu, ...results, ...settings] };
}

const nearly = (known: string[]) =>
  fc.oneof(
    fc.string({ maxLength: 80, unit: 'binary' }),
    fc.constantFrom(
      '__proto__',
      's:',
      'y:',
      'constructor',
      'a:constructor_',
      `s:${TURN}:r:__proto__`,
    ),
    fc
      .tuple(fc.constantFrom(...known), fc.nat(80), fc.string({ maxLength: 3 }))
      .map(([id, at, junk]) => id.slice(0, at) + junk + id.slice(at + 1)),
    fc.tuple(fc.constantFrom(...known), fc.nat(80)).map(([id, at]) => id.slice(0, at)),
  );

it('forged buttons never throw, order nothing and change nothing', async () => {
  const { world, known } = await createTargets();
  const notes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(nearly(known), async (button) => {
      const answer = await world.press(button, { person: BOB });
      expect(answer.type).toBe('note');
      if (answer.type === 'note') notes.add(answer.text);
    }),
    { numRuns: 500 },
  );
  expect(world.requests).toEqual([]);
  expect([...notes].sort()).toEqual([
    'I no longer have this. Please send it again.',
    'Only the person who asked can use these buttons.',
    'There is nothing to cancel.',
  ]);
});

it('words of any kind never throw', async () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(fc.constantFrom('--ar', '--n', '16:9', '—size', '4K', 'night', '=', '{style}'))
      .map((all) => all.join(' ')),
  );
  const commands = [undefined, 'imagine', 'edit', 'describe', 'style', 'model', 'usage'] as const;
  await fc.assert(
    fc.asyncProperty(
      words,
      fc.constantFrom(...commands),
      fc.boolean(),
      async (text, command, own) => {
        const world = createWorld();
        const attachments = own ? [photo('own')] : [];
        await world.hear({ words: text, attachments, ...(command && { command }) });
        expect(world.requests.length + world.texts().length).toBe(1);
        expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
