/** How each key of each provider does. */
import { median } from './median.ts';
import type { KeyReport } from './report.ts';
import type { TryFact } from './watch.ts';

export interface KeyFigures {
  note(fact: TryFact): void;
  of(provider: string, key: number): KeyReport;
}

const KEPT_LATENCIES = 50;

interface Figures {
  report: KeyReport;
  /** Of the last that went well. */
  latenciesMs: number[];
}

export function createKeyFigures(): KeyFigures {
  const keys = new Map<string, Figures>();

  function figuresOf(provider: string, key: number): Figures {
    const name = `${provider} ${key}`;
    const figures = keys.get(name) ?? { report: { tries: 0, failures: 0 }, latenciesMs: [] };
    keys.set(name, figures);
    return figures;
  }

  return {
    note({ provider, key, durationMs, code }) {
      // Its person's doing says nothing of the key.
      if (code === 'cancelled') return;
      const { report, latenciesMs } = figuresOf(provider, key);
      report.tries += 1;
      if (code !== undefined) {
        report.failures += 1;
        report.lastError = { code, at: Date.now() };
        return;
      }
      report.lastSuccessAt = Date.now();
      latenciesMs.push(durationMs);
      latenciesMs.splice(0, latenciesMs.length - KEPT_LATENCIES);
    },
    of(provider, key) {
      const { report, latenciesMs } = figuresOf(provider, key);
      const latencyMs = median(latenciesMs);
      return { ...report, ...(latencyMs !== undefined && { latencyMs }) };
    },
  };
}
