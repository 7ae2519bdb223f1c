/** What a check found, as plain data: how it is told stands in `tell.ts`. */
import type { Config } from '../config.ts';
import type { Logger, Network } from '../core/index.ts';
import type { PortState } from './port.ts';

/** `bad` stops Easel from doing its work, `warning` may, `unset` is not there to be checked. */
export type Mark = 'good' | 'bad' | 'warning' | 'unset';

export interface Finding {
  mark: Mark;
  /** What was looked at: a variable, a platform, a provider. */
  name: string;
  /** A short sentence without its full stop. */
  text: string;
  /** What to do, by the variable's name and never with its value. */
  mend?: string;
}

export interface CheckContext {
  config: Config;
  network: Network;
  logger: Logger;
  /** What holds `HTTP_PORT` now, and so whether Easel is running. */
  port: Promise<PortState>;
  /** Aborts when the check's time is over. */
  signal: AbortSignal;
  /** Unix ms. */
  now: () => number;
}

export interface Check {
  name: string;
  run(context: CheckContext): Promise<Finding[]>;
}

/** Those that apply. */
export function present(findings: readonly (Finding | false)[]): Finding[] {
  return findings.filter((finding) => finding !== false);
}

/** Makes the findings of one name. */
export function about(name: string) {
  return {
    good: (text: string): Finding => ({ mark: 'good', name, text }),
    unset: (text: string): Finding => ({ mark: 'unset', name, text }),
    warning: (text: string, mend: string): Finding => ({ mark: 'warning', name, text, mend }),
    bad: (text: string, mend: string): Finding => ({ mark: 'bad', name, text, mend }),
  };
}
