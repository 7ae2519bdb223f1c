/** The vocabulary of the wire: what is sent, and what an answer holds. Pure: no I/O, no platform, no provider. */
import type { AspectRatio, ImageSize, MediaType, Source, Usage } from '../types.ts';

/** Wire formats of a request. Answers are never read by dialect: they are sniffed. */
export const DIALECTS = ['openai-chat', 'gemini', 'openai-images'] as const;
export type Dialect = (typeof DIALECTS)[number];

/**
 * One piece of what is said. A signature is the model's opaque seal on its own part, replayed verbatim or not at all: text
 * as it came, or the bytes of its base64.
 */
export type Part =
  | { type: 'text'; text: string; signature?: string | Uint8Array }
  | { type: 'image'; mediaType: MediaType; data: Uint8Array; signature?: string | Uint8Array };

/** One speaker's turn. */
export interface Message {
  role: 'user' | 'model';
  parts: Part[];
}

/** How a chat gateway wants its pictures, ratio and size spelled (from their pages and their sources). */
export interface ChatStyle {
  /** `image_url` (nearly all) or `image` (yisu). */
  imagePart: 'image_url' | 'image';
  /** Where ratio and size go; `prompt` says them in words as the last resort. */
  sizing: ('image_config' | 'extra_body' | 'prompt')[];
  /** Sends `modalities: ["image","text"]`. */
  modalities: boolean;
  /** Asks for usage in a stream. */
  streamUsage: boolean;
  /** Fields merged into the body as they are. */
  extraFields?: Record<string, unknown>;
}

/** A request before it is spelled in a dialect. */
export interface WireInput {
  model: string;
  /** Oldest first; the last one is the user's. */
  messages: Message[];
  /** Whether the answer should be streamed. */
  stream: boolean;
  aspectRatio?: AspectRatio;
  size?: ImageSize;
  count?: number;
  /** Lets the model look things up (native dialect). */
  search?: boolean;
  /** Asks models that think for their thoughts, which feed the progress line (native dialect). @default true */
  thoughts?: boolean;
  /** Asks for words only: describing a picture. */
  textOnly?: boolean;
}

/** A piece of a request body: text as it is, or bytes to be sent as base64 or raw. Kept apart so that no copy of a picture is made as a string. */
export type BodyPiece = string | { base64: Uint8Array } | { raw: Uint8Array };

/** A request ready to be sent, path relative to the provider's origin and prefix. */
export interface EncodedRequest {
  path: string;
  contentType: string;
  body: BodyPiece[];
}

/** A decoded base64 run, complete. */
export interface Payload {
  /** Bytes decoded. */
  readonly size: number;
  /** The first bytes (up to 64), for sniffing. */
  readonly head: Uint8Array;
  /** The bytes in order; may be opened more than once until discarded. */
  open(): AsyncIterable<Uint8Array>;
  /** Frees memory or file; harmless twice. */
  discard(): Promise<void>;
}

/** Takes decoded bytes while they arrive. */
export interface PayloadSink {
  /** At least `bytes` free bytes to decode into. Valid until the next call. */
  reserve(bytes: number): Buffer;
  /** The first `bytes` of the reserved space are now content. */
  commit(bytes: number): void;
  /** Waits until what was committed has left for its place; undefined when nothing waits. */
  drain(): Promise<void> | undefined;
  /** No more bytes. */
  finish(): Promise<Payload>;
}

/** Makes sinks: in memory for tests, memory then file in the product (`image/payload-store.ts`). */
export interface PayloadStore {
  createSink(): PayloadSink;
}

/** How sure we are that a picture is the answer: a draft was thought or superseded, a stray lay in no known place. */
export type PictureRank = 'final' | 'draft' | 'stray';

/** A picture found in an answer, not yet verified. */
export type FoundPicture =
  | { rank: PictureRank; payload: Payload; signature?: Payload | string }
  | { rank: PictureRank; url: string };

/** The first thing a body shows of itself. */
export type BodyKind = 'sse' | 'json' | 'html' | 'text' | 'empty';

/** An error object found in an answer, in the gateway's own terms, cleaned. */
export interface GatewayError {
  message: string;
  /** `code`, `type` and `status` as sent, joined for matching. */
  tags: string;
  /** A numeric code in the body, which may contradict the HTTP status. */
  code?: number;
  retryAfterMs?: number;
}

/**
 * The model's own turn as the native dialect gave it, for verbatim replay; thoughts left out. Long signatures are the
 * payloads of their base64, in the standard alphabet and padded.
 */
export type AnswerPart =
  | { type: 'text'; text: string; signature?: Payload | string }
  | { type: 'image'; payload: Payload; signature?: Payload | string };

/** Everything that an answer held, whatever its shape. */
export interface Answer {
  kind: BodyKind;
  /** Bytes of the body as received. */
  bytes: number;
  /** In order of arrival. */
  pictures: FoundPicture[];
  /** The model's words without pictures, thoughts, progress chatter or base64. */
  text: string;
  /** Native parts of the model's turn; empty for chat dialects, and where a signature cannot be written down again. */
  parts: AnswerPart[];
  sources: Source[];
  usage: Usage | undefined;
  /** As sent, upper-cased; the native one where both are there. */
  finishReason: string | undefined;
  /** The gateway's or model's explanation of the finish. */
  finishMessage: string | undefined;
  error: GatewayError | undefined;
  /** The title of an HTML page. */
  htmlTitle: string | undefined;
  /** The body ended in the middle of a value or a picture. */
  truncated: boolean;
  /** The id of an asynchronous task, when that is all there was (not supported, but named). */
  taskId: string | undefined;
}

/** What is worth showing while an answer arrives. */
export type AnswerEvent =
  | { type: 'thought'; text: string }
  | { type: 'text'; text: string }
  | { type: 'image' };
