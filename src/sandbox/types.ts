/** The words that the sandbox's parts share. */
import type { AspectRatio, ImageSize } from '../core/types.ts';

/** What the sandbox can encode to; each gateway sends the one that its page shows. */
export type PaintedType = 'image/png' | 'image/jpeg';

/** A finished picture as it goes on the wire. */
export interface Painted {
  mediaType: PaintedType;
  base64: string;
}

/** One wish, read from whatever body carried it. */
export interface Ask {
  model: string;
  /** The words of the last user turn. */
  prompt: string;
  /** Pictures of the last user turn, or of the latest turn before it that has any. */
  pictures: Uint8Array[];
  stream: boolean;
  aspectRatio?: AspectRatio;
  size?: ImageSize;
  /** Exact pixels, where the Images API names them. */
  pixels?: { width: number; height: number };
  /** 1 to 10. */
  count: number;
  /** Words are wanted, not a picture. */
  wordsOnly: boolean;
  /** OhMyGPT's switch: a link in place of base64. */
  links: boolean;
  /** Google's `alt=sse`; without it a native stream is a JSON array. */
  sse: boolean;
  /** Asks for usage in a chat stream (`stream_options.include_usage`). */
  streamUsage: boolean;
}

/** What an answer holds before a gateway frames it. */
export interface Content {
  pictures: Painted[];
  /** Where each picture can be fetched, when the ask was for links. */
  links?: string[];
  /** A rough first version; only the native gateways show one. */
  draft?: Painted;
  /** Words in place of a picture; left out, the frame says its own. */
  words?: string;
  finish: 'stop' | 'blocked';
  /** Whether usage counts a picture, even one that then got lost. */
  painted: boolean;
}

/** An answer ready to be sent, piece by piece. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  chunks: (string | Uint8Array)[];
  /** `cut` breaks the connection after the last chunk, `hang` keeps it open and silent; default: a clean end. */
  ending?: 'cut' | 'hang';
}

/** Reasons to refuse, before any gateway words them. */
export type ProblemKind =
  | 'no-key'
  | 'bad-key'
  | 'quota'
  | 'rate'
  | 'model'
  | 'overloaded'
  | 'blocked'
  | 'bad-request'
  | 'not-found'
  | 'too-large';

/** Words a refusal as one gateway does; undefined where that gateway answers 200 instead. */
export type ProblemShape = (kind: ProblemKind, detail?: string) => Reply | undefined;

/** A decoded multipart body. */
export interface FormBody {
  fields: Record<string, string>;
  files: { field: string; name: string; type: string; bytes: Uint8Array }[];
}

/** What an endpoint reads. */
export interface EndpointInput {
  /** Parsed JSON or a `FormBody`. */
  body: unknown;
  /** From the path on native routes. */
  model?: string;
  /** `streamGenerateContent` rather than `generateContent`. */
  stream: boolean;
  query: URLSearchParams;
}

/** One way of asking for pictures. */
export interface Endpoint {
  mediaType: PaintedType;
  /** Paints a draft besides the picture. */
  drafts: boolean;
  /** @throws BadAsk for a body that the dialect does not document */
  read(input: EndpointInput): Ask;
  render(content: Content, ask: Ask): Reply;
  problem: ProblemShape;
}

/** One gateway under its prefix. */
export interface Gateway {
  /** Path before `/v1` and `/v1beta`; empty for the root. */
  prefix: string;
  /** By path after the prefix; `native` stands for `/v1beta/models/<model>:generateContent` and its stream. */
  endpoints: Record<string, Endpoint>;
  /** Ids in its model lists. */
  models: string[];
  problem: ProblemShape;
  /** How its page prints a model list, where it shows one. */
  renderModels?: (models: string[]) => Reply;
}

/** A body that the dialect does not document; `message` may be shown. */
export class BadAsk extends Error {
  override readonly name = 'BadAsk';
}
