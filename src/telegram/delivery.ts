/** Sends finished pictures: as photos where Telegram takes them, as files otherwise. */
import { createReadStream } from 'node:fs';
import { type Api, GrammyError, InputFile, InputMediaBuilder } from 'grammy';
import type { Message } from 'grammy/types';
import { type Delivery, EXTENSIONS, type Picture } from '../core/index.ts';
import { answering, type Destination, keyboardOf, type Messenger, piecesOf } from './messenger.ts';
import { CAPTION_UNITS, cut, type Link, type LinkedText, splitText, withSources } from './text.ts';

type Shipment = Delivery & Destination;
type Caption = { caption: string; caption_entities: Link[] } | undefined;

/** Bot API, sendPhoto: 10 MB, width and height at most 10,000 in all, ratio at most 20. */
const PHOTO_MAX_BYTES = 10_000_000;
const PHOTO_MAX_SIDES = 10_000;
const PHOTO_MAX_RATIO = 20;
/** Each read is a trip to another thread: in pieces of 64 KiB, Node's default, the trips cost more than the bytes. */
const READ_BYTES = 512 * 1024;
/** Enough to know again what an album shows. */
const DESCRIPTION_UNITS = 100;
const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);

export interface Sent {
  /** One for each picture, in order. */
  sent: Message[];
  /** The text that did not fit into the caption. */
  rest: LinkedText[];
}

/** Posts the pictures as one message or album, files streamed from disk; buttons below a single one only. */
export async function sendPictures(api: Api, shipment: Shipment): Promise<Sent> {
  const { text, sources, pictures, asFiles } = shipment;
  const [first, ...rest] = splitText(withSources(text, sources), CAPTION_UNITS);
  const caption = first && { caption: first.text, caption_entities: first.entities };
  if (asFiles || !pictures.every(isPhoto)) {
    return { sent: await sendDocuments(api, shipment, caption), rest };
  }
  try {
    return { sent: await sendPhotos(api, shipment, caption), rest };
  } catch (error) {
    if (!isPhotoRefusal(error)) throw error;
    return { sent: await sendDocuments(api, shipment, caption), rest };
  }
}

async function sendPhotos(api: Api, shipment: Shipment, caption: Caption): Promise<Message[]> {
  const { chatId, place, pictures, buttons } = shipment;
  const cover = shipment.spoiler ? { has_spoiler: true as const } : {};
  const [first, ...others] = pictures.map(toInputFile);
  if (first === undefined) return [];
  if (others.length === 0) {
    const look = { ...caption, ...cover, ...keyboardOf(buttons) };
    return [await api.sendPhoto(chatId, first, { ...look, ...place })];
  }
  const album = [
    InputMediaBuilder.photo(first, { ...caption, ...cover }),
    ...others.map((file) => InputMediaBuilder.photo(file, cover)),
  ];
  return api.sendMediaGroup(chatId, album, place);
}

/** Files cannot be covered as spoilers. */
async function sendDocuments(api: Api, shipment: Shipment, caption: Caption): Promise<Message[]> {
  const { chatId, place, pictures, buttons } = shipment;
  const [first, ...others] = pictures.map(toInputFile);
  if (first === undefined) return [];
  if (others.length === 0) {
    const look = { ...caption, ...keyboardOf(buttons) };
    return [await api.sendDocument(chatId, first, { ...look, ...place })];
  }
  const album = [
    InputMediaBuilder.document(first, { ...caption }),
    ...others.map((file) => InputMediaBuilder.document(file)),
  ];
  return api.sendMediaGroup(chatId, album, place);
}

/**
 * Posts what stands below the pictures: the rest of the text, and the buttons of an album, which can carry none itself.
 * Gives the messages; never throws.
 */
export async function postBelow(
  { post, attempt }: Messenger,
  { sent, rest }: Sent,
  { buttons, description }: Delivery,
): Promise<Message[]> {
  const [first, ...others] = sent;
  if (first === undefined) return [];
  const below = others.length > 0 ? buttons : [];
  const needsWords = rest.length === 0 && below.flat().length > 0;
  const pieces = needsWords ? piecesOf(cut(description, DESCRIPTION_UNITS)) : rest;
  const thread = first.is_topic_message && first.message_thread_id;
  const place = { ...(thread && { message_thread_id: thread }), ...answering(first.message_id) };
  const posting = post({ chatId: first.chat.id, place }, pieces, below);
  return (await attempt('posting below the pictures', posting)) ?? [];
}

function isPhoto({ bytes, width, height, mediaType }: Picture): boolean {
  const ratio = Math.max(width, height) / Math.min(width, height);
  const fits = width + height <= PHOTO_MAX_SIDES && ratio <= PHOTO_MAX_RATIO;
  return fits && bytes <= PHOTO_MAX_BYTES && PHOTO_TYPES.has(mediaType);
}

/** `PHOTO_INVALID_DIMENSIONS`, `IMAGE_PROCESS_FAILED`, `file is too big` and their like: refused, so nothing stands. */
function isPhotoRefusal(error: unknown): boolean {
  if (!(error instanceof GrammyError)) return false;
  return error.error_code === 413 || /PHOTO_|IMAGE_|too big/.test(error.description);
}

/** A name of our own: nothing that a person or a model wrote gets into a header. */
function toInputFile({ path, mediaType }: Picture, index: number): InputFile {
  const read = () => createReadStream(path, { highWaterMark: READ_BYTES });
  return new InputFile(read, `easel-${index + 1}.${EXTENSIONS[mediaType]}`);
}
