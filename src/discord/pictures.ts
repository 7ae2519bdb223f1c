/** The pictures of a message, and the handles by which they are found again. */
import type { APIAttachment, APIMessage, APIMessageSnapshotFields } from 'discord.js';
import type { Attachment } from '../core/index.ts';
import { PLATFORM } from './target.ts';

/** What can hold pictures: a message, or the snapshot of one that was forwarded. */
type Holder = Pick<APIMessageSnapshotFields, 'attachments' | 'embeds'> &
  Partial<Pick<APIMessage, 'sticker_items' | 'message_snapshots'>>;

interface Found {
  /** Names the picture within its message. */
  key: string;
  url: string;
  bytes?: number;
}

/** Where a picture is, as far as it is known. */
export interface Handle extends Found {
  /** Missing for files that came with a command or a form. */
  message?: { channelId: string; messageId: string };
}

const NAMES = /\.(?:png|jpe?g|jfif|webp|gif|avif|heic|heif)$/i;
const STICKERS = 'https://cdn.discordapp.com/stickers';
/** Stickers whose file is a PNG; the others are films. */
const STILL = [1, 2];
/** Flag of attachments (Discord, June 2026); clients that hide a picture by its name are older. */
const IS_SPOILER = 1 << 3;

export function isPicture({ content_type: type, filename }: APIAttachment): boolean {
  if (type === undefined || type === 'application/octet-stream') return NAMES.test(filename);
  return type.startsWith('image/') && !type.startsWith('image/svg');
}

export function isSpoiler({ filename, flags }: APIAttachment): boolean {
  return filename.startsWith('SPOILER_') || ((flags ?? 0) & IS_SPOILER) !== 0;
}

/** All files of a message, those of what it forwards included. */
export function filesOf({ attachments = [], message_snapshots }: Partial<Holder>): APIAttachment[] {
  return [...attachments, ...(message_snapshots ?? []).flatMap(({ message }) => filesOf(message))];
}

/** Attachments, pictures of links through Discord's own proxy, stickers that stand still; then what it forwards. */
function findPictures(holder: Partial<Holder>, prefix = ''): Found[] {
  const { attachments = [], embeds = [], sticker_items = [], message_snapshots = [] } = holder;
  const files = attachments
    .filter(isPicture)
    .map(({ id, url, size }) => ({ key: id, url, bytes: size }));
  const linked = embeds.flatMap(({ image, thumbnail }, index) => {
    const url = (image ?? thumbnail)?.proxy_url;
    return url === undefined ? [] : [{ key: `${prefix}embed-${index}`, url }];
  });
  const stickers = sticker_items
    .filter(({ format_type }) => STILL.includes(format_type))
    .map(({ id }) => ({ key: id, url: `${STICKERS}/${id}.png` }));
  const forwarded = message_snapshots.flatMap(({ message }) => findPictures(message, 'forwarded-'));
  return [...files, ...linked, ...stickers, ...forwarded];
}

export function picturesOf(message: Pick<APIMessage, 'id' | 'channel_id'> & Holder): Attachment[] {
  const place = { channelId: message.channel_id, messageId: message.id };
  return findPictures(message).map((found) => toAttachment({ ...found, message: place }));
}

/** Files that came with a command or a form: they belong to no message. */
export function uploadsOf(files: APIAttachment[]): Attachment[] {
  return files
    .filter(isPicture)
    .map(({ id, url, size }) => toAttachment({ key: id, url, bytes: size }));
}

/**
 * The handle holds the address, which the core's rule on handles has a reason against: it expires after a day and is
 * signed. But the signature opens that one file only and is no secret of the bot's; and for what came with a command,
 * or from a place where the bot cannot read, there is no other way to it.
 */
function toAttachment({ key, url, bytes, message }: Handle): Attachment {
  const { channelId = '-', messageId = '-' } = message ?? {};
  const id = [channelId, messageId, key, url].join(' ');
  return { platform: PLATFORM, id, ...(bytes !== undefined && { bytes }) };
}

export function readHandle(id: string): Handle | undefined {
  const [, channelId = '', messageId = '', key = '', url = ''] =
    /^(-|\d+) (-|\d+) ([\w-]+) (\S+)$/.exec(id) ?? [];
  if (!URL.canParse(url)) return undefined;
  return { key, url, ...(channelId !== '-' && { message: { channelId, messageId } }) };
}

/** The address of a picture now, in its message as Discord gives it. */
export function findUrl(message: Partial<Holder>, key: string): string | undefined {
  return findPictures(message).find((found) => found.key === key)?.url;
}
