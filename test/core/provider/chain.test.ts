import { describe, expect, it } from 'vitest';
import { EaselError, type EaselErrorFacts, type ErrorCode } from '../../../src/core/errors.ts';
import { createProviderChain } from '../../../src/core/provider/chain.ts';
import type { Provider, ProviderAnswer } from '../../../src/core/provider/provider.ts';
import { EMPTY_ANSWER } from '../../fakes/answer.ts';
import { INPUT, quietLogger } from './setup.ts';

type Outcome = 'picture' | [ErrorCode, EaselErrorFacts?];

interface Asked {
  name: string;
  model: string | undefined;
  hasSuccessor: boolean | undefined;
}

function provider(name: string, outcome: Outcome, asked: Asked[]): Provider {
  return {
    name,
    models: async () => [`${name}-1`],
    async generate({ model }, { hasSuccessor }): Promise<ProviderAnswer> {
      asked.push({ name, model, hasSuccessor });
      if (outcome !== 'picture')
        throw new EaselError(outcome[0], { ...outcome[1], provider: name });
      return { answer: EMPTY_ANSWER, provider: name, model: model ?? 'own', dialect: 'gemini' };
    },
  };
}

async function run(first: Outcome, ...others: Outcome[]) {
  const asked: Asked[] = [];
  const rest = others.map((outcome, at) => provider(`p${at + 2}`, outcome, asked));
  const chain = createProviderChain([provider('p1', first, asked), ...rest], quietLogger);
  const told: string[] = [];
  const options = {
    signal: new AbortController().signal,
    onFailover: ({ provider: name, code }: EaselError) => told.push(`${name} ${code}`),
  };
  const end = await chain.generate({ ...INPUT, model: 'chosen' }, options).then(
    (answer) => `${answer.provider} ${answer.model}`,
    (error: EaselError) => `${error.provider} ${error.code}`,
  );
  return { asked, told, names: asked.map(({ name }) => name).join(' '), end };
}

describe('createProviderChain', () => {
  it.each<[Outcome[], string, string]>([
    [['picture', 'picture'], 'p1', 'p1 chosen'],
    [[['rate-limited'], 'picture'], 'p1 p2', 'p2 own'],
    [[['unreachable'], ['quota'], 'picture'], 'p1 p2 p3', 'p3 own'],
    [[['auth'], ['overloaded'], ['no-model']], 'p1 p2 p3', 'p3 no-model'],
    [[['redirected'], ['timeout', { billed: 'maybe' }], 'picture'], 'p1 p2', 'p2 timeout'],
    [[['overloaded', { billed: 'maybe' }], 'picture'], 'p1', 'p1 overloaded'],
    [[['blocked'], 'picture'], 'p1', 'p1 blocked'],
    [[['cancelled'], 'picture'], 'p1', 'p1 cancelled'],
    [[['internal'], 'picture'], 'p1', 'p1 internal'],
    [[['auth']], 'p1', 'p1 auth'],
  ])('%j asks %s and ends with %s', async ([first = 'picture', ...others], names, end) => {
    expect(await run(first, ...others)).toMatchObject({ names, end });
  });

  it('tells of each refusal that another provider made up for', async () => {
    const { told } = await run(['auth'], ['quota'], 'picture');
    expect(told).toEqual(['p1 auth', 'p2 quota']);
    expect((await run(['auth'])).told).toEqual([]);
  });

  it('names the chosen model to the first only, and tells each whether another one is ready', async () => {
    const { asked } = await run(['quota'], ['quota'], 'picture');
    expect(asked).toEqual([
      { name: 'p1', model: 'chosen', hasSuccessor: true },
      { name: 'p2', model: undefined, hasSuccessor: true },
      { name: 'p3', model: undefined, hasSuccessor: false },
    ]);
  });

  it('is called as its first provider is, and offers its models', async () => {
    const chain = createProviderChain(
      [provider('p1', 'picture', []), provider('p2', 'picture', [])],
      quietLogger,
    );
    expect(chain.name).toBe('p1');
    expect(await chain.models(new AbortController().signal)).toEqual(['p1-1']);
  });
});
