/** Which posts of a channel are the bot's own: there, Telegram names the channel as the sender of every post. */
import type { Transformer } from 'grammy';
import type { Message } from 'grammy/types';
import { refOf } from './ids.ts';

export interface ChannelPosts {
  /** Watches what is sent. */
  remember: Transformer;
  /**
   * Known from this process, or, after a restart, by buttons that call back: in a channel few but the bot's posts have
   * such. Pictures of an album carry none, the message below them does.
   */
  has(message: Message): boolean;
}

const MAX_POSTS = 10_000;

export function createChannelPosts(): ChannelPosts {
  const posts = new Set<string>();

  function add(message: unknown): void {
    if (!isChannelPost(message)) return;
    posts.add(refOf(message));
    const [oldest] = posts;
    if (posts.size > MAX_POSTS && oldest !== undefined) posts.delete(oldest);
  }

  return {
    async remember(prev, method, payload, signal) {
      const answer = await prev(method, payload, signal);
      if (answer.ok && method.startsWith('send')) [answer.result].flat().forEach(add);
      return answer;
    },
    has: (message) => isChannelPost(message) && (posts.has(refOf(message)) || callsBack(message)),
  };
}

function isChannelPost(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null || !('chat' in message)) return false;
  const { chat } = message;
  return typeof chat === 'object' && chat !== null && 'type' in chat && chat.type === 'channel';
}

function callsBack({ reply_markup: markup }: Message): boolean {
  const buttons = markup?.inline_keyboard.flat() ?? [];
  return buttons.length > 0 && buttons.every((button) => 'callback_data' in button);
}
