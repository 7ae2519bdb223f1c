import { type Commands, showCommand } from './discord-commands.ts';
import { DiscordFailure, invalid } from './discord-failure.ts';
import type { GatewaySetup } from './discord-gateway.ts';
import type { Interactions } from './discord-interactions.ts';
import { createMessage, editMessage, findMessage, removeMessage } from './discord-messages.ts';
import type { DiscordBody, Values } from './discord-multipart.ts';
import { isThread, showChannel, showGuild, showMember } from './discord-shapes.ts';
import { type Channel, PERMISSIONS, type StoredMessage, type World } from './discord-world.ts';

export interface RestCall extends DiscordBody {
  query: Record<string, string>;
}

interface Parts {
  world: World;
  commands: Commands;
  interactions: Interactions;
  gateway: Pick<GatewaySetup, 'maxConcurrency'> & { url: string; identifies: unknown[] };
}

type Handler = (call: RestCall, ...names: string[]) => unknown;

/** Nonces are remembered for a few minutes (Discord's documentation says no more). */
const NONCE_MS = 5 * 60_000;
const TEXTUAL = ['text', 'voice', 'thread', 'post', 'group', 'dm'];

/** Whether a route, cut at its slashes, matches a pattern; the values of its `:names` when it does. */
export function matchRoute(pattern: string, route: string): string[] | undefined {
  const [want, have] = [pattern.split('/'), route.split('/')];
  if (want.length !== have.length) return undefined;
  const fits = want.every((part, index) => part.startsWith(':') || part === have[index]);
  return fits ? have.filter((_, index) => want[index]?.startsWith(':')) : undefined;
}

/** Finds what answers a call; interaction and webhook routes need no token of the bot. */
export function createRest(parts: Parts) {
  const routes = { ...aboutBot(parts), ...aboutChannels(parts.world) };
  const open = aboutInteractions(parts);
  return function find(method: string, path: string) {
    for (const [table, needsToken] of [
      [routes, true],
      [open, false],
    ] as const) {
      for (const [key, handler] of Object.entries<Handler>(table)) {
        const [verb, pattern = ''] = key.split(' ');
        const names = verb === method ? matchRoute(pattern, path) : undefined;
        if (names) return { needsToken, perform: (call: RestCall) => handler(call, ...names) };
      }
    }
    return undefined;
  };
}

function aboutBot({ world, commands, gateway }: Parts): Record<string, Handler> {
  const application = () => ({
    id: world.me.id,
    name: 'Easel',
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
    bot: world.me,
    integration_types_config: { 0: {}, 1: {} },
    owner: { ...world.me, id: '1', bot: false },
    team: null,
    type: null,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: world.installed.size,
    approximate_user_authorization_count: 0,
  });
  const own = '/applications/:app/commands';
  return {
    'GET /gateway': () => ({ url: gateway.url }),
    'GET /gateway/bot': () => ({
      url: gateway.url,
      shards: 1,
      session_start_limit: {
        total: 1000,
        remaining: 1000 - gateway.identifies.length,
        reset_after: 86_400_000,
        max_concurrency: gateway.maxConcurrency,
      },
    }),
    'GET /users/@me': () => ({
      ...world.me,
      verified: true,
      mfa_enabled: true,
      email: null,
      locale: 'en-US',
    }),
    'GET /users/:id': (_call, id = '') => known(world.users.get(id), 10_013),
    'GET /applications/@me': application,
    'GET /oauth2/applications/@me': application,
    [`GET ${own}`]: ({ query }) =>
      commands.list().map((each) => showCommand(each, query.with_localizations === 'true')),
    [`PUT ${own}`]: ({ body }) =>
      commands.replace(Object.values(body) as Values[]).map((each) => showCommand(each, true)),
    [`POST ${own}`]: ({ body }) => showCommand(commands.upsert(body), true),
    [`DELETE ${own}/:id`]: (_call, _app, id = '') => commands.remove(id),
    'GET /guilds/:id': (_call, id = '') => showGuild(world, known(joined(world, id), 50_001)),
    'GET /guilds/:id/members/:user': (_call, _guild, id = '') => ({
      ...showMember(),
      user: known(world.users.get(id), 10_013),
    }),
  };
}

function joined(world: World, id: string) {
  const guild = world.guilds.get(id);
  return guild?.isJoined ? guild : undefined;
}

function known<T>(value: T | undefined, code: number): T {
  if (value === undefined) throw new DiscordFailure(code);
  return value;
}

