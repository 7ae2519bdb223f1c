/** The only door that adapters use. */
export { type Core, createCore } from './create-core.ts';
export { EaselError, toEaselError } from './errors.ts';
export { createAccess } from './job/access.ts';
export { createEngine } from './job/create-engine.ts';
export type { CancelOutcome, Engine } from './job/engine.ts';
export { readInlineOptions } from './job/inline-options.ts';
export { failureMessage } from './job/messages.ts';
export { LANGUAGES, type Language, resolveLanguage, say, type WordKey } from './job/words.ts';
export { createNetwork, type Network } from './net/network.ts';
export type { Delivery, Logger, Platform, StatusMessage } from './ports.ts';
export {
  type Attachment,
  EXTENSIONS,
  type Picture,
  type PictureRequest,
  type ReplyTarget,
  type Source,
} from './types.ts';
