/** Whether Discord takes the token, what the app may do, and how to invite it. */
import type { APIApplication, APIGatewayBotInfo } from 'discord.js';
import { createRest, failureOf } from '../discord/rest.ts';
import { about, type Check, type CheckContext, type Finding, present } from './finding.ts';
import { DISCORD_ROOT } from './roots.ts';
import { mendUnreached, whyUnreached } from './unreached.ts';

const found = about('Discord');
/** To see a channel, write there and in threads, attach pictures, and reply, which needs the history. */
const PERMISSION_BITS = [10n, 11n, 38n, 15n, 16n];
const PERMISSIONS = PERMISSION_BITS.reduce((all, bit) => all | (1n << bit), 0n);
/** Message content, given for good or as long as the bot is in few servers. */
const CONTENT_FLAGS = (1 << 18) | (1 << 19);
const PORTAL = 'in the developer portal';
const ROOT_ADVICE = 'DISCORD_API_ROOT: leave it out, unless you run a server of your own';

export const discordCheck: Check = {
  name: 'Discord',
  async run(context) {
    const { discord } = context.config;
    if (discord === undefined) return [found.unset('DISCORD_BOT_TOKEN is not set')];
    const apiRoot = discord.apiRoot ?? DISCORD_ROOT;
    const rest = createRest({ ...context, token: discord.token, apiRoot });
    try {
      const [app, gateway] = await Promise.all([
        rest.get<APIApplication>('/applications/@me'),
        rest.get<APIGatewayBotInfo>('/gateway/bot'),
      ]);
      if (!isDiscord(app, gateway)) return [stranger(new URL(apiRoot), context)];
      return [...judgeApp(app), judgeGateway(gateway, discord.shards)];
    } catch (error) {
      return [explain(error, new URL(apiRoot), context)];
    }
  },
};

/** What an app looks like that brings Easel to its people, and the links by which they get it. */
export function judgeApp(app: APIApplication): Finding[] {
  const { bot_public: isPublic, flags = 0, integration_types_config: places } = app;
  const who = isPublic ? 'anybody may install it' : 'only you may install it';
  const reads = flags & CONTENT_FLAGS ? 'on, which Easel does not need' : 'off, which is fine';
  const link = `https://discord.com/oauth2/authorize?client_id=${app.id}`;
  const invite = `${link}&scope=bot+applications.commands&permissions=${PERMISSIONS}`;
  const own = `${link}&scope=applications.commands&integration_type=1`;
  const allows = (place: string) => places === undefined || place in places;
  return present([
    found.good(`takes the token of "${app.name}"; ${who}; its message content intent is ${reads}`),
    ...judgeSwitches(app),
    allows('0')
      ? found.good(`invite it to a server: ${invite}`)
      : found.warning('servers cannot install it', `allow "Guild Install" ${PORTAL}`),
    allows('1')
      ? found.good(`add it for yourself, to use it everywhere: ${own}`)
      : found.warning('people cannot install it', `allow "User Install" ${PORTAL}`),
  ]);
}

/** Switches of the portal that keep people out, without a word. */
function judgeSwitches(app: APIApplication): Finding[] {
  const diverts = Boolean(app.interactions_endpoint_url);
  return present([
    diverts &&
      found.bad(
        'its commands go to another address, and never reach Easel',
        `empty "Interactions Endpoint URL" ${PORTAL}`,
      ),
    app.bot_require_code_grant &&
      found.warning(
        'a link alone does not invite it',
        `switch "Requires OAuth2 Code Grant" off ${PORTAL}`,
      ),
  ]);
}

export function judgeGateway(
  { shards: advised, session_start_limit: starts }: APIGatewayBotInfo,
  shards: number | 'auto',
): Finding {
  const wanted = shards === 'auto' ? advised : shards;
  const left = `${starts.remaining} of ${starts.total} starts are left today`;
  // Each shard takes one of them, now and at every restart.
  if (starts.remaining < wanted * 10 || starts.remaining * 10 < starts.total) {
    return found.warning(`only ${left}`, 'find out why Easel starts so often, and let it rest');
  }
  if (wanted < advised) {
    const text = `Discord advises ${advised} shards, and ${wanted} are set`;
    return found.warning(text, 'DISCORD_SHARDS: auto takes as many as Discord advises');
  }
  return found.good(
    `the gateway is there: ${wanted === 1 ? '1 shard' : `${wanted} shards`}, ${left}`,
  );
}

/** Whatever answers with 200 may be a page. */
function isDiscord(app?: Partial<APIApplication>, gateway?: Partial<APIGatewayBotInfo>): boolean {
  return app?.id !== undefined && gateway?.session_start_limit !== undefined;
}

function stranger({ hostname }: URL, { config }: CheckContext, status?: number): Finding {
  const text = `what answers at ${hostname} is not Discord${status ? ` (HTTP ${status})` : ''}`;
  const filter = 'look for what stands between, such as a filter';
  return found.bad(text, config.discord?.apiRoot === undefined ? filter : ROOT_ADVICE);
}

/** Numbers alone: errors of discord.js hold more. */
function explain(error: unknown, url: URL, context: CheckContext): Finding {
  const { status } = failureOf(error);
  if (status === undefined) return unreached(error, url, context);
  if (status === 401) {
    const advice = 'DISCORD_BOT_TOKEN: make a new one in the developer portal, under "Bot"';
    return found.bad('refuses the token (HTTP 401)', advice);
  }
  if (status < 500 && status !== 429) return stranger(url, context, status);
  return found.warning(`answers with HTTP ${status} just now`, 'try again in a few minutes');
}

function unreached(error: unknown, url: URL, context: CheckContext): Finding {
  const why = whyUnreached(error, { ...context, url });
  const isTheirs = context.config.discord?.apiRoot === undefined;
  const advice = isTheirs ? 'HTTPS_PROXY: needed where Discord is blocked' : ROOT_ADVICE;
  const mend = mendUnreached(url, context.config, advice);
  return found.bad(`${url.hostname} cannot be reached: ${why}`, mend);
}
