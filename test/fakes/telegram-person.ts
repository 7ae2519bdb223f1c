import type { Chat, Message, PhotoSize, Update, User } from 'grammy/types';
import type { FakeTelegram } from './telegram-api.ts';
import { type createTelegramState, uniqueId } from './telegram-chat.ts';

/** Extra fields of a message; `reply` is the message that it answers. */
export type Extra = Partial<Message> & { reply?: Message };

/** Someone in a chat. What they do is queued as an update; the message comes back, to be answered or pressed. */
export interface TelegramPerson {
  user: User;
  chat: Chat;
  says(text: string, extra?: Extra): Message;
  sendsPhoto(bytes: Buffer, extra?: Extra): Promise<Message>;
  sendsDocument(bytes: Buffer, extra?: Extra & { name?: string; mime?: string }): Message;
  sendsSticker(bytes: Buffer, extra?: Extra & { animated?: boolean }): Message;
  /** One update per picture, the caption on the first. */
  sendsAlbum(pictures: Buffer[], extra?: Extra): Promise<Message[]>;
  /** Presses the first button of a message, or sends `data` as its own. Gives the query's id. */
  presses(message: Message, data?: string): string;
}

/** A channel, through which its admins speak. */
export interface TelegramChannel {
  chat: Chat;
  posts(text: string, extra?: Extra): Message;
}

interface World {
  fake: Pick<FakeTelegram, 'send'>;
  state: ReturnType<typeof createTelegramState>;
}

export function createTelegramPerson(
  { fake, state }: World,
  user: Partial<User> = {},
  chatId?: number,
): TelegramPerson {
  const id = user.id ?? 1001;
  const from: User = { id, is_bot: false, first_name: 'Ada', language_code: 'en', ...user };
  const { chat } = state.chatOf(chatId ?? id);
  let albums = 0;
  let presses = 0;

  function sends(content: object, { reply, ...extra }: Extra = {}): Message {
    const { reply_to_message: _deeper, ...answered } = reply ?? {};
    const answers = reply && { reply_to_message: answered };
    const message = state.addMessage(chat.id, { from, ...answers, ...content, ...extra });
    fake.send({ message } as Omit<Update, 'update_id'>);
    return message;
  }

  const photo = async (bytes: Buffer): Promise<{ photo: PhotoSize[] }> => ({
    photo: await state.photoSizes(bytes),
  });

  function file(bytes: Buffer, path: string) {
    const fileId = state.putFile(() => bytes, { size: bytes.length, path });
    return { file_id: fileId, file_unique_id: uniqueId(fileId), file_size: bytes.length };
  }

  return {
    user: from,
    chat,
    says: (text, extra) => sends({ text }, extra),
    sendsPhoto: async (bytes, extra) => sends(await photo(bytes), extra),
    sendsDocument(bytes, { name = 'fox.png', mime = 'image/png', ...extra } = {}) {
      const stored = file(bytes, `documents/file_${state.files.size + 1}.png`);
      return sends({ document: { ...stored, file_name: name, mime_type: mime } }, extra);
    },
    sendsSticker(bytes, { animated = false, ...extra } = {}) {
      const stored = file(bytes, `stickers/file_${state.files.size + 1}.webp`);
      const look = { type: 'regular', width: 512, height: 512, is_animated: animated };
      return sends({ sticker: { ...stored, ...look, is_video: false } }, extra);
    },
    async sendsAlbum(pictures, { caption, ...extra } = {}) {
      albums += 1;
      const group = { media_group_id: `${id}${albums}` };
      const parts = await Promise.all(pictures.map(photo));
      return parts.map((part, index) =>
        sends({ ...part, ...group, ...(index === 0 && caption && { caption }) }, extra),
      );
    },
    presses(message, data) {
      presses += 1;
      const button = message.reply_markup?.inline_keyboard[0]?.[0];
      const own = button && 'callback_data' in button ? button.callback_data : undefined;
      const query = {
        id: `${id}000${presses}`,
        from,
        message,
        chat_instance: '1',
        data: data ?? own ?? '',
      };
      state.queries.set(query.id, Date.now());
      fake.send({ callback_query: query } as Omit<Update, 'update_id'>);
      return query.id;
    },
  };
}

export function createTelegramChannel({ fake, state }: World, id: number): TelegramChannel {
  const { chat } = state.chatOf(id, 'channel');
  return {
    chat,
    posts(text, { reply, ...extra } = {}) {
      const answers = reply && { reply_to_message: reply };
      const content = { sender_chat: chat, text, ...answers, ...extra };
      const post = state.addMessage(id, content);
      fake.send({ channel_post: post } as Omit<Update, 'update_id'>);
      return post;
    },
  };
}
