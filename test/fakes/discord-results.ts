/** What tests look for in a channel of the fake Discord. */
import type { APIMessage } from 'discord.js';
import type { FakeDiscord } from './discord-api.ts';
import type { DiscordPerson } from './discord-person.ts';

/** The bot's messages with pictures in a channel, oldest first. */
export function pictureMessages(fake: FakeDiscord, channelId = fake.channelId): APIMessage[] {
  return fake
    .messages(channelId)
    .filter(({ author, attachments }) => author.id === fake.me.id && attachments.length > 0);
}

/** Has a person press the button whose label holds `label`. */
export function pressLabelled(person: DiscordPerson, message: APIMessage, label: string) {
  for (const row of message.components ?? []) {
    if (!('components' in row)) continue;
    for (const part of row.components) {
      const isIt = 'label' in part && part.label?.includes(label) && 'custom_id' in part;
      if (isIt) return person.presses(message, part.custom_id);
    }
  }
  throw new Error(`no button ${label}`);
}
