/** Where to answer, as JSON: enough to answer after a restart. */
import type { ReplyTarget } from '../core/index.ts';

export const PLATFORM = 'discord';

/** A message of ours that shows the status. `slot` is its name in the interaction's webhook, where it has one. */
export type Status = {
  channelId: string;
  messageId: string;
  slot?: string;
};

/**
 * How an interaction is answered: it was `given` its promise of a message already; or, with the first word, it gets
 * one (`reply`), or the message with the button is taken for it (`update`).
 */
export type Answering = 'given' | 'reply' | 'update';

/** The token of an interaction is good for 15 minutes, and a secret for as long: it never gets into a log. */
export type Webhook = {
  applicationId: string;
  interactionId: string;
  token: string;
  /** Unix ms. */
  createdAt: number;
  answering: Answering;
};

export type Target = {
  platform: typeof PLATFORM;
  channelId: string;
  userId: string;
  /** The message that is answered, for what came as a message. */
  messageId?: string;
  /** For what came as an interaction. */
  webhook?: Webhook;
  /** Seen by the person alone: it must not go into the channel later. */
  isEphemeral: boolean;
  /** Of what the person sent: the result is covered as well. */
  isSpoiler: boolean;
  /** Bytes that one file may have there. */
  uploadLimit: number;
  status?: Status;
};

/** Discord's 15 minutes (receiving-and-responding), and half of one for what is on its way. */
export const TOKEN_LIFE_MS = 14.5 * 60_000;

/** The webhook of the interaction, while it can be used. */
export function liveWebhook({ webhook }: Target): Webhook | undefined {
  const isLive = webhook !== undefined && Date.now() - webhook.createdAt < TOKEN_LIFE_MS;
  return isLive ? webhook : undefined;
}

/** The targets of this adapter are the only ones that it gets. */
export function readTarget(target: ReplyTarget): Target {
  return target as Target;
}

/** How the core names a message. */
export function messageRef(channelId: string, messageId: string): string {
  return `${PLATFORM}:${channelId}:${messageId}`;
}

/** When a snowflake was made, Unix ms: its upper 42 bits count from 2015. */
export function timeOf(snowflake: string): number {
  return Number(BigInt(snowflake) >> 22n) + 1_420_070_400_000;
}
