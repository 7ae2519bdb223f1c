import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIApplicationCommand, APIMessage, APIUser } from 'discord.js';
import { createCommands } from './discord-commands.ts';
import { createGateway, type GatewayControl, PRIVILEGED } from './discord-gateway.ts';
import {
  createHttp,
  type DiscordCall,
  type DiscordDownload,
  type DiscordOutcome,
} from './discord-http.ts';
import { createInteractions } from './discord-interactions.ts';
import { removeMessage } from './discord-messages.ts';
import { createDiscordPerson, type DiscordPerson, type PersonSetup } from './discord-person.ts';
import { createRest } from './discord-rest.ts';
import { isThread, showChannel, showGuild } from './discord-shapes.ts';
import { type ChannelSetup, createWorld, type GuildSetup } from './discord-world.ts';
import { createWatchers, type Watchers } from './watchers.ts';

export interface FakeDiscord {
  /** The root of REST without the version: what `DISCORD_API_ROOT` holds. */
  readonly origin: string;
  /** `http://127.0.0.1:port` of the CDN: host and port for `TRUSTED_HOSTS`. */
  readonly cdnOrigin: string;
  readonly me: APIUser;
  readonly applicationId: string;
  readonly gateway: GatewayControl;
  readonly journal: DiscordCall[];
  readonly downloads: DiscordDownload[];
  /** A guild that the bot is in, and a text channel there. */
  readonly guildId: string;
  readonly channelId: string;
  /** The calls so far that match `METHOD /path`, where `:name` stands for any one segment. */
  calls(pattern: string): DiscordCall[];
  /** The next calls that match go as told, in order; `GET /attachments/:channel/:id/:name` is the CDN. */
  script(pattern: string, ...outcomes: DiscordOutcome[]): void;
  /** The channel as people see it now, oldest first; with ephemeral messages for this person only. */
  messages(channelId: string, viewerId?: string): APIMessage[];
  /** Global commands as registered now. */
  commands(): APIApplicationCommand[];
  person(setup?: PersonSetup): DiscordPerson;
  addGuild(setup?: GuildSetup): string;
  addChannel(setup?: ChannelSetup): string;
  /** Changes a channel and tells the bot. */
  setChannel(channelId: string, change: Partial<ChannelSetup>): void;
  /** Deletes any message and tells the bot. */
  deleteMessage(message: Pick<APIMessage, 'id' | 'channel_id'>): void;
  /** Sends an event as it is: `dispatch('INTERACTION_CREATE', interaction.payload)` delivers it once more. */
  dispatch(event: string, data: object): void;
  /** Bytes of an attachment that a message shows. */
  fileBytes(attachmentId: string): Buffer;
  /** Largest upload in bytes, also what interactions tell the bot; 10 MiB unless set. */
  setUploadLimit(maxBytes: number): void;
  /** Moves the clock by which interactions and addresses of files grow old. */
  advance(ms: number): void;
  waitFor: Watchers['waitFor'];
  close(): Promise<void>;
}

export interface FakeDiscordOptions {
  token: string;
  /** Privileged intents that are switched on in the portal; none unless said. */
  privileged?: ('MESSAGE_CONTENT' | 'GUILD_MEMBERS' | 'GUILD_PRESENCES')[];
  /** In ms, of every connection's hello; Discord's 41,250 unless said. */
  heartbeatIntervalMs?: number;
  /** Identifies within 5 seconds; 1 unless said. */
  maxConcurrency?: number;
  /** The clock; the real one unless said. */
  now?: () => number;
}

// Kept from fake timers, which tests may install.
const { setImmediate } = globalThis;
const realNow = Date.now;

