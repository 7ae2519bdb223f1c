import { describe, expect, test } from 'vitest';
import { commandDefinitions } from '../../src/discord/commands.ts';
import { registerCommands } from '../../src/discord/register.ts';
import { createRest, type Route } from '../../src/discord/rest.ts';
import { createRecordingLogger, setUp, TOKEN } from './setup.ts';

interface Values {
  [name: string]: Values & string;
}

/** What Discord knows is `known`; gives whether the commands are sent, and then once more. */
async function registerAfter(known: object[]) {
  const { fake, network } = await setUp();
  const logger = createRecordingLogger([]);
  const rest = createRest({ token: TOKEN, apiRoot: fake.origin, network, logger });
  const route: Route = `/applications/${fake.applicationId}/commands`;
  if (known.length > 0) await rest.put(route, { body: known });
  const register = () => registerCommands(rest, fake.applicationId);
  const isSent = [await register(), await register()];
  return { isSent, names: fake.commands().map(({ name }) => name) };
}

function definitions(): Values[] {
  return structuredClone(commandDefinitions()) as unknown as Values[];
}

const wanted = definitions().map(({ name }) => name);

describe('the commands are sent', () => {
  test('when there are none, and then not again', async () => {
    expect(await registerAfter([])).toEqual({ isSent: [true, false], names: wanted });
  });

  test('not when they are as they should be, in whatever order', async () => {
    expect((await registerAfter(definitions().toReversed())).isSent).toEqual([false, false]);
  });

  const old = { type: 3, name: 'Zoom image' };
  test.each<[string, (known: Values[]) => object[]]>([
    ['one is missing', (known) => known.slice(1)],
    ['one is no more', (known) => [...known, old]],
    ['a description is another', ([first, ...rest]) => [{ ...first, description: 'x' }, ...rest]],
    [
      'a translation is another',
      ([first, ...rest]) => [{ ...first, name_localizations: { ja: '描く' } }, ...rest],
    ],
    ['it was for servers only', ([first, ...rest]) => [{ ...first, contexts: [0] }, ...rest]],
    [
      'an option had a rule that is no more',
      ([first, ...rest]) => {
        const [prompt, ...options] = (first?.options ?? []) as unknown as object[];
        return [{ ...first, options: [{ ...prompt, min_length: 3 }, ...options] }, ...rest];
      },
    ],
  ])('when %s', async (_name, change) => {
    const { isSent, names } = await registerAfter(change(definitions()));
    expect(isSent).toEqual([true, false]);
    expect(names.toSorted()).toEqual(wanted.toSorted());
  });
});
