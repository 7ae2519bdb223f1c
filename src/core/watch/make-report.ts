/** Puts together what can be seen: figures, and how things are at this moment. */
import type { Figures } from './create-watch.ts';
import type { GatewayState, JobReport, PlatformReport, ProviderReport, Report } from './report.ts';

export interface ReportSources {
  figures: Pick<Figures, 'report' | 'key'>;
  platforms: PlatformReport[];
  gateways: GatewayState[];
  /** That have not ended, oldest first. */
  jobs: JobReport[];
}

export function makeReport({ figures, platforms, gateways, jobs }: ReportSources): Report {
  const inPhase = (phase: JobReport['phase']) => jobs.filter((job) => job.phase === phase).length;
  return {
    now: Date.now(),
    ...figures.report(),
    platforms,
    providers: gateways.map((gateway) => toProviderReport(gateway, figures)),
    queue: { waiting: inPhase('waiting'), running: inPhase('painting') },
    jobs,
    memoryBytes: process.memoryUsage.rss(),
  };
}

function toProviderReport(
  { name, dialect, model, keyRests }: GatewayState,
  figures: Pick<Figures, 'key'>,
): ProviderReport {
  const keys = keyRests.map((restsUntil, at) => ({
    ...figures.key(name, at),
    ...(restsUntil !== undefined && { restsUntil }),
  }));
  return { name, dialect, model, keys };
}
