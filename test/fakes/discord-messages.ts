import type { APIAttachment, APIMessage, APIUser } from 'discord.js';
import { type Component, checkMessageComponents, numbered } from './discord-components.ts';
import { checkCount, checkText, DiscordFailure, invalid } from './discord-failure.ts';
import type { DiscordUpload, Values } from './discord-multipart.ts';
import { showChannel, showMember } from './discord-shapes.ts';
import { type Channel, PERMISSIONS, type StoredMessage, type World } from './discord-world.ts';

export const FLAGS = { ephemeral: 64, loading: 128, v2: 1 << 15 } as const;
/** What a message may be created or edited with: no embeds, silent, Components V2. */
const SETTABLE = 4 | 4096 | FLAGS.v2;
/** The whole request, whatever a single file may have (Discord's documentation). */
const REQUEST_BYTES = 25 << 20;
const INTENTS = { guild: 1 << 9, direct: 1 << 12 };

export interface Payload {
  body: Values;
  files: DiscordUpload[];
}

export interface NewMessage extends Payload {
  channel: Channel;
  author: APIUser;
  /** What else the message says of itself. */
  extra?: Values;
  /** Makes it ephemeral. */
  viewerId?: string | undefined;
  /** Path of the fields in errors. */
  path?: string;
}

interface Metadata {
  id: string | number;
  description?: string;
  filename?: string;
}

