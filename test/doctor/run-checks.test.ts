import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createNetwork } from '../../src/core/index.ts';
import { about, type Check } from '../../src/doctor/finding.ts';
import { runChecks } from '../../src/doctor/run-checks.ts';

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const options = {
  config: loadConfig({}),
  network: createNetwork({}),
  logger,
  port: Promise.resolve('free' as const),
  now: Date.now,
  limitMs: 20,
};

async function namesOf(checks: Check[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { mark, name, text } of runChecks(checks, options)) {
    found.push(`${mark} ${name} ${text}`);
  }
  return found;
}

const instant = (name: string): Check => ({ name, run: async () => [about(name).good('')] });

describe('checks', () => {
  it('run at once, and are told in their order', async () => {
    let open = () => {};
    const first: Check = {
      name: 'first',
      run: () => new Promise((resolve) => (open = () => resolve([about('first').good('')]))),
    };
    const second: Check = {
      name: 'second',
      run: async () => {
        open();
        return [about('second').good('')];
      },
    };
    expect(await namesOf([first, second])).toEqual(['good first ', 'good second ']);
  });

  it('end though one of them heeds no signal, and one fails with words that nobody may see', async () => {
    const deaf: Check = { name: 'deaf', run: () => new Promise(() => {}) };
    const faulty: Check = {
      name: 'faulty',
      run: async () => {
        throw new TypeError('canary');
      },
    };
    expect(await namesOf([deaf, faulty, instant('last')])).toEqual([
      'bad deaf no answer within 0.02 s',
      'bad faulty this check failed (TypeError)',
      'good last ',
    ]);
  });
});
