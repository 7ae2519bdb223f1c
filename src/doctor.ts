/** `npm run doctor`: every setting tried against the real thing, for free, with what to do where something is wrong. */
import { type Config, ConfigError, loadConfig } from './config.ts';
import { examine } from './doctor/examine.ts';
import type { Finding } from './doctor/finding.ts';
import { tellFinding, tellSum } from './doctor/tell.ts';

const AFTERWARDS = 'The rest is checked when these are mended; .env.example explains each.';

const isWell = await main();
// Some library may still wait for an answer; all that is to be said was said.
process.stdout.write('', () => process.exit(isWell ? 0 : 1));

async function main(): Promise<boolean> {
  const config = readConfig();
  if (config === undefined) return false;
  process.stdout.write('✓ Configuration: every variable is understood.\n');
  return examine({ config, write: (text) => void process.stdout.write(text) });
}

function readConfig(): Config | undefined {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.message.split('\n').slice(1).map(toFinding);
    for (const finding of findings) process.stdout.write(tellFinding(finding));
    process.stdout.write(`${AFTERWARDS}\n${tellSum(findings)}`);
    return undefined;
  }
}

/** From `NAME: what is wrong`. */
function toFinding(problem: string): Finding {
  const [name = '', ...words] = problem.split(': ');
  return { mark: 'bad', name, text: words.join(': ') };
}