/** Rules for what a message holds, whoever sends it. `kept` stays from before an edit. */
function checkContent(
  world: World,
  { body, files }: Payload,
  { path = '', kept, wasV2 }: { path?: string; kept: APIAttachment[]; wasV2: boolean },
): void {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const isV2 = wasV2 || (Number(body.flags ?? 0) & FLAGS.v2) !== 0;
  const embeds = (body.embeds ?? []) as Values[];
  const sizes = files.map(({ bytes }) => bytes.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (
    sizes.some((size) => size > world.uploadLimit) ||
    total > Math.max(world.uploadLimit, REQUEST_BYTES)
  ) {
    throw new DiscordFailure(40_005);
  }
  if (kept.length + files.length > 10) throw new DiscordFailure(30_015);
  if (isV2 && (body.content || embeds.length > 0)) {
    const name = body.content ? 'content' : 'embeds';
    throw invalid(
      at(name),
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      `The '${name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    );
  }
  checkText(body.content, at('content'), { max: 2000 });
  checkCount(embeds, at('embeds'), { max: 10 });
  for (const [index, embed] of embeds.entries()) checkEmbed(embed, at(`embeds.${index}`));
  for (const [index, { description }] of ((body.attachments ?? []) as Metadata[]).entries())
    checkText(description, at(`attachments.${index}.description`), { max: 1024 });
  checkText(body.nonce, at('nonce'), { max: 25 });
  const names = [...kept, ...files].map(({ filename }) => filename);
  const components = (body.components ?? []) as Component[];
  checkMessageComponents(components, { path: at('components'), isV2, names });
}

function checkEmbed(embed: Values, path: string): void {
  checkText(embed.title, `${path}.title`, { max: 256 });
  checkText(embed.description, `${path}.description`, { max: 4096 });
  checkText((embed.footer as Values)?.text, `${path}.footer.text`, { max: 2048 });
  checkCount(embed.fields as [], `${path}.fields`, { max: 25 });
}

function store(world: World, channel: Channel, files: DiscordUpload[], isEphemeral: boolean) {
  return files.map(({ bytes, filename, description, contentType, size }) =>
    world.files.store({
      id: world.snowflake(),
      channelId: channel.id,
      bytes,
      name: filename,
      description,
      contentType,
      size,
      isEphemeral,
    }),
  );
}

/** Puts the addresses of files in the place of `attachment://name`. */
function linked<T>(parts: T, attachments: APIAttachment[]): T {
  const text = JSON.stringify(parts).replace(
    /(?<=")attachment:\/\/([^"]+)(?=")/g,
    (whole, name) => {
      const found = attachments.find(({ filename }) => filename === name);
      return found === undefined ? whole : found.url;
    },
  );
  return JSON.parse(text);
}

/** Whom the words ping: `<@id>` and @everyone, as far as `allowed_mentions` lets them. */
function pings(world: World, body: Values, answered: APIMessage | undefined) {
  const content = String(body.content ?? '');
  const allowed = body.allowed_mentions as
    | { parse?: string[]; users?: string[]; replied_user?: boolean }
    | undefined;
  const may = (kind: string, id?: string) =>
    allowed === undefined ||
    allowed.parse?.includes(kind) ||
    (id !== undefined && allowed.users?.includes(id));
  const named = [...content.matchAll(/<@!?(\d+)>/g)].map(([, id = '']) => id);
  const ids = named.filter((id) => may('users', id));
  if (answered && (allowed?.replied_user ?? allowed === undefined)) ids.push(answered.author.id);
  return {
    mentions: [...new Set(ids)].flatMap((id) => world.users.get(id) ?? []),
    mention_everyone: /@(everyone|here)/.test(content) && may('everyone') === true,
    mention_roles: [...content.matchAll(/<@&(\d+)>/g)].flatMap(([, id = '']) =>
      may('roles') ? id : [],
    ),
  };
}

function reference(world: World, body: Values, channel: Channel) {
  const wanted = body.message_reference as
    | { message_id: string; type?: number; channel_id?: string; fail_if_not_exists?: boolean }
    | undefined;
  if (wanted === undefined) return {};
  const found = findMessage(world, wanted.channel_id ?? channel.id, wanted.message_id);
  if (found === undefined && wanted.fail_if_not_exists === false) return {};
  if (found === undefined) {
    throw invalid('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  }
  const { referenced_message: _deeper, ...answered } = found.message;
  const type = wanted.type ?? 0;
  const message_reference = {
    type,
    message_id: answered.id,
    channel_id: answered.channel_id,
    ...(channel.guild && { guild_id: channel.guild.id }),
  };
  if (type === 0) return { type: 19, message_reference, referenced_message: answered };
  const { content, embeds, attachments, timestamp, edited_timestamp, flags, components } = answered;
  const { mentions, mention_roles } = answered;
  const words = { content, embeds, attachments, components, mentions, mention_roles };
  const message = { type: 0, ...words, timestamp, edited_timestamp, flags };
  return { message_reference, message_snapshots: [{ message }] };
}

/** A message that the channel has and everyone may see. */
export function findMessage(
  world: World,
  channelId: string,
  id: string,
): StoredMessage | undefined {
  const found = world.messages.get(id);
  const isThere = found?.message.channel_id === channelId && !found.isDeleted;
  return isThere && found.viewerId === undefined ? found : undefined;
}

function isEmpty({ body, files }: Payload): boolean {
  const lists = [body.embeds, body.components, body.sticker_ids] as (unknown[] | undefined)[];
  const hasParts = lists.some((list) => (list?.length ?? 0) > 0);
  const isForward = (body.message_reference as Values)?.type === 1;
  return !body.content && !hasParts && files.length === 0 && !isForward;
}

/** Adds a message of anyone and tells the bot. */
export function createMessage(world: World, input: NewMessage): StoredMessage {
  const { channel, author, body, files, extra = {}, viewerId, path } = input;
  const isLoading = (Number(extra.flags ?? 0) & FLAGS.loading) !== 0;
  checkContent(world, input, { kept: [], wasV2: false, ...(path !== undefined && { path }) });
  const referred = reference(world, body, channel);
  if (!isLoading && isEmpty(input)) throw new DiscordFailure(50_006);
  const attachments = store(world, channel, files, viewerId !== undefined);
  const id = world.snowflake();
  const message = {
    id,
    channel_id: channel.id,
    author,
    type: 0,
    content: String(body.content ?? ''),
    timestamp: new Date(world.now()).toISOString(),
    edited_timestamp: null,
    tts: body.tts === true,
    ...pings(world, body, referred.referenced_message),
    attachments,
    embeds: linked(
      ((body.embeds ?? []) as Values[]).map((embed) => ({ type: 'rich', ...embed })),
      attachments,
    ),
    components: linked(numbered((body.components ?? []) as Component[]), attachments),
    pinned: false,
    ...(body.nonce !== undefined && { nonce: body.nonce }),
    ...referred,
    ...extra,
    flags:
      (Number(body.flags ?? 0) & SETTABLE) |
      Number(extra.flags ?? 0) |
      (viewerId ? FLAGS.ephemeral : 0),
  } as unknown as APIMessage;
  const stored: StoredMessage = { message, ...(viewerId !== undefined && { viewerId }) };
  world.messages.set(id, stored);
  tell(world, 'MESSAGE_CREATE', stored);
  return stored;
}

/** Changes what the body names, and keeps the attachments that `attachments` lists, or all without a list. */
export function editMessage(
  world: World,
  stored: StoredMessage,
  input: Payload & { path?: string },
): void {
  const { body, files } = input;
  const { message } = stored;
  const listed = body.attachments as Metadata[] | undefined;
  const kept = message.attachments.filter(
    ({ id }) => listed === undefined || listed.some((each) => String(each.id) === id),
  );
  const wasV2 = (Number(message.flags ?? 0) & FLAGS.v2) !== 0;
  checkContent(world, input, {
    kept,
    wasV2,
    ...(input.path !== undefined && { path: input.path }),
  });
  const channel = world.channelOf(message.channel_id);
  const attachments = [...kept, ...store(world, channel, files, stored.viewerId !== undefined)];
  const embeds = (body.embeds ?? message.embeds) as Values[];
  const components = (body.components ?? message.components ?? []) as Component[];
  const wasLoading = (Number(message.flags ?? 0) & FLAGS.loading) !== 0;
  const content = body.content === undefined ? message.content : String(body.content ?? '');
  const after: Payload = {
    body: { content, embeds, components },
    files: attachments.length > 0 ? files : [],
  };
  if (isEmpty(after) && attachments.length === 0) throw new DiscordFailure(50_006);
  Object.assign(message, {
    content,
    attachments,
    embeds: linked(embeds, attachments),
    components: linked(numbered(components), attachments),
    edited_timestamp: wasLoading ? null : new Date(world.now()).toISOString(),
    flags: (Number(message.flags ?? 0) & ~FLAGS.loading) | (Number(body.flags ?? 0) & SETTABLE),
    ...(body.content !== undefined && pings(world, body, undefined)),
  });
  tell(world, 'MESSAGE_UPDATE', stored);
}

export function removeMessage(world: World, stored: StoredMessage): void {
  stored.isDeleted = true;
  const { id, channel_id } = stored.message;
  const guildId = world.channelOf(channel_id).guild?.id;
  const isSilent = stored.viewerId !== undefined;
  if (isSilent) world.changed();
  const data = { id, channel_id, ...(guildId && { guild_id: guildId }) };
  if (!isSilent) world.emit('MESSAGE_DELETE', data, routeOf(world.channelOf(channel_id)));
}

function routeOf({ guild }: Channel) {
  return guild ? { guildId: guild.id, intents: INTENTS.guild } : { intents: INTENTS.direct };
}

/** Ephemeral messages come with the answer only, and guilds without the bot tell it nothing. */
function tell(world: World, event: string, stored: StoredMessage): void {
  const channel = world.channelOf(stored.message.channel_id);
  const isElsewhere = channel.guild?.isJoined === false || channel.kind === 'group';
  const canView =
    channel.guild === undefined || (world.permissionsIn(channel) & PERMISSIONS.view) !== 0n;
  world.changed();
  if (stored.viewerId !== undefined || isElsewhere || !canView) return;
  const { guild } = channel;
  const inGuild = guild && { guild_id: guild.id, member: showMember() };
  const where = { ...inGuild, channel_type: showChannel(world, channel).type };
  world.emit(event, { ...world.showToBot(stored), ...where }, routeOf(channel));
}
