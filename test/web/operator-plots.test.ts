import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DayReport, MinuteReport, Report } from '../../src/core/index.ts';
import { busyReport, MINUTE_MS, NOW, quietReport } from './operator-setup.ts';

interface Plots {
  niceTop(value: number): number;
  hourOf(minutes: MinuteReport[]): {
    pictures: number;
    failures: number;
    most: number;
    top: number;
    base: number;
    bars: { up: number; down: number }[];
  };
  durationsOf(
    minutes: MinuteReport[],
  ):
    | { least: number; median: number; most: number; last: number; topMs: number; points: object[] }
    | undefined;
  daysOf(
    days: DayReport[],
    options: { now: number; count: number },
  ): { pictures: number; most: number; bars: { day: string; up: number; isToday: boolean }[] };
  todayOf(report: Report): Record<string, unknown>;
}

interface Format {
  duration(ms: number): string;
  latency(ms: number): string;
  age(ms: number): string;
  cost(dollars: number): string;
  moment(time: number, now: number): string;
  day(day: string, options: object): string;
}

const load = (name: string) => import(new URL(`../../src/web/page/${name}`, import.meta.url).href);
// The page's modules are plain JavaScript, which the compiler does not read.
const { niceTop, hourOf, durationsOf, daysOf, todayOf }: Plots = await load('operator-plots.js');
const { createFormat }: { createFormat(language: string): Format } =
  await load('operator-format.js');

const minute = (pictures: number, failures = 0, durationMs?: number): MinuteReport => ({
  ...{ at: NOW, pictures, failures },
  ...(durationMs !== undefined && { durationMs }),
});

describe('plots', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 5],
    [7, 10],
    [10, 10],
    [11, 20],
    [316, 500],
    [1001, 2000],
  ])('%i fits under %i', (value, top) => {
    expect(niceTop(value)).toBe(top);
  });

  it('draw an hour to one scale, upwards and downwards', () => {
    const { bars, ...hour } = hourOf([minute(4), minute(0, 5), minute(3, 1)]);
    expect(hour).toEqual({ pictures: 7, failures: 6, most: 4, top: 5, base: 0.5 });
    expect(bars).toMatchObject([
      { up: 0.4, down: 0 },
      { up: 0, down: 0.5 },
      { up: 0.3, down: 0.1 },
    ]);
  });

  it('never leave their room', () => {
    const counts = fc.array(fc.tuple(fc.nat(10_000), fc.nat(10_000)), { maxLength: 60 });
    fc.assert(
      fc.property(counts, (values) => {
        const { base, bars } = hourOf(values.map(([up, down]) => minute(up, down)));
        expect(base).toBeLessThanOrEqual(1);
        for (const { up, down } of bars) {
          expect(up).toBeLessThanOrEqual(base);
          expect(base + down).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  it('draw times where there were pictures', () => {
    const times = durationsOf([minute(0), minute(2, 0, 9_000), minute(0, 1), minute(1, 0, 18_000)]);
    expect(times).toEqual({
      ...{ least: 9_000, median: 9_000, most: 18_000, last: 18_000, topMs: 20_000 },
      points: [
        { x: 1.5, y: 1 - 0.45 },
        { x: 3.5, y: 1 - 0.9 },
      ],
    });
    expect(durationsOf([minute(0), minute(0, 3)])).toBeUndefined();
  });

  it('have a place for every day, also for those of which nothing is known', () => {
    const day = { platforms: { telegram: 3, web: 1 }, models: {}, outcomes: {} };
    const days = [
      { day: '2026-11-01', ...day },
      { day: '2026-11-17', ...day },
      { day: '2026-11-19', ...day, platforms: { web: 2 } },
    ];
    const plotted = daysOf(days, { now: NOW, count: 14 });
    expect(plotted).toMatchObject({ pictures: 6, most: 4 });
    expect(plotted.bars).toHaveLength(14);
    expect(plotted.bars[0]?.day).toBe('2026-11-06');
    expect(plotted.bars.slice(-3).map(({ up, isToday }) => [up, isToday])).toEqual([
      [1, false],
      [0, false],
      [0.5, true],
    ]);
    expect(daysOf([], { now: NOW, count: 14 }).bars.every(({ up }) => up === 0)).toBe(true);
  });
});

describe('the present day', () => {
  it('sums what was made, what failed, and what it cost as far as that is known', () => {
    expect(todayOf(busyReport())).toMatchObject({ failures: 5, cost: 7.32, isPartlyPriced: true });
  });

  it('has begun at midnight UTC', () => {
    const report = { ...busyReport(), now: NOW + 24 * 60 * MINUTE_MS };
    const empty = { pictures: 0, failures: 0, cost: undefined, isPartlyPriced: false };
    expect(todayOf(report)).toMatchObject(empty);
    expect(todayOf(quietReport({ days: [] }))).toMatchObject(empty);
  });
});

describe('numbers as people write them', () => {
  const en = createFormat('en-US');
  it.each([
    [en.duration(0), '0 s'],
    [en.duration(-5), '0 s'],
    [en.duration(59_999), '59 s'],
    [en.duration(60_000), '1 min'],
    [en.duration(754_000), '12 min 34 s'],
    [en.duration(3 * 86_400_000 + 4 * 3_600_000), '3 d 4 h'],
    [en.latency(340), '0.3 s'],
    [en.latency(11_900), '11 s'],
    [en.age(-1), '0 s'],
    [en.age(7_900), '7 s'],
    [en.age(26.5 * MINUTE_MS), '26 min'],
    [createFormat('en-GB').duration(754_000), '12 min 34 s'],
    [en.cost(7.32), '$7.32'],
    [en.cost(0.0039), '$0.0039'],
    [en.cost(0), '$0.00'],
    [en.day('2026-11-19', { weekday: 'long' }), 'Thursday'],
    [createFormat('zh-CN').duration(754_000), '12 分钟 34 秒'],
    [createFormat('zh').latency(130), '0.1 秒'],
    [createFormat('ja').age(26 * MINUTE_MS), '26 分'],
  ])('%s', (said, expected) => {
    expect(said.replaceAll('\u00a0', ' ')).toBe(expected);
    if (said.includes(' ')) expect(said).toBe(expected);
  });

  it('name the day of what was not within one', () => {
    expect(en.moment(NOW - MINUTE_MS, NOW)).toMatch(/^\d\d:\d\d$/);
    expect(en.moment(NOW - 2 * 86_400_000, NOW)).toMatch(/^Nov 1[67], \d\d:\d\d$/);
  });
});
