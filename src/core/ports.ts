/** What the core asks of the world outside. Each port has one contract suite in `test/contract/`. */
import type { Attachment, Picture, ReplyTarget, Source } from './types.ts';

/** Structured logging; fields never carry prompts, keys, tokens or picture bytes. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The status message of a running job. */
export interface StatusMessage {
  /** Plain text in the person's language. */
  text: string;
  /** Label and job id of the button that stops the job, while it can be stopped. */
  cancel?: { label: string; jobId: string };
}

/** What a finished job brings. */
export interface Delivery {
  /** One to `limits.pictures`, in order. */
  pictures: Picture[];
  /** Plain text under the pictures; the adapter cuts it to its limit and posts the rest as a message. */
  text: string;
  /** Pages the model looked up. */
  sources: Source[];
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
   * Creates the status message as a reply, or replaces its text. Gives the target back, now naming the status message.
   * Replacing is best effort: it never throws for a text that is the same or for a pace limit.
   */
  showStatus(target: ReplyTarget, status: StatusMessage): Promise<ReplyTarget>;
  /** Posts the pictures as the reply and takes the status message away. @throws EaselError `delivery-failed` */
  deliver(target: ReplyTarget, delivery: Delivery): Promise<void>;
  /** Makes `text` the job's last word, in the status message where there is one. @throws EaselError `delivery-failed` */
  close(target: ReplyTarget, text: string): Promise<void>;
  /** Tells one person (`platform:id`) something in private; never throws. */
  notify(personId: string, text: string): Promise<void>;
  /**
   * The bytes of an attachment, at most `maxBytes`.
   * @throws EaselError `attachment-gone`, `attachment-too-large`
   */
  load(
    attachment: Attachment,
    options: { maxBytes: number; signal: AbortSignal },
  ): Promise<Uint8Array>;
}
