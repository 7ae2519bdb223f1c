/** Whether Telegram takes the token, and what the bot may read there. */
import { GrammyError, HttpError } from 'grammy';
import type { UserFromGetMe } from 'grammy/types';
import { createApi, type GrammySignal } from '../telegram/client.ts';
import { about, type Check, type CheckContext, type Finding } from './finding.ts';
import { TELEGRAM_ROOT } from './roots.ts';
import { mendUnreached, whyUnreached } from './unreached.ts';
import { checkWebhook } from './webhook.ts';

const found = about('Telegram');

export const telegramCheck: Check = {
  name: 'Telegram',
  async run(context) {
    const { telegram } = context.config;
    if (telegram === undefined) return [found.unset('TELEGRAM_BOT_TOKEN is not set')];
    const apiRoot = telegram.apiRoot ?? TELEGRAM_ROOT;
    const api = createApi({ token: telegram.token, apiRoot, network: context.network });
    // grammY types signals as its polyfill's, and takes any.
    const signal = context.signal as GrammySignal;
    try {
      const me = await api.getMe(signal);
      const state = await api.getWebhookInfo(signal);
      return [...tellBot(me), ...(await checkWebhook(state, context))];
    } catch (error) {
      return [explain(error, context)];
    }
  },
};

function tellBot({ username, can_join_groups, can_read_all_group_messages }: UserFromGetMe) {
  const groups = can_read_all_group_messages
    ? 'privacy mode is off: in groups it sees every message'
    : 'privacy mode is on: in groups it sees commands and replies to it';
  return [
    found.good(`takes the token of @${username}`),
    can_join_groups
      ? found.good(groups)
      : found.warning('the bot cannot be put into groups', 'ask @BotFather for /setjoingroups'),
  ];
}

/** No words of the error: they may hold the address, and so the token. */
function explain(error: unknown, context: CheckContext): Finding {
  const { config } = context;
  const own = config.telegram?.apiRoot;
  if (error instanceof GrammyError) return explainRefusal(error, own !== undefined);
  const url = new URL(own ?? TELEGRAM_ROOT);
  if (error instanceof HttpError && error.error instanceof SyntaxError) {
    return found.bad(
      `what answers at ${url.hostname} is no Bot API server`,
      own === undefined
        ? 'look for what stands between, such as a filter'
        : 'TELEGRAM_API_ROOT: name the address of your own',
    );
  }
  const why = whyUnreached(error, { ...context, url });
  const advice =
    own === undefined
      ? 'HTTPS_PROXY: needed where Telegram is blocked'
      : 'TELEGRAM_API_ROOT: is your Bot API server running there?';
  return found.bad(`${url.hostname} cannot be reached: ${why}`, mendUnreached(url, config, advice));
}

function explainRefusal({ error_code: status }: GrammyError, hasOwnRoot: boolean): Finding {
  if (status === 401 || status === 404) {
    const perhaps = hasOwnRoot && status === 404 ? ', or TELEGRAM_API_ROOT is wrong' : '';
    return found.bad(
      `refuses the token (HTTP ${status})`,
      `TELEGRAM_BOT_TOKEN: copy it anew from @BotFather${perhaps}`,
    );
  }
  const text = `answers with HTTP ${status} just now`;
  return found.warning(text, 'try again in a few minutes');
}
