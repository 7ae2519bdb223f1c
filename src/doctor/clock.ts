/** Whether this machine's clock is right: certificates and signatures are refused when it is not. */
import { request } from 'undici';
import type { Config } from '../config.ts';
import { about, type Check, type CheckContext, type Finding } from './finding.ts';
import { DISCORD_ROOT, TELEGRAM_ROOT } from './roots.ts';

const MAX_SKEW_MS = 5 * 60_000;
const MS_PER_MINUTE = 60_000;
const found = about('Clock');

export const clockCheck: Check = {
  name: 'Clock',
  async run(context) {
    const servers = serversOf(context.config);
    if (servers.length === 0) return [found.unset('not compared: no platform is on')];
    const times = await Promise.all(servers.map((url) => askTime(url, context)));
    const time = times.find((each) => each !== undefined);
    if (time === undefined) return [found.unset('not compared: no platform told the time')];
    return [judgeSkew(context.now() - time)];
  },
};

/** Discord first: a Bot API server may be this very machine. */
function serversOf({ discord, telegram }: Config): URL[] {
  const roots = [
    discord && (discord.apiRoot ?? DISCORD_ROOT),
    telegram && (telegram.apiRoot ?? TELEGRAM_ROOT),
  ];
  return roots.filter((root) => root !== undefined).map((root) => new URL('/', root));
}

/** Unix ms, whole seconds. */
async function askTime(
  url: URL,
  { network, signal }: Pick<CheckContext, 'network' | 'signal'>,
): Promise<number | undefined> {
  try {
    const dispatcher = network.shared(url);
    const { headers, body } = await request(url, { method: 'HEAD', dispatcher, signal });
    await body.dump();
    const time = Date.parse(String(headers.date));
    return Number.isNaN(time) ? undefined : time;
  } catch {
    return undefined;
  }
}

function judgeSkew(skewMs: number): Finding {
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return found.good('agrees with the platforms');
  const minutes = Math.round(Math.abs(skewMs) / MS_PER_MINUTE);
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  return found.warning(
    `it is ${minutes} minutes ${side} the platforms'`,
    'set the time of this machine, or let NTP do it',
  );
}
