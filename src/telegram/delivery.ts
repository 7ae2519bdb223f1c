/** Sends finished pictures: as photos where Telegram takes them, as files otherwise. */
import { createReadStream } from 'node:fs';
import { type Api, GrammyError, InputFile, InputMediaBuilder } from 'grammy';
import { type Delivery, EXTENSIONS, type Picture } from '../core/index.ts';
import type { Destination } from './messenger.ts';
import { CAPTION_UNITS, type Link, type LinkedText, splitText, withSources } from './text.ts';

type Shipment = Delivery & Destination;
type Caption = { caption: string; caption_entities: Link[] } | undefined;

/** Bot API, sendPhoto: 10 MB, width and height at most 10,000 in all, ratio at most 20. */
const PHOTO_MAX_BYTES = 10_000_000;
const PHOTO_MAX_SIDES = 10_000;
const PHOTO_MAX_RATIO = 20;
/** Each read is a trip to another thread: in pieces of 64 KiB, Node's default, the trips cost more than the bytes. */
const READ_BYTES = 512 * 1024;
const PHOTO_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** Posts the pictures as one message or album, files streamed from disk. Gives back the text that did not fit. */
export async function sendPictures(api: Api, shipment: Shipment): Promise<LinkedText[]> {
  const { text, sources, pictures } = shipment;
  const [first, ...rest] = splitText(withSources(text, sources), CAPTION_UNITS);
  const caption = first && { caption: first.text, caption_entities: first.entities };
  if (!pictures.every(isPhoto)) {
    await sendDocuments(api, shipment, caption);
    return rest;
  }
  try {
    await sendPhotos(api, shipment, caption);
  } catch (error) {
    if (!isPhotoRefusal(error)) throw error;
    await sendDocuments(api, shipment, caption);
  }
  return rest;
}

async function sendPhotos(api: Api, shipment: Shipment, caption: Caption): Promise<void> {
  const { chatId, place, pictures } = shipment;
  const cover = shipment.spoiler ? { has_spoiler: true as const } : {};
  const [first, ...others] = pictures.map(toInputFile);
  if (first === undefined) return;
  if (others.length === 0) {
    await api.sendPhoto(chatId, first, { ...caption, ...cover, ...place });
    return;
  }
  const album = [
    InputMediaBuilder.photo(first, { ...caption, ...cover }),
    ...others.map((file) => InputMediaBuilder.photo(file, cover)),
  ];
  await api.sendMediaGroup(chatId, album, place);
}

/** Files cannot be covered as spoilers. */
async function sendDocuments(api: Api, shipment: Shipment, caption: Caption): Promise<void> {
  const { chatId, place, pictures } = shipment;
  const [first, ...others] = pictures.map(toInputFile);
  if (first === undefined) return;
  if (others.length === 0) {
    await api.sendDocument(chatId, first, { ...caption, ...place });
    return;
  }
  const album = [
    InputMediaBuilder.document(first, { ...caption }),
    ...others.map((file) => InputMediaBuilder.document(file)),
  ];
  await api.sendMediaGroup(chatId, album, place);
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
