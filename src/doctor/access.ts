/** Ids that look wrong for their platform, and what empty lists mean. */
import type { Config } from '../config.ts';
import { about, type Check, type Finding } from './finding.ts';

const TOKENS = { telegram: 'TELEGRAM_BOT_TOKEN', discord: 'DISCORD_BOT_TOKEN' } as const;
/** Telegram's people have up to 11 digits by now; Discord's ids are times in ms, shifted by 22 bits. */
const PERSON = { telegram: /^\d{4,12}$/, discord: /^\d{17,20}$/ };
/** Telegram's groups are negative, the large ones begin with -100. */
const CHAT = { telegram: /^(-\d{4,15}|\d{4,12})$/, discord: /^\d{17,20}$/ };

export const accessCheck: Check = {
  name: 'Access',
  run: async ({ config }) => judgeAccess(config),
};

export function judgeAccess(config: Config): Finding[] {
  const { users, chats, admins } = config.access;
  return [
    ...judgeDoor(config),
    ...judgeIds(config, 'ALLOWED_USERS', users),
    ...judgeIds(config, 'ALLOWED_CHATS', chats),
    ...(admins.length > 0
      ? judgeIds(config, 'ADMINS', admins)
      : [about('ADMINS').unset('not set: nobody is told what only you can mend')]),
  ];
}

function judgeDoor({ access, telegram, discord }: Config): Finding[] {
  const isOpen = access.users.length === 0 && access.chats.length === 0;
  if (!isOpen || (telegram ?? discord) === undefined) return [];
  const name = about('ALLOWED_USERS, ALLOWED_CHATS');
  return [name.unset('not set: everybody who finds the bot may paint at your cost')];
}

type Variable = 'ALLOWED_USERS' | 'ALLOWED_CHATS' | 'ADMINS';

function judgeIds(config: Config, variable: Variable, ids: readonly string[]): Finding[] {
  if (ids.length === 0) return [];
  const found = about(variable);
  const shapes = variable === 'ALLOWED_CHATS' ? CHAT : PERSON;
  const warnings = ids.flatMap((entry, at) => {
    const [platform, id = ''] = entry.split(':');
    if (platform !== 'telegram' && platform !== 'discord') return [];
    const where = `entry ${at + 1}`;
    if (!shapes[platform].test(id)) return [found.warning(oddId(where, platform), hint(variable))];
    if (config[platform] !== undefined) return [];
    return [found.warning(`${where} is for ${platform}, which is off`, TOKENS[platform])];
  });
  return warnings.length > 0 ? warnings : [found.good(`${ids.length} listed`)];
}

function oddId(where: string, platform: 'telegram' | 'discord'): string {
  const name = platform === 'telegram' ? 'Telegram' : 'Discord';
  return `${where} does not look like an id of ${name}`;
}

function hint(variable: Variable): string {
  return variable === 'ALLOWED_CHATS'
    ? 'ALLOWED_CHATS: telegram:-100… for groups, discord: and a channel id of 17 to 20 digits'
    : `${variable}: telegram: and about 10 digits, discord: and 17 to 20 digits`;
}
