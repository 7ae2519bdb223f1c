/** One paid request and its answer. Nothing here repeats anything. */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { EaselError } from '../errors.ts';
import type { Network } from '../net/network.ts';
import { bodyChunks, bodyLength } from '../wire/body.ts';
import { decodeAnswer } from '../wire/decode.ts';
import type {
  Answer,
  AnswerEvent,
  BodyPiece,
  EncodedRequest,
  PayloadStore,
} from '../wire/types.ts';
import { chunksOf } from './chunks.ts';
import { createDeadlines, type DeadlineOptions } from './deadlines.ts';
import { decompress } from './decompress.ts';
import { leasePayloads } from './payload-lease.ts';

export interface SendOptions {
  network: Network;
  payloads: PayloadStore;
  deadlines: DeadlineOptions;
  signal: AbortSignal;
  onEvent?: ((event: AnswerEvent) => void) | undefined;
}

export interface Sent {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  answer: Answer;
}

/**
 * POSTs once, over a connection of its own, so that it is always known whether a byte of the request has left. When
 * this throws, no payload and no connection is left behind.
 * @throws EaselError `unreachable`, `bad-config` (nothing was sent: not billed), `connection-lost`, `timeout`,
 * `malformed-answer`, `answer-too-large`, `internal` (billed: maybe), `cancelled` (billed: maybe, once something was
 * sent)
 */
export async function send(
  url: URL,
  headers: Record<string, string>,
  request: EncodedRequest,
  { network, payloads, deadlines: limits, signal, onEvent }: SendOptions,
): Promise<Sent> {
  const deadlines = createDeadlines(limits, signal);
  const dispatcher = network.single(url, { connectTimeoutMs: limits.connectMs });
  const upload = createUpload(request.body);
  const lease = leasePayloads(payloads);
  const cut = () => {
    dispatcher.destroy().catch(() => {});
  };
  // While it connects, undici does not heed the signal.
  deadlines.signal.addEventListener('abort', cut);
  try {
    signal.throwIfAborted();
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: { ...headers, ...framing(request) },
      body: upload.stream,
      signal: deadlines.signal,
      // Our own deadlines count; undici's would end a slow picture after five minutes without a word.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const isRefusal = response.statusCode >= 400 && response.statusCode < 500;
    const body = readBody(response.body, { isRefusal, alive: deadlines.alive });
    const plain = decompress(body, response.headers['content-encoding']);
    const answer = await decodeAnswer(plain, { payloads: lease, ...(onEvent && { onEvent }) });
    // The decoder takes a body that breaks off behind a picture for an answer, whoever broke it.
    signal.throwIfAborted();
    await lease.settle(answer);
    return { status: response.statusCode, headers: response.headers, answer };
  } catch (error) {
    await lease.settle();
    throw explain(error, upload.hasBegun(), signal, deadlines.signal);
  } finally {
    deadlines.stop();
    deadlines.signal.removeEventListener('abort', cut);
    cut();
  }
}

/** undici pulls the first piece when the connection stands, just before it writes. */
function createUpload(pieces: readonly BodyPiece[]) {
  let begun = false;
  function* chunks(): Generator<Buffer> {
    begun = true;
    yield* bodyChunks(pieces);
  }
  return { stream: Readable.from(chunks()), hasBegun: () => begun };
}

function framing({ contentType, body }: EncodedRequest): Record<string, string> {
  return { 'content-type': contentType, 'content-length': String(bodyLength(body)) };
}

interface ReadOptions {
  isRefusal: boolean;
  /** Called when the head has come, and with each piece. */
  alive(): void;
}

async function* readBody(
  body: Readable,
  { isRefusal, alive }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  alive();
  try {
    for await (const chunk of chunksOf(body)) {
      alive();
      yield chunk;
    }
  } catch (error) {
    // The status said all: a gateway that refuses a large upload often resets it in the middle of its own words.
    if (!isRefusal) throw error;
  }
}

function explain(
  error: unknown,
  sent: boolean,
  signal: AbortSignal,
  deadline: AbortSignal,
): EaselError {
  const billed = sent ? 'maybe' : 'no';
  if (signal.aborted) return new EaselError('cancelled', { billed });
  if (error instanceof EaselError) {
    const { code, subject } = error;
    return new EaselError(code, {
      billed,
      cause: error,
      ...(subject !== undefined && { subject }),
    });
  }
  if (deadline.aborted) {
    // Nobody heard of us when the time was spent on connecting.
    return new EaselError(sent ? 'timeout' : 'unreachable', { billed, cause: deadline.reason });
  }
  if (isInvalidHeader(error))
    return new EaselError('bad-config', { subject: 'headers', cause: error });
  return new EaselError(sent ? 'connection-lost' : 'unreachable', { billed, cause: error });
}

/** A key or a header of the operator that cannot stand in a request. undici names the header, never its value. */
function isInvalidHeader(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG';
}
