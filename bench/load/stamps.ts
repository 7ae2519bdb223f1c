/** What the processes of the measurement tell each other. */
import { now } from './clock.ts';

/** One picture that somebody wishes for. */
export interface Wish {
  /** Counts up; also the id of the update and of the message that carry it. */
  id: number;
  /** Also the id of the private chat. */
  user: number;
  prompt: string;
}

/**
 * In the order in which they happen: the update was handed out; the status message was posted; the gateway had the
 * request; its last byte was written; the first byte of the upload came; the upload was whole. Or `failed`.
 */
export type Moment =
  | 'told'
  | 'acknowledged'
  | 'asked'
  | 'answered'
  | 'uploading'
  | 'delivered'
  | 'failed';

export interface Stamp {
  wish: number;
  moment: Moment;
  /** As `now` gives it. */
  at: number;
  /** Why it failed. */
  note?: string;
}

/** Tells the process that started this one. */
export function stamp(wish: number, moment: Moment, note?: string): void {
  const one: Stamp = { wish, moment, at: now(), ...(note !== undefined && { note }) };
  process.send?.(one);
}

export interface Pace {
  /** How long only thoughts and keep-alives come. */
  thinkMs: number;
  /** Over how long the picture comes, evenly; 0 for as fast as it is read. */
  sendMs: number;
}

/** The prompt tells the gateway how to answer. */
export function promptFor(id: number, { thinkMs, sendMs }: Pace): string {
  return `wish ${id} think ${thinkMs} send ${sendMs}`;
}

/** @throws Error for words that `promptFor` has not written */
export function readPrompt(text: string): Pace & { id: number } {
  const found = /wish (\d+) think (\d+) send (\d+)/.exec(text);
  if (found === null) throw new Error('not a prompt of this measurement');
  const [id = 0, thinkMs = 0, sendMs = 0] = found.slice(1).map(Number);
  return { id, thinkMs, sendMs };
}
