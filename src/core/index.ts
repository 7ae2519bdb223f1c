/** The only door that adapters use. */
export { type Core, createCore } from './create-core.ts';
export { createPainter, type Painter } from './create-painter.ts';
export type { Desk } from './desk/desk.ts';
export { loadStyles } from './desk/styles-file.ts';
export { EaselError, toEaselError } from './errors.ts';
export { readInlineOptions } from './job/inline-options.ts';
export { failureMessage } from './job/messages.ts';
export { LANGUAGES, type Language, resolveLanguage, say } from './job/words.ts';
export { isUnsent, networkCode } from './net/failure.ts';
export { createNetwork, type Network } from './net/network.ts';
export type { Delivery, Logger, Platform, Posted } from './ports.ts';
export { openStore } from './store/open-store.ts';
export type { Store } from './store/store.ts';
export {
  ASPECT_RATIOS,
  type Attachment,
  type Button,
  type ChoiceGroup,
  COMMANDS,
  type Command,
  EXTENSIONS,
  IMAGE_SIZES,
  type IncomingMessage,
  type MediaType,
  type Person,
  type Picture,
  type PictureOptions,
  type Press,
  type PressAnswer,
  type Reply,
  type ReplyTarget,
  type Source,
  type Style,
} from './types.ts';
export type { Count } from './watch/counts.ts';
export { createWatch } from './watch/create-watch.ts';
export { DURATION_LIMITS_MS } from './watch/durations.ts';
export type {
  DayReport,
  FailureReport,
  JobReport,
  KeyReport,
  MinuteReport,
  PlatformReport,
  Report,
} from './watch/report.ts';
export type { Totals } from './watch/totals.ts';
export type { Watch } from './watch/watch.ts';
