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

/** What people can ask for by name, the same on every platform. */
export const COMMANDS = [
  'imagine',
  'edit',
  'describe',
  'style',
  'new',
  'settings',
  'model',
  'usage',
  'cancel',
  'forget',
  'help',
  'start',
] as const;
export type Command = (typeof COMMANDS)[number];

/** Something that a person said to the bot. In groups, adapters hand on only what is meant for it. */
export interface IncomingMessage {
  /** Unique for the update that carried it: the same one again changes nothing. */
  id: string;
  person: Person;
  /** `platform:id`, as in `ALLOWED_CHATS`. */
  chat: string;
  /** What the chat is part of, where that has an id of its own; in `ALLOWED_CHATS` it stands for all its chats. */
  server?: string;
  /** Nobody but the person and the bot reads it. */
  isPrivate: boolean;
  command?: Command;
  /** Without the command and the bot's name; `--ar`, `--size` and `--n` in them are read by the core. */
  words: string;
  /** Pictures that it brings itself, an album's in the order of the chat. */
  attachments: Attachment[];
  /** It holds, or answers, a film, a file or the like, which nobody here can paint with. */
  hasUnreadable: boolean;
  /** The platform's messages that it consists of, as `platform:chat:message`; several for an album, none for a form. */
  messages: string[];
  /** The message that it answers, and the pictures in that. */
  replied?: { message: string; attachments: Attachment[] };
  /** The turn that it continues, where a button or form named one; comes before `replied`. */
  turn?: string;
  /** Chosen in a form. */
  options: PictureOptions;
  /** Name of a style, chosen in a form. */
  style?: string;
  target: ReplyTarget;
}

/** A button that was pressed, or an entry of a menu that was chosen. */
export interface Press {
  /** Unique for the update that carried it. */
  id: string;
  /** As in `Button`. */
  button: string;
  person: Person;
  chat: string;
  server?: string;
  /** Whether the person may speak for the chat itself (anonymous admins, channels); asked only when it matters. */
  speaksForChat: () => Promise<boolean>;
  /** Answers the message that holds the button. */
  target: ReplyTarget;
  /** The same, with that message as the status message: what comes next takes its place. */
  takeOver: ReplyTarget;
}

/** What the presser gets at once; pictures come later, as the reply to a message. */
export type PressAnswer =
  /** Shown to the presser alone; '' only stops the waiting. */
  | { type: 'note'; text: string }
  /** Takes the place of the message with the button. */
  | { type: 'replace'; reply: Reply }
  /** Asks for the words to change a turn's pictures with: they come as a message with `turn`, or one that answers a message that was linked to it. */
  | { type: 'ask'; text: string; turn: string };

export interface Button {
  label: string;
  /** 1 to 64 bytes of ASCII (the smallest limit of all platforms); made and read by the core only. */
  id: string;
}

/** Words with buttons below them, row by row. */
export interface Reply {
  /** Plain text in the person's language. */
  text: string;
  buttons: Button[][];
}

/** One setting with all that can be chosen: a select where the platform has one. */
export interface ChoiceGroup {
  label: string;
  /** At most 25 (the smallest limit of all platforms). */
  choices: (Button & { isChosen: boolean })[];
}

/** A named prompt. */
export interface Style {
  /** Unique; letters, digits and hyphens, at most 32. */
  name: string;
  /** What people see, in their language. */
  label: string;
  prompt: string;
}

/** Where a request's conversation comes from: nowhere, where its person is now, or a turn (perhaps one of its pictures). */
export type Origin = 'new' | 'branch' | { turn: string; picture?: number };

/** One wish that costs money, ready to become a job. JSON, so that another process can finish it. */
export interface PictureRequest {
  /** Unique for the update that carried it: the same update never makes two jobs. */
  id: string;
  /** Pictures, or words about pictures. */
  kind: 'picture' | 'words';
  person: Person;
  /** `platform:id`, as in `ALLOWED_CHATS`. */
  chat: string;
  /** What the model is asked: the person's words, freed of options, or an instruction of ours. */
  prompt: string;
  /** What people read of the pictures, where that is not the prompt: words of theirs, in their language. */
  description?: string;
  /** Pictures to load from the platform. */
  attachments: Attachment[];
  /** Pictures that are stored already; before the attachments. */
  inputs: StoredPicture[];
  origin: Origin;
  options: PictureOptions;
  /** The button that ordered it: the same one orders nothing more while its job runs. */
  button?: string;
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

/** A picture in the picture store, addressed by the SHA-256 of its bytes: what rows of the store hold. */
export interface StoredPicture {
  hash: string;
  mediaType: MediaType;
  width: number;
  height: number;
  bytes: number;
}

/** A picture on disk. */
export interface Picture extends StoredPicture {
  /** Absolute path under `DATA_DIR`. */
  path: string;
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