/** Discord on loopback: REST, gateway and CDN that behave as the real ones where the bot can see it. */
export async function createFakeDiscord({
  token,
  privileged = [],
  heartbeatIntervalMs = 41_250,
  maxConcurrency = 1,
  now = realNow,
}: FakeDiscordOptions): Promise<FakeDiscord> {
  let passedMs = 0;
  const world = createWorld({
    now: () => now() + passedMs,
    hasContent: privileged.includes('MESSAGE_CONTENT'),
  });
  const bits = privileged.reduce((all, name) => all | PRIVILEGED[name], 0);
  const setup = { token, privileged: bits, heartbeatIntervalMs, maxConcurrency };
  const gateway = await createGateway(world, setup);
  const { control } = gateway;
  const { snowflake } = world;
  const commands = createCommands({ applicationId: world.me.id, snowflake });
  const interactions = createInteractions(world);
  const watchers = createWatchers(() =>
    http.journal.map(({ method, route, status }) => `${method} ${route} ${status}`).join(', '),
  );
  /** Tells those who wait after the call that changed something was answered and noted. */
  const changed = () => {
    setImmediate(watchers.changed);
  };
  world.observe({ changed, emit: gateway.emit });
  const about = { maxConcurrency, url: control.url, identifies: control.identifies };
  const find = createRest({ world, commands, interactions, gateway: about });
  const http = createHttp({ token, find, files: world.files, changed });
  const rest = await listen(http.rest);
  const cdn = await listen(http.cdn);
  world.files.setOrigin(cdn.origin);
  const guild = world.addGuild();
  const channel = world.addChannel({ name: 'general' }, { guild });

  return {
    origin: `${rest.origin}/api`,
    cdnOrigin: cdn.origin,
    me: world.me,
    applicationId: world.me.id,
    gateway: control,
    guildId: guild.id,
    channelId: channel.id,
    journal: http.journal,
    downloads: http.downloads,
    calls: http.calls,
    script: http.script,
    messages: (channelId, viewerId) =>
      [...world.messages.values()]
        .filter((stored) => stored.message.channel_id === channelId && !stored.isDeleted)
        .filter((stored) => stored.viewerId === undefined || stored.viewerId === viewerId)
        .map(world.show),
    commands: () => commands.list() as unknown as APIApplicationCommand[],
    person: (person) => createDiscordPerson({ world, commands, interactions }, person),
    addGuild(guildSetup) {
      const added = world.addGuild(guildSetup);
      if (added.isJoined) {
        world.emit('GUILD_CREATE', showGuild(world, added), { guildId: added.id, intents: 1 });
      }
      return added.id;
    },
    addChannel(channelSetup = {}) {
      const isPrivate = channelSetup.kind === 'group' || channelSetup.kind === 'dm';
      const home = isPrivate ? undefined : world.guilds.get(channelSetup.guildId ?? guild.id);
      const added = world.addChannel(channelSetup, { guild: home });
      tellChannel('CREATE', added.id);
      return added.id;
    },
    setChannel(channelId, change) {
      Object.assign(world.channelOf(channelId), change);
      tellChannel('UPDATE', channelId);
    },
    deleteMessage({ id }) {
      const stored = world.messages.get(id);
      if (stored === undefined) throw new Error(`no message ${id}`);
      removeMessage(world, stored);
    },
    dispatch: (event, data) => world.emit(event, data),
    fileBytes(attachmentId) {
      const file = world.files.files.get(attachmentId);
      if (file === undefined) throw new Error(`no file ${attachmentId}`);
      return file.bytes;
    },
    setUploadLimit(maxBytes) {
      world.uploadLimit = maxBytes;
    },
    advance(ms) {
      passedMs += ms;
    },
    waitFor: watchers.waitFor,
    async close() {
      await Promise.all([gateway.close(), rest.close(), cdn.close()]);
    },
  };

  function tellChannel(what: 'CREATE' | 'UPDATE', channelId: string): void {
    const changing = world.channelOf(channelId);
    if (!changing.guild?.isJoined) return;
    const event = `${isThread(changing) ? 'THREAD' : 'CHANNEL'}_${what}`;
    const route = { guildId: changing.guild.id, intents: 1 };
    world.emit(event, showChannel(world, changing), route);
  }
}

async function listen(handle: ReturnType<typeof createHttp>['rest']) {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
