/** What a message holds that can be painted with, and what cannot. */
import type { ExternalReplyInfo, Message } from 'grammy/types';
import type { Attachment } from '../core/index.ts';
import { PLATFORM } from './ids.ts';

/** A message, or what is known of one in another chat. */
export type Holder = Message | ExternalReplyInfo;

const UNREADABLE = [
  'animation',
  'video',
  'video_note',
  'audio',
  'voice',
  'document',
  'sticker',
  'story',
  'paid_media',
] as const;

/** The largest size of a photo, an image sent as a file, or a sticker that stands still; at most one. */
export function attachmentsOf(holder: Holder): Attachment[] {
  const file = largestOf(holder) ?? imageFileOf(holder) ?? stillStickerOf(holder);
  if (file === undefined) return [];
  const { file_id: id, file_size: bytes } = file;
  return [{ platform: PLATFORM, id, ...(bytes !== undefined && { bytes }) }];
}

/** It holds a film, a file or the like, and no picture. */
export function isUnreadable(holder: Holder): boolean {
  const isForeign = UNREADABLE.some((kind) => holder[kind] !== undefined);
  return isForeign && attachmentsOf(holder).length === 0;
}

function largestOf({ photo }: Holder) {
  return photo?.reduce((a, b) => (b.width * b.height >= a.width * a.height ? b : a));
}

function imageFileOf({ document }: Holder) {
  const isImage = /^image\//.test(document?.mime_type ?? '');
  // Some clients declare HEIC, or every file, as a bare octet stream.
  const isNamedSo = /\.(?:hei[cf]|png|jpe?g|webp|gif|avif)$/i.test(document?.file_name ?? '');
  return isImage || isNamedSo ? document : undefined;
}

function stillStickerOf({ sticker }: Holder) {
  const isStill = sticker !== undefined && !sticker.is_animated && !sticker.is_video;
  return isStill ? sticker : undefined;
}
