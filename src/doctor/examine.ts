/** Every check that a configuration calls for, in the order of `.env.example`, and the report of them. */
import type { Config } from '../config.ts';
import { createNetwork } from '../core/index.ts';
import { createScrubber } from '../logger/scrubber.ts';
import { createLogger } from '../logger.ts';
import { accessCheck } from './access.ts';
import { clockCheck } from './clock.ts';
import { dataDirCheck } from './data-dir.ts';
import { discordCheck } from './discord.ts';
import type { Check, Finding } from './finding.ts';
import { portCheck, probePort } from './port.ts';
import { providerChecks } from './provider.ts';
import { proxyCheck } from './proxy.ts';
import { runChecks } from './run-checks.ts';
import { storeCheck } from './store.ts';
import { stylesCheck } from './styles.ts';
import { telegramCheck } from './telegram.ts';
import { tellFinding, tellSum } from './tell.ts';

/** For each check; all run at once, and so the whole takes little more. */
const LIMIT_MS = 10_000;

export interface ExamineOptions {
  config: Config;
  /** Takes whole lines, without any of `config.secrets`. */
  write: (text: string) => void;
  /** Replaced in tests. */
  limitMs?: number;
  now?: () => number;
}

/** Tells everything that was found, a finding at a time; whether there is no problem among it. */
export async function examine(options: ExamineOptions): Promise<boolean> {
  const { config, write, limitMs = LIMIT_MS, now = Date.now } = options;
  const network = createNetwork(config);
  const scrub = createScrubber(config.secrets);
  const logger = createLogger({ level: 'silent', secrets: config.secrets });
  const port = probePort(config.http);
  const findings: Finding[] = [];
  try {
    const context = { config, network, logger, port, now, limitMs };
    for await (const finding of runChecks(checksFor(config), context)) {
      findings.push(finding);
      write(tellFinding(clean(finding, scrub)));
    }
  } finally {
    await network.close();
  }
  write(tellSum(findings));
  return findings.every(({ mark }) => mark !== 'bad');
}

/** Before lines are made of it: a secret may have blanks. */
function clean({ mend, ...finding }: Finding, scrub: (text: string) => string): Finding {
  const text = scrub(finding.text);
  return { ...finding, text, ...(mend !== undefined && { mend: scrub(mend) }) };
}

function checksFor({ providers }: Config): Check[] {
  return [
    telegramCheck,
    discordCheck,
    ...providers.flatMap(providerChecks),
    dataDirCheck,
    storeCheck,
    stylesCheck,
    accessCheck,
    portCheck,
    proxyCheck,
    clockCheck,
  ];
}
