/** Edits of status messages: within Telegram's pace, each tried once, since one that comes late is worth nothing. */
import { type Api, GrammyError } from 'grammy';
import type { Button } from '../core/index.ts';
import type { GrammySignal } from './client.ts';
import { type Destination, keyboardOf, type Messenger } from './messenger.ts';
import { createPace } from './pace.ts';

export interface StatusEdits {
  /** Replaces the status message, if there is one, now or when the chat's pace allows it. Never throws. */
  edit(where: Destination, text: string, buttons: Button[][]): Promise<void>;
  /** Resolves when no edit will change the status message any more. */
  settle(where: Destination): Promise<void>;
}

/** About 20 messages a minute are allowed in a group (grammY's flood guide); private chats know no such limit. */
const GROUP_PAUSE_MS = 3000;
const TIMEOUT_MS = 5000;

/** `api` must not repeat calls. */
export function createStatusEdits(api: Api, { attempt }: Pick<Messenger, 'attempt'>): StatusEdits {
  const pace = createPace((chatId) => (chatId < 0 ? GROUP_PAUSE_MS : 0));

  /** The milliseconds that Telegram asks to wait, if it does. */
  async function waitAfter(call: Promise<unknown>): Promise<number | undefined> {
    let waitMs: number | undefined;
    const edit = call.catch((error: unknown) => {
      const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
      waitMs = seconds === undefined ? undefined : seconds * 1000;
      throw error;
    });
    await attempt('editing a status', edit);
    return waitMs;
  }

  return {
    async edit({ chatId, statusId }, text, buttons) {
      if (statusId === undefined) return;
      await pace.run(chatId, statusId, () => {
        const signal = AbortSignal.timeout(TIMEOUT_MS) as GrammySignal;
        return waitAfter(api.editMessageText(chatId, statusId, text, keyboardOf(buttons), signal));
      });
    },
    async settle({ chatId, statusId }) {
      if (statusId !== undefined) await pace.settle(chatId, statusId);
    },
  };
}
