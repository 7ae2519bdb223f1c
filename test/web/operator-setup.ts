/** Reports as the program would give them, for the operator's page. */
import type {
  DayReport,
  FailureReport,
  JobReport,
  KeyReport,
  MinuteReport,
  Report,
} from '../../src/core/index.ts';

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Thursday morning. */
export const NOW = Date.UTC(2026, 10, 19, 2, 13, 44);

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

export function key(more: Partial<KeyReport> = {}): KeyReport {
  return { tries: 0, failures: 0, ...more };
}

/** Just started, nothing has happened. */
export function quietReport(more: Partial<Report> = {}, now = NOW): Report {
  const minutes = Array.from({ length: 60 }, (_, index) => ({
    at: now - (59 - index) * MINUTE_MS,
    pictures: 0,
    failures: 0,
  }));
  return {
    now,
    startedAt: now - 12_000,
    platforms: [{ name: 'web', state: 'connected', since: now - 11_000 }],
    providers: [{ name: 'sandbox', dialect: 'gemini', model: 'sandbox-image', keys: [key()] }],
    queue: { waiting: 0, running: 0 },
    jobs: [],
    days: [{ day: dayOf(now), platforms: {}, models: {}, outcomes: {} }],
    minutes,
    failures: [],
    memoryBytes: 96_000_000,
    ...more,
  };
}

/** Three platforms and three gateways in the middle of a busy day; all is well. */
export function busyReport(more: Partial<Report> = {}, now = NOW): Report {
  const jobs = busyJobs(now);
  return quietReport(
    {
      startedAt: now - 3 * DAY_MS - 4 * HOUR_MS,
      platforms: [
        { name: 'telegram', state: 'connected', since: now - 3 * DAY_MS },
        { name: 'discord', state: 'connected', since: now - 7 * HOUR_MS },
        { name: 'web', state: 'connected', since: now - 3 * DAY_MS },
      ],
      providers: [
        {
          name: 'ohmygpt',
          dialect: 'openai-chat',
          model: 'gemini-3.1-flash-image-preview',
          keys: [
            key({ tries: 1411, failures: 9, latencyMs: 11_900, lastSuccessAt: now - 4_000 }),
            key({
              ...{ tries: 1398, failures: 14, latencyMs: 12_400, lastSuccessAt: now - 9_000 },
              lastError: { code: 'overloaded', at: now - 26 * MINUTE_MS },
            }),
          ],
        },
        {
          name: 'openrouter',
          dialect: 'openai-chat',
          model: 'google/gemini-3-pro-image',
          keys: [key({ tries: 38, failures: 2, latencyMs: 21_300, lastSuccessAt: now - HOUR_MS })],
        },
        { name: 'google', dialect: 'gemini', model: 'gemini-2.5-flash-image', keys: [key()] },
      ],
      queue: { waiting: 2, running: 3 },
      jobs,
      days: busyDays(now),
      minutes: busyMinutes(now),
      failures: busyFailures(now),
      memoryBytes: 142_300_000,
      ...more,
    },
    now,
  );
}

/** The same with everything that can be wrong. */
export function troubledReport(now = NOW): Report {
  const report = busyReport({}, now);
  const [ohmygpt, ...others] = report.providers;
  const [first = key(), second = key()] = ohmygpt?.keys ?? [];
  const quota = { code: 'quota', at: now - 6 * MINUTE_MS } as const;
  const keys = [
    first,
    { ...second, lastSuccessAt: now - 8 * MINUTE_MS, lastError: quota, restsUntil: now + HOUR_MS },
  ];
  return {
    ...report,
    platforms: report.platforms.map((platform) =>
      platform.name === 'discord'
        ? { ...platform, state: 'connecting', since: now - 4 * MINUTE_MS }
        : platform,
    ),
    providers: ohmygpt === undefined ? others : [{ ...ohmygpt, keys }, ...others],
    failures: [
      ...Array.from(
        { length: 5 },
        (_, index): FailureReport => ({
          ...{ at: now - index * MINUTE_MS, platform: 'telegram', outcome: 'failed' },
          ...{ code: 'quota', provider: 'ohmygpt' },
        }),
      ),
      ...report.failures,
    ],
  };
}

function busyJobs(now: number): JobReport[] {
  const job = (id: string, more: Partial<JobReport>): JobReport => ({
    ...{ id, platform: 'telegram', phase: 'painting', kind: 'picture' },
    acceptedAt: now - 14_000,
    ...more,
  });
  return [
    job('AAAAAAAAAAA1', { phase: 'ending', acceptedAt: now - 31_000 }),
    job('AAAAAAAAAAA2', {}),
    job('AAAAAAAAAAA3', { platform: 'discord', acceptedAt: now - 9_000 }),
    job('AAAAAAAAAAA4', { phase: 'waiting', acceptedAt: now - 5_000 }),
    job('AAAAAAAAAAA5', {
      platform: 'web',
      phase: 'waiting',
      kind: 'words',
      acceptedAt: now - 900,
    }),
  ];
}

/** As waves, and the same each time. */
function wave(index: number, length: number): number {
  return 0.5 + 0.35 * Math.sin((index / length) * Math.PI * 2) + 0.15 * Math.sin(index * 2.3);
}

function busyMinutes(now: number): MinuteReport[] {
  return Array.from({ length: 60 }, (_, index) => {
    const pictures = Math.max(0, Math.round(wave(index, 45) * 2.6));
    return {
      at: now - (59 - index) * MINUTE_MS,
      pictures,
      failures: [11, 12, 34].includes(index) ? 1 + (index % 2) : 0,
      ...(pictures > 0 && { durationMs: 9_000 + Math.round(wave(index * 11, 29) * 7_000) }),
    };
  });
}

function busyDays(now: number): DayReport[] {
  return Array.from({ length: 14 }, (_, index) => {
    const pictures = Math.round(80 + wave(index, 7) * 240);
    const discord = Math.round(pictures * 0.3);
    const web = index % 3;
    return {
      day: dayOf(now - (13 - index) * DAY_MS),
      platforms: { telegram: pictures - discord, discord, web },
      models: {
        'gemini-3.1-flash-image-preview': {
          ...{ pictures: pictures - 12, promptTokens: 48_210, completionTokens: 264_800 },
          cost: 7.32,
        },
        'google/gemini-3-pro-image': {
          pictures: 12,
          promptTokens: 2_110,
          completionTokens: 14_900,
        },
      },
      outcomes: { delivered: pictures, failed: 4, cancelled: 2, interrupted: 1 },
    };
  });
}

function busyFailures(now: number): FailureReport[] {
  return [
    {
      ...{ at: now - 26 * MINUTE_MS, platform: 'telegram', outcome: 'failed' },
      ...{ code: 'overloaded', provider: 'ohmygpt' },
    },
    { at: now - 48 * MINUTE_MS, platform: 'discord', outcome: 'unknown', code: 'connection-lost' },
    { at: now - 3 * HOUR_MS, platform: 'telegram', outcome: 'interrupted' },
    {
      ...{ at: now - 2 * DAY_MS, platform: 'discord', outcome: 'failed' },
      ...{ code: 'blocked', provider: 'openrouter' },
    },
  ];
}