function aboutChannels(world: World): Record<string, Handler> {
  const nonces = new Map<string, { stored: StoredMessage; at: number }>();

  function needs(channel: Channel, ...wanted: (keyof typeof PERMISSIONS)[]): void {
    const { guild } = channel;
    if (channel.kind === 'group' || guild?.isJoined === false) throw new DiscordFailure(50_001);
    if (guild === undefined) return;
    const has = world.permissionsIn(channel);
    if (!(has & PERMISSIONS.view)) throw new DiscordFailure(50_001);
    if (wanted.some((name) => !(has & PERMISSIONS[name]))) throw new DiscordFailure(50_013);
  }

  function messageOf(channelId: string, id: string): StoredMessage {
    return known(findMessage(world, world.channelOf(channelId).id, id), 10_008);
  }

  /** Sending wakes an archived thread, unless it is locked. */
  function wake(channel: Channel): void {
    if (!channel.isArchived) return;
    if (channel.isLocked) throw new DiscordFailure(50_083);
    channel.isArchived = false;
    const event = { ...showChannel(world, channel) };
    world.emit('THREAD_UPDATE', event, { guildId: channel.guild?.id, intents: 1 });
  }

  function send({ body, files }: RestCall, channelId = ''): unknown {
    const channel = world.channelOf(channelId);
    if (!TEXTUAL.includes(channel.kind)) throw new DiscordFailure(50_008);
    needs(channel, isThread(channel) ? 'sendInThreads' : 'send');
    if (files.length > 0) needs(channel, 'attach');
    const hasHistory = (world.permissionsIn(channel) & PERMISSIONS.history) !== 0n;
    if (body.message_reference && channel.guild && !hasHistory) throw new DiscordFailure(160_002);
    if (channel.recipients.some((id) => world.blocked.has(id))) throw new DiscordFailure(50_007);
    const nonce = body.enforce_nonce === true ? String(body.nonce) : undefined;
    const before = nonce === undefined ? undefined : nonces.get(nonce);
    if (before && world.now() - before.at < NONCE_MS) return world.showToBot(before.stored);
    wake(channel);
    const stored = createMessage(world, { channel, author: world.me, body, files });
    if (nonce !== undefined) nonces.set(nonce, { stored, at: world.now() });
    return world.showToBot(stored);
  }

  function edit({ body, files }: RestCall, channelId = '', id = ''): unknown {
    const stored = messageOf(channelId, id);
    const channel = world.channelOf(channelId);
    needs(channel);
    if (stored.message.author.id !== world.me.id) throw new DiscordFailure(50_005);
    if (channel.isArchived) throw new DiscordFailure(50_083);
    editMessage(world, stored, { body, files });
    return world.showToBot(stored);
  }

  function remove(_call: RestCall, channelId = '', id = ''): void {
    const stored = messageOf(channelId, id);
    const channel = world.channelOf(channelId);
    needs(channel);
    if (stored.message.author.id !== world.me.id) {
      throw new DiscordFailure(channel.guild ? 50_013 : 50_003);
    }
    if (channel.isArchived) throw new DiscordFailure(50_083);
    removeMessage(world, stored);
  }

  function list({ query }: RestCall, channelId = ''): unknown {
    needs(world.channelOf(channelId), 'history');
    const all = [...world.messages.values()].filter(
      ({ message, isDeleted, viewerId }) =>
        message.channel_id === channelId && !isDeleted && viewerId === undefined,
    );
    return all
      .reverse()
      .slice(0, Number(query.limit ?? 50))
      .map(world.showToBot);
  }

  return {
    'GET /channels/:id': (_call, id = '') => {
      needs(world.channelOf(id));
      return showChannel(world, world.channelOf(id));
    },
    'PATCH /channels/:id': ({ body }, id = '') => {
      const channel = world.channelOf(id);
      if (!isThread(channel)) throw new DiscordFailure(50_013);
      if (typeof body.archived === 'boolean') channel.isArchived = body.archived;
      return showChannel(world, channel);
    },
    'GET /channels/:id/messages': list,
    'POST /channels/:id/messages': send,
    'GET /channels/:id/messages/:message': (_call, channelId = '', id = '') => {
      needs(world.channelOf(channelId), 'history');
      return world.showToBot(messageOf(channelId, id));
    },
    'PATCH /channels/:id/messages/:message': edit,
    'DELETE /channels/:id/messages/:message': remove,
    'POST /channels/:id/typing': (_call, id = '') => {
      const channel = world.channelOf(id);
      needs(channel, isThread(channel) ? 'sendInThreads' : 'send');
    },
    'POST /users/@me/channels': ({ body }) => {
      const person = world.users.get(String(body.recipient_id));
      if (person === undefined)
        throw invalid('recipient_id', 'USER_INVALID', 'Invalid Recipient(s)');
      return showChannel(world, world.dmWith(person.id));
    },
  };
}

function aboutInteractions({ interactions }: Parts): Record<string, Handler> {
  const message = '/webhooks/:app/:token/messages/:message';
  return {
    'POST /interactions/:id/:token/callback': (call, id = '', token = '') =>
      interactions.answer(id, token, call, call.query.with_response === 'true'),
    'POST /webhooks/:app/:token': (call, app = '', token = '') =>
      interactions.followUp(app, token, call),
    [`GET ${message}`]: (_call, app = '', token = '', id = '') => interactions.get(app, token, id),
    [`PATCH ${message}`]: (call, app = '', token = '', id = '') =>
      interactions.edit(app, token, id, call),
    [`DELETE ${message}`]: (_call, app = '', token = '', id = '') =>
      interactions.remove(app, token, id),
  };
}
