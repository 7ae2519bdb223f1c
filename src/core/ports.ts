/** What the core asks of the world outside. Each port has one contract suite in `test/contract/`. */
import type { Attachment, Button, Picture, Reply, ReplyTarget, Source } from './types.ts';

/** Structured logging; fields never carry prompts, keys, tokens or picture bytes. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a finished job brings. */
export interface Delivery {
  /** One to `limits.pictures`, in order. */
  pictures: Picture[];
  /** Plain text under the pictures; the adapter cuts it to its limit and posts the rest as a message. */
  text: string;
  /** Pages the model looked up. */
  sources: Source[];
  /** Row by row; below the pictures, or in a message behind them where the platform has no other place. */
  buttons: Button[][];
  /** What the pictures show, in the person's own words. */
  description: string;
  /** As files that the platform leaves as they are. */
  asFiles: boolean;
  /** Said below the pictures where the platform takes them only when they are made smaller; plain text. */
  ifSmaller?: string;
}

/** A message that was posted, as `platform:chat:message`, and which picture it shows where it shows one of several. */
export interface Posted {
  message: string;
  picture?: number;
}

/** A platform as the core sees it: it loads pictures that people sent, and answers them. */
export interface Platform {
  readonly limits: {
    /** Pictures in one delivery. */
    pictures: number;
    /** Shortest pause between two edits of one status message. */
    statusIntervalMs: number;
  };
  /**
   * Creates the status message as a reply, or replaces it. Gives the target back, now naming the status message.
   * Replacing is best effort: it never throws for a text that is the same or for a pace limit.
   * @throws EaselError `delivery-failed`, `undeliverable`
   */
  showStatus(target: ReplyTarget, status: Reply): Promise<ReplyTarget>;
  /**
   * Posts the pictures as the reply and takes the status message away; gives every message that it posted.
   * @throws EaselError `delivery-failed` when it may work later, `undeliverable` when it never will
   */
  deliver(target: ReplyTarget, delivery: Delivery): Promise<Posted[]>;
  /**
   * Says `reply` in the status message's place, or as a message of its own; gives the message that carries it.
   * @throws EaselError as `deliver`
   */
  close(target: ReplyTarget, reply: Reply): Promise<Posted>;
  /** Tells one person (`platform:id`) something in private: whether that went well. Never throws. */
  notify(personId: string, text: string): Promise<boolean>;
  /**
   * The bytes of an attachment, at most `maxBytes`.
   * @throws EaselError `attachment-gone`, `attachment-too-large`
   */
  load(
    attachment: Attachment,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<Uint8Array>;
}
