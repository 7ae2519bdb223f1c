/** What happens with an update: wishes go to the engine, questions are answered. */
import { sequentialize } from '@grammyjs/runner';
import type { Bot } from 'grammy';
import type { CallbackQuery } from 'grammy/types';
import {
  type CancelOutcome,
  type Engine,
  type Language,
  type Logger,
  type Platform,
  resolveLanguage,
  say,
  type WordKey,
} from '../core/index.ts';
import { type AlbumCollector, createAlbumCollector, type Part } from './album.ts';
import { failureFields } from './client.ts';
import { CANCEL_PREFIX } from './platform.ts';
import { PLATFORM, readMessages } from './request.ts';

export interface HandlerOptions {
  engine: Engine;
  platform: Platform;
  logger: Logger;
  language: Language;
}

const CANCEL_WORDS: Record<CancelOutcome, WordKey> = {
  cancelled: 'cancel.done',
  'not-yours': 'cancel.not-yours',
  nothing: 'cancel.nothing',
};

/** Makes `bot` listen; gives the albums back that wait for their parts. An update that fails is logged and skipped. */
export function installHandlers(bot: Bot, options: HandlerOptions): AlbumCollector {
  const { engine, platform, logger, language } = options;
  const logFailure = (error: unknown, updateId: number | undefined): void =>
    logger.error({ updateId, ...failureFields(error) }, 'telegram: an update failed');

  async function answer(parts: Part[]): Promise<void> {
    const heard = readMessages(parts, { me: bot.botInfo, language });
    if (heard === undefined) return;
    const { wish, target } = heard;
    if (wish.kind === 'paint') return engine.submit(wish.request);
    const key = wish.kind === 'say' ? wish.key : cancelAll(engine, wish.personId);
    await platform.close(target, say(heard.language, key));
  }

  const albums = createAlbumCollector((parts) => {
    answer(parts).catch((error: unknown) => logFailure(error, parts[0]?.updateId));
  });

  bot.use(sequentialize((ctx) => ctx.chat?.id.toString()));
  bot.on('message', async (ctx) => {
    const part = { updateId: ctx.update.update_id, message: ctx.message };
    if (!albums.add(part)) await answer([part]);
  });
  bot.on('callback_query', async (ctx) => {
    const text = pressButton(engine, ctx.callbackQuery, language);
    await ctx.answerCallbackQuery(text);
  });
  bot.catch(({ error, ctx }) => logFailure(error, ctx.update.update_id));
  return albums;
}

function cancelAll(engine: Engine, personId: string): WordKey {
  return engine.cancelAll(personId) > 0 ? 'cancel.done' : 'cancel.nothing';
}

/** The words for the person who pressed. None for a button that is not ours; it is answered all the same, or it spins on. */
function pressButton(
  engine: Engine,
  { data, from }: CallbackQuery,
  fallback: Language,
): string | undefined {
  if (!data?.startsWith(CANCEL_PREFIX)) return undefined;
  const outcome = engine.cancel(data.slice(CANCEL_PREFIX.length), `${PLATFORM}:${from.id}`);
  return say(resolveLanguage(from.language_code, fallback), CANCEL_WORDS[outcome]);
}
