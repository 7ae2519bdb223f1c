import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { KeyReport, Report } from '../../src/core/index.ts';
import { busyReport, key, MINUTE_MS, NOW, quietReport, troubledReport } from './operator-setup.ts';

interface Trouble {
  level: 'bad' | 'warn';
  kind: string;
  [fact: string]: unknown;
}

// The page's modules are plain JavaScript, which the compiler does not read.
const { troublesOf }: { troublesOf(report: Report): Trouble[] } = await import(
  new URL('../../src/web/page/operator-trouble.js', import.meta.url).href
);

const failed = (code: ErrorCode, minutesAgo = 1, more: Partial<KeyReport> = {}): KeyReport =>
  key({ tries: 3, failures: 1, lastError: { code, at: NOW - minutesAgo * MINUTE_MS }, ...more });

const withKeys = (...keys: KeyReport[]): Report =>
  quietReport({ providers: [{ name: 'my-relay', dialect: 'gemini', model: 'm', keys }] });

const kinds = (report: Report) => troublesOf(report).map(({ level, kind }) => `${level} ${kind}`);

describe('what is not well', () => {
  it.each([
    ['just started', quietReport()],
    ['busy', busyReport()],
    ['nothing set up', quietReport({ platforms: [], providers: [], minutes: [], days: [] })],
    ['a picture refused', withKeys(failed('blocked'))],
    ['a key that works again', withKeys(failed('quota', 5, { lastSuccessAt: NOW }))],
    ['a gateway that was slow long ago', withKeys(failed('timeout', 11))],
    ['two failures', quietReport({ minutes: [{ at: NOW, pictures: 0, failures: 2 }] })],
    ['as many pictures', quietReport({ minutes: [{ at: NOW, pictures: 5, failures: 5 }] })],
  ])('is nothing: %s', (_, report) => {
    expect(troublesOf(report)).toEqual([]);
  });

  it('is the worst first', () => {
    expect(troublesOf(troubledReport())).toMatchObject([
      { level: 'bad', kind: 'platform', platform: 'discord', forMs: 4 * MINUTE_MS },
      { level: 'warn', kind: 'key', provider: 'ohmygpt', key: 2, code: 'quota' },
    ]);
    const reversed = { ...withKeys(failed('timeout')), platforms: troubledReport().platforms };
    expect(kinds(reversed)).toEqual(['bad platform', 'warn provider']);
  });

  it.each([
    [19_999, 'warn connecting'],
    [20_000, 'bad platform'],
  ])('a platform that connects for %i ms: %s', (ms, expected) => {
    const platforms = [{ name: 'discord', state: 'connecting' as const, since: NOW - ms }];
    expect(kinds(quietReport({ platforms }))).toEqual([expected]);
  });

  it.each([
    ['auth', 'MY_RELAY_API_KEY'],
    ['quota', 'MY_RELAY_API_KEY'],
    ['no-model', 'MY_RELAY_MODEL'],
    ['bad-config', 'MY_RELAY_BASE_URL'],
    ['redirected', 'MY_RELAY_BASE_URL'],
    ['async-task', 'MY_RELAY_DIALECT'],
  ] as const)('%s, for however long, until it is mended in %s', (code, setting) => {
    const [only] = troublesOf(withKeys(failed(code, 9_000)));
    expect(only).toMatchObject({ level: 'bad', kind: 'key', code, setting });
    expect(only).not.toHaveProperty('key');
    const second = troublesOf(withKeys(key(), failed(code)));
    expect(second).toMatchObject([{ level: 'warn', kind: 'key', key: 2 }]);
    expect(kinds(withKeys(failed(code), failed('auth')))).toEqual(['bad key', 'bad key']);
  });

  it('names what passes once for a gateway, the latest', () => {
    const report = withKeys(
      failed('timeout', 4),
      failed('overloaded', 2),
      failed('unreachable', 3),
    );
    expect(troublesOf(report)).toEqual([
      {
        ...{ level: 'warn', kind: 'provider', provider: 'my-relay' },
        ...{ code: 'overloaded', at: NOW - 2 * MINUTE_MS },
      },
    ]);
  });

  it('many failures, of the last ten minutes only', () => {
    const minutes = Array.from({ length: 60 }, (_, index) => {
      const at = NOW - (59 - index) * MINUTE_MS;
      return { at, pictures: index < 50 ? 9 : 0, failures: index < 50 ? 0 : 1 };
    });
    expect(troublesOf(quietReport({ minutes }))).toMatchObject([{ kind: 'failing', failures: 10 }]);
    expect(troublesOf(quietReport({ minutes: minutes.slice(0, 50) }))).toEqual([]);
  });

  it.each([
    ['waiting', 2, ['warn slow']],
    ['waiting', 1.9, []],
    ['painting', 9, []],
  ] as const)('a job %s for %d minutes: %j', (phase, minutes, expected) => {
    const acceptedAt = NOW - minutes * MINUTE_MS;
    const job = { id: 'a', platform: 'telegram', phase, kind: 'picture' as const, acceptedAt };
    expect(kinds(quietReport({ jobs: [job] }))).toEqual(expected);
  });
});
