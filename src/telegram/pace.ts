/** Keeps status edits within the pace that Telegram allows in one chat. */

/** One edit of one message; gives the milliseconds that Telegram asks to wait, if it does. */
export type Edit = () => Promise<number | undefined>;

export interface Pace {
  /**
   * Runs `edit` now, and resolves when it has ended, or as soon as the chat's pace allows, and resolves at once. The
   * latest edit of a message takes the place of one that waits.
   */
  run(chatId: number, messageId: number, edit: Edit): Promise<void>;
  /** Drops what waits for a message; resolves when nothing more will change it. */
  settle(chatId: number, messageId: number): Promise<void>;
}

interface Lane {
  waiting: Map<number, Edit>;
  running: Promise<void> | undefined;
  runningId: number | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** `pauseMs` is between two edits in a chat. */
export function createPace(pauseMs: (chatId: number) => number): Pace {
  const lanes = new Map<number, Lane>();

  async function runNext(chatId: number, lane: Lane): Promise<void> {
    lane.timer = undefined;
    const [next] = lane.waiting;
    if (next === undefined) return void lanes.delete(chatId);
    const [messageId, edit] = next;
    lane.waiting.delete(messageId);
    lane.runningId = messageId;
    lane.running = edit().then((waitMs) => {
      lane.running = undefined;
      plan(chatId, lane, waitMs ?? pauseMs(chatId));
    });
    return lane.running;
  }

  /** With nothing left to do, the lane stays for the pause all the same, so that the pace is kept. */
  function plan(chatId: number, lane: Lane, delayMs: number): void {
    if (delayMs === 0 && lane.waiting.size === 0) lanes.delete(chatId);
    else lane.timer = setTimeout(() => void runNext(chatId, lane), delayMs).unref();
  }

  return {
    async run(chatId, messageId, edit) {
      const known = lanes.get(chatId);
      const lane = known ?? createLane();
      lane.waiting.set(messageId, edit);
      if (known !== undefined) return;
      lanes.set(chatId, lane);
      await runNext(chatId, lane);
    },
    async settle(chatId, messageId) {
      const lane = lanes.get(chatId);
      lane?.waiting.delete(messageId);
      if (lane?.runningId === messageId) await lane.running;
    },
  };
}

function createLane(): Lane {
  return {
    waiting: new Map(),
    running: undefined,
    runningId: undefined,
    timer: undefined,
  };
}
