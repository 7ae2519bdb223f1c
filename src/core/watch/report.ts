/** What can be seen of the running program from outside: plain data, without persons, prompts and keys. */
import type { ErrorCode } from '../errors.ts';
import type { Outcome } from './watch.ts';

export interface Report {
  /** All times are Unix ms. */
  now: number;
  startedAt: number;
  platforms: PlatformReport[];
  /** In the order in which they are tried. */
  providers: ProviderReport[];
  /** Jobs by where they are. */
  queue: { waiting: number; running: number };
  /** Oldest first. */
  jobs: JobReport[];
  /** Of the present day (UTC), and the days before, oldest first; at most 14. */
  days: DayReport[];
  /** The last 60 minutes, oldest first, one each; the last one is not over. */
  minutes: MinuteReport[];
  /** Latest first, at most 20; since the start. */
  failures: FailureReport[];
  /** Resident memory of the process. */
  memoryBytes: number;
}

export interface PlatformReport {
  name: string;
  /** `connecting` also while it is out of reach. */
  state: 'connecting' | 'connected';
  since: number;
}

export interface ProviderReport {
  name: string;
  dialect: string;
  model: string;
  /** In the order of the setting; one without a value where none is needed. Since the start. */
  keys: KeyReport[];
}

/** How a gateway stands at this moment. */
export interface GatewayState extends Pick<ProviderReport, 'name' | 'dialect' | 'model'> {
  /** When the rest of each key ends, for those that are not asked now. */
  keyRests: (number | undefined)[];
}

export interface KeyReport {
  /** Without those that their person cancelled. */
  tries: number;
  failures: number;
  /** Median of the last 50 that went well; none before the first. */
  latencyMs?: number;
  lastSuccessAt?: number;
  lastError?: { code: ErrorCode; at: number };
  /** Not asked before then. */
  restsUntil?: number;
}

export interface JobReport {
  id: string;
  platform: string;
  phase: 'waiting' | 'painting' | 'ending';
  kind: 'picture' | 'words';
  acceptedAt: number;
}

export interface DayReport {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** Pictures delivered, by platform. */
  platforms: Record<string, number>;
  models: Record<string, ModelDay>;
  outcomes: Partial<Record<Outcome, number>>;
}

export interface ModelDay {
  pictures: number;
  promptTokens: number;
  completionTokens: number;
  /** US dollars: what the gateway said, else the operator's price times pictures; none where neither is known. */
  cost?: number;
}

export interface MinuteReport {
  at: number;
  pictures: number;
  failures: number;
  /** Median of the jobs that were delivered in it. */
  durationMs?: number;
}

export interface FailureReport {
  at: number;
  platform: string;
  outcome: Outcome;
  code?: ErrorCode;
  provider?: string;
}
