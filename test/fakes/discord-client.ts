import {
  type BaseInteraction,
  Client,
  Events,
  GatewayIntentBits,
  type Message,
  Partials,
} from 'discord.js';
import type { FakeDiscord } from './discord-api.ts';
import type { Values } from './discord-multipart.ts';

export interface TestBot {
  client: Client<true>;
  /** Messages that it was told of, oldest first. */
  heard: Message[];
}

/** A bot of the real discord.js that is ready, without privileged intents; answers interactions with `answer`. */
export async function connectBot(
  fake: FakeDiscord,
  token: string,
  answer: (interaction: BaseInteraction) => Promise<unknown> = async () => {},
): Promise<TestBot> {
  const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
  const client = new Client({
    intents: [Guilds, GuildMessages, DirectMessages],
    partials: [Partials.Channel],
    rest: { api: fake.origin },
  });
  const heard: Message[] = [];
  client.on(Events.MessageCreate, (message) => heard.push(message));
  client.on(Events.InteractionCreate, (interaction) => answer(interaction));
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  return { client: await ready, heard };
}

/** A call of REST without a library. */
export async function callRest<Answer = Values>(
  fake: FakeDiscord,
  token: string,
  [method, path, body]: [method: string, path: string, body?: object],
) {
  const response = await fetch(`${fake.origin}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (response.status === 204 ? {} : await response.json()) as Answer & Values;
  return { status: response.status, code: answer.code, answer };
}
