/** How Telegram's updates come: by polling, or to an address that the world must reach. */
import type { WebhookInfo } from 'grammy/types';
import { request } from 'undici';
import { about, type CheckContext, type Finding } from './finding.ts';
import { whyUnreached } from './unreached.ts';

const found = about('Telegram updates');
/** A failure that is older than this is over. */
const RECENT_MS = 60 * 60_000;
/** Telegram's own words are short; what is longer is not them. */
const MAX_WORDS = 120;
/** Telegram keeps updates for a day; so many at once say that nobody takes them. */
const MANY_UPDATES = 100;

export async function checkWebhook(state: WebhookInfo, context: CheckContext): Promise<Finding[]> {
  const isRunning = (await context.port) === 'easel';
  const url = context.config.telegram?.webhook?.url;
  const waiting = state.pending_update_count;
  const crowd =
    waiting > MANY_UPDATES
      ? [found.warning(`${waiting} of them wait`, 'is Easel running? They are kept for a day')]
      : [];
  if (url === undefined) return [judgePolling(state, isRunning), ...crowd];
  return [
    judgeAddress(state, url, isRunning),
    ...judgeDelivery(state, context.now()),
    ...crowd,
    isRunning
      ? await tryAddress(new URL(url), context)
      : found.unset('whether the address can be reached shows only while Easel runs'),
  ];
}

function judgePolling({ url = '' }: WebhookInfo, isRunning: boolean): Finding {
  if (url === '') return found.good('by long polling');
  const text = `a webhook is set at ${hostOf(url)}, and nothing here asks for one`;
  return found.warning(
    text,
    isRunning
      ? 'another program uses this bot: stop it, or give Easel a bot of its own'
      : 'Easel removes it when it starts; stop what set it, or set TELEGRAM_WEBHOOK_URL',
  );
}

function judgeAddress(state: WebhookInfo, wanted: string, isRunning: boolean): Finding {
  const { url = '' } = state;
  if (url === wanted)
    return found.good(`by webhook at ${hostOf(url)}, as TELEGRAM_WEBHOOK_URL has it`);
  const text =
    url === ''
      ? 'Telegram knows of no webhook'
      : `Telegram knows another webhook, at ${hostOf(url)}`;
  if (!isRunning) return found.good(`${text}; Easel sets its own when it starts`);
  return found.bad(
    `${text}, though Easel is running`,
    'another program uses this bot: stop it, then start Easel again',
  );
}

function judgeDelivery(state: WebhookInfo, now: number): Finding[] {
  const { last_error_date: seconds, last_error_message: words = '' } = state;
  if (seconds === undefined) return [];
  const minutes = Math.round((now - seconds * 1000) / 60_000);
  if (minutes * 60_000 > RECENT_MS) return [];
  return [
    found.warning(
      `${minutes} minutes ago Telegram could not deliver: ${words.slice(0, MAX_WORDS)}`,
      'TELEGRAM_WEBHOOK_URL must lead from the internet to HTTP_PORT here, with a valid certificate',
    ),
  ];
}

/** Asks without the secret: only Easel's door answers a GET there with 405. */
async function tryAddress(url: URL, context: CheckContext): Promise<Finding> {
  const advice =
    'from inside it may not be reachable at all; if updates come, all is well, else look at the way from TELEGRAM_WEBHOOK_URL to HTTP_PORT';
  try {
    const dispatcher = context.network.shared(url);
    const { statusCode, body } = await request(url, { dispatcher, signal: context.signal });
    await body.dump();
    if (statusCode === 405) return found.good('the address leads here');
    return found.warning(`something else answers at the address (HTTP ${statusCode})`, advice);
  } catch (error) {
    const why = whyUnreached(error, { ...context, url });
    return found.warning(`the address cannot be reached from here: ${why}`, advice);
  }
}

/** No path: some put a secret there. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address of its own';
}
