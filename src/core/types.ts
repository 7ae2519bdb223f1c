/** The words that the whole core shares. Everything here is plain data; a request and a target are JSON. */

/** Any value that survives `JSON.stringify` unchanged. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Ratios that some Gemini image model takes (width:height). Which model takes which is the provider's business. */
export const ASPECT_RATIOS = [
  '1:1',
  '2:3',
  '3:2',
  '3:4',
  '4:3',
  '4:5',
  '5:4',
  '9:16',
  '16:9',
  '21:9',
  '1:4',
  '4:1',
  '1:8',
  '8:1',
] as const;
export type AspectRatio = (typeof ASPECT_RATIOS)[number];

/** Sizes as Google spells them: a capital K, and no K on 512. */
export const IMAGE_SIZES = ['512', '1K', '2K', '4K'] as const;
export type ImageSize = (typeof IMAGE_SIZES)[number];

/** What a person may choose about the pictures; everything left out is the model's choice. */
export interface PictureOptions {
  aspectRatio?: AspectRatio;
  size?: ImageSize;
  /** How many pictures, 1 to 10; models may ignore it. */
  count?: number;
  /** A model id as the provider spells it. */
  model?: string;
}

/** Who asked. */
export interface Person {
  /** `platform:id`, as in `ALLOWED_USERS`. */
  id: string;
  /** IETF language tag, when the platform tells. */
  language?: string;
}

/** A picture on a platform, named so that its adapter can load it later; never a URL, since those carry tokens and expire. */
export interface Attachment {
  platform: string;
  /** The platform's own handle, meaningful to its adapter only. */
  id: string;
  /** Size in bytes as the platform declares it, when it does. */
  bytes?: number;
}

/** Where to answer: JSON made by the adapter, opaque to the core but for the platform's name. */
export interface ReplyTarget {
  platform: string;
  [key: string]: Json;
}

/** One wish of one person. JSON, so that another process could finish it. */
export interface PictureRequest {
  /** Unique for the update that carried it: the same update never makes two jobs. */
  id: string;
  person: Person;
  /** `platform:id`, as in `ALLOWED_CHATS`. */
  chat: string;
  /** The words; `--ar`, `--size` and `--n` in them are read by the core. */
  prompt: string;
  attachments: Attachment[];
  options: PictureOptions;
  target: ReplyTarget;
}

/** Raster formats that Easel reads and shows. */
export type MediaType =
  | 'image/png'
  | 'image/jpeg'
  | 'image/webp'
  | 'image/gif'
  | 'image/avif'
  | 'image/heic';

/** File name endings, without the dot. */
export const EXTENSIONS: Record<MediaType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/heic': 'heic',
};

/** A picture on disk, addressed by the SHA-256 of its bytes. */
export interface Picture {
  hash: string;
  /** Absolute path under `DATA_DIR`. */
  path: string;
  mediaType: MediaType;
  width: number;
  height: number;
  bytes: number;
}

/** A page that the model looked up while painting. */
export interface Source {
  url: string;
  title?: string;
}

/** Tokens as the gateway counted them; every field may be missing. */
export interface Usage {
  promptTokens?: number;
  completionTokens?: number;
  imageTokens?: number;
  totalTokens?: number;
  /** US dollars, where the gateway says so. */
  cost?: number;
}
