/** Messages of ours: writing them where they can be written, replacing them, taking them away. */
import type { APIMessage } from 'discord.js';
import { EaselError, type Logger } from '../core/index.ts';
import type { Acks } from './acks.ts';
import { EPHEMERAL, SUPPRESS_EMBEDS } from './api.ts';
import { bodyOf, type Content, onlyOnce } from './body.ts';
import {
  type Failure,
  failureFields,
  failureOf,
  isForGood,
  type Rest,
  type Route,
} from './rest.ts';
import { liveWebhook, type Status, type Target, type Webhook } from './target.ts';

export interface Messenger {
  /**
   * Writes in the place of the status message, else as the answer, else in the channel, else to the person alone: the
   * first of these that Discord allows. The target that comes back names the message.
   * @throws EaselError `delivery-failed` (with status 413 when files were too large), `undeliverable`
   */
  write(target: Target, content: Content): Promise<Target & { status: Status }>;
  /** One more message below; throws as `write`. */
  add(target: Target, content: Content): Promise<Status>;
  /** Replaces the status message. Rejects with what `failureOf` reads. */
  edit(target: Target, content: Content): Promise<void>;
  /** Writes to a person in private. Rejects with what `failureOf` reads. */
  tell(userId: string, content: Content): Promise<Status>;
}

export interface MessengerOptions {
  rest: Rest;
  acks: Acks;
  logger: Logger;
}

type Attempt = () => Promise<Status>;

/** Replying needs the right to read a channel's history. */
const MAY_NOT_REPLY = 160_002;
const TOO_LARGE = 40_005;

export function createMessenger({ rest, acks, logger }: MessengerOptions): Messenger {
  async function editStatus(target: Target, status: Status, content: Content): Promise<Status> {
    await rest.patch(...editing(target, status, await bodyOf(content)));
    return status;
  }

  async function answer(target: Target, webhook: Webhook, content: Content): Promise<Status> {
    const isNew = target.status === undefined;
    const place = isNew ? await acks.settle(webhook, target.isEphemeral) : 'followup';
    const base = routeOf(webhook);
    if (place === 'original') {
      const call = { body: await bodyOf(content), anonymous: true };
      const message = await rest.patch<APIMessage>(`${base}/messages/@original`, call);
      return { ...statusOf(message), slot: '@original' };
    }
    const flags = SUPPRESS_EMBEDS | (target.isEphemeral ? EPHEMERAL : 0);
    const call = {
      body: await bodyOf(content, { flags }),
      anonymous: true,
      query: { wait: 'true' },
    };
    const message = await rest.post<APIMessage>(base, call);
    return { ...statusOf(message), slot: message.id };
  }

  async function post(channelId: string, content: Content, answered?: string): Promise<Status> {
    const reply = { message_id: answered, fail_if_not_exists: false };
    const extra = { ...onlyOnce(), ...(answered !== undefined && { message_reference: reply }) };
    try {
      const call = { body: await bodyOf(content, extra) };
      return statusOf(await rest.post<APIMessage>(`/channels/${channelId}/messages`, call));
    } catch (error) {
      if (answered === undefined || failureOf(error).code !== MAY_NOT_REPLY) throw error;
      return post(channelId, content);
    }
  }

  async function tell(userId: string, content: Content): Promise<Status> {
    const call = { body: { recipient_id: userId } };
    const { id } = await rest.post<{ id: string }>('/users/@me/channels', call);
    return post(id, content);
  }

  /** Where a new message can go, best first. */
  function places(target: Target, content: Content): Attempt[] {
    const webhook = liveWebhook(target);
    const { channelId, userId, messageId, isEphemeral } = target;
    return [
      ...(webhook ? [() => answer(target, webhook, content)] : []),
      ...(isEphemeral ? [] : [() => post(channelId, content, messageId)]),
      () => tell(userId, content),
    ];
  }

  async function write(target: Target, content: Content): Promise<Target & { status: Status }> {
    const { status: old } = target;
    const edit = old && isEditable(target, old) ? [() => editStatus(target, old, content)] : [];
    const status = await firstAllowed([...edit, ...places(target, content)]);
    if (old !== undefined && old.messageId !== status.messageId) await remove(target, old);
    return { ...target, status };
  }

  async function remove(target: Target, status: Status): Promise<void> {
    const removal = rest.delete(...removing(target, status));
    await removal.catch((error: unknown) =>
      logger.debug(failureFields(error), 'discord: removing a status failed'),
    );
  }

  return {
    write,
    tell,
    add: (target, content) => firstAllowed(places(target, content)),
    async edit(target, content) {
      const { status } = target;
      // Past its token, an answer that all may see is a message of the bot's like any other in the channel.
      const isShown = status && (isEditable(target, status) || !target.isEphemeral);
      if (isShown) await editStatus(target, status, content);
    },
  };
}

/** Goes on only past a place where Discord says that this will never work. */
async function firstAllowed(attempts: Attempt[]): Promise<Status> {
  let failure: Failure = {};
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      failure = failureOf(error);
      if (isTooLarge(failure)) throw new EaselError('delivery-failed', { status: 413 });
      if (!isForGood(failure)) throw new EaselError('delivery-failed', statusFact(failure));
    }
  }
  throw new EaselError('undeliverable', statusFact(failure));
}

function isTooLarge({ status, code }: Failure): boolean {
  return status === 413 || code === TOO_LARGE;
}

function statusFact({ status }: Failure): { status?: number } {
  return status === undefined ? {} : { status };
}

function statusOf({ id, channel_id }: APIMessage): Status {
  return { channelId: channel_id, messageId: id };
}

/**
 * A message of an interaction can be changed for as long as its token lives, anywhere. Afterwards the last word is a
 * message of its own, which people see although they have written a lot since.
 */
function isEditable(target: Target, { slot }: Status): boolean {
  return slot === undefined || liveWebhook(target) !== undefined;
}

function routeOf({ applicationId, token }: Webhook): Route {
  return `/webhooks/${applicationId}/${token}`;
}

function inChannel({ channelId, messageId }: Status): Route {
  return `/channels/${channelId}/messages/${messageId}`;
}

function editing(target: Target, status: Status, body: object): [Route, object] {
  const webhook = liveWebhook(target);
  if (webhook === undefined || status.slot === undefined) return [inChannel(status), { body }];
  return [`${routeOf(webhook)}/messages/${status.slot}`, { body, anonymous: true }];
}

function removing(target: Target, status: Status): [Route, object] {
  const webhook = liveWebhook(target);
  if (webhook === undefined || status.slot === undefined) return [inChannel(status), {}];
  return [`${routeOf(webhook)}/messages/${status.slot}`, { anonymous: true }];
}
