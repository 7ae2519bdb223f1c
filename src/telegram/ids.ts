/** The names by which the core knows Telegram's chats, people and messages. */

/** In every target and attachment of ours, and in front of every id. */
export const PLATFORM = 'telegram';

/** A person or a chat, as in `ALLOWED_USERS` and `ALLOWED_CHATS`. */
export function idOf(id: number): string {
  return `${PLATFORM}:${id}`;
}

/** A message, as in `IncomingMessage.messages` and `Posted`. */
export function refOf(message: { chat: { id: number }; message_id: number }): string {
  return `${PLATFORM}:${message.chat.id}:${message.message_id}`;
}
