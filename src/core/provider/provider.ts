/** One gateway as the core uses it. */
import { type EaselError, toEaselError } from '../errors.ts';
import type { Network } from '../net/network.ts';
import type { Logger } from '../ports.ts';
import { guardWatch } from '../watch/guard-watch.ts';
import type { GatewayState } from '../watch/report.ts';
import type { Watch } from '../watch/watch.ts';
import { encodeRequest } from '../wire/encode.ts';
import type { Answer, AnswerEvent, Dialect, PayloadStore, WireInput } from '../wire/types.ts';
import { toError } from '../wire/verdict.ts';
import type { OptionalField } from '../wire/without.ts';
import { createKeyRing } from './keys.ts';
import { createModelList } from './model-list.ts';
import { discardAnswer } from './payload-lease.ts';
import { joinEndpoint, type ProviderSettings } from './presets.ts';
import { createRefusedFields } from './refused-fields.ts';
import { createReplayer, type Replay } from './replayer.ts';
import { type Sent, send } from './send.ts';
import { abortableSleep, tryKeys } from './tries.ts';
import { watched } from './watched.ts';

/**
 * What is asked of a provider; it adds its model, its dialect and whether it streams. `replay` stands in for `messages`
 * where it is the provider's own, until the gateway refuses it.
 */
export type ProviderRequest = Omit<WireInput, 'model' | 'stream'> & {
  model?: string;
  replay?: Replay;
};

export interface ProviderAnswer {
  answer: Answer;
  provider: string;
  model: string;
  dialect: Dialect;
}

export interface GenerateOptions {
  signal: AbortSignal;
  onEvent?: (event: AnswerEvent) => void;
  /** One provider refused, and the next one is asked. */
  onFailover?: (refusal: EaselError) => void;
  /** The gateway asked to wait, or could not be reached: nothing was sent that long. */
  onWait?: (waitMs: number) => void;
  /** Another provider stands ready, so that waiting for this one is worth less than asking that one. */
  hasSuccessor?: boolean;
}

export interface Provider {
  readonly name: string;
  /**
   * An answer with at least one picture in it, not yet verified (or with words, when only words were asked for).
   * @throws EaselError any code of the gateway or the wire, with `provider` set
   */
  generate(request: ProviderRequest, options: GenerateOptions): Promise<ProviderAnswer>;
  /** Ids of the models offered, cached ten minutes. @throws EaselError */
  models(signal: AbortSignal): Promise<string[]>;
}

/** A provider that is one gateway. */
export interface Gateway extends Provider {
  state(): GatewayState;
}

export interface ProviderDependencies {
  network: Network;
  payloads: PayloadStore;
  logger: Logger;
  /** Is told how each request went; none where nobody watches. */
  watch?: Watch | undefined;
  /** `TIMEOUT_SECONDS` in ms: the limit for one request in all, with its waits and further tries. */
  timeoutMs: number;
  /** Replaced in tests. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** A stream shows life at once: keep-alives, thoughts. Without one a gateway is silent until the picture is done. */
const FIRST_BYTE_MS = 240_000;
const DEADLINES = {
  connectMs: 10_000,
  // Over a stream, keep-alives come every few seconds; thinking alone can be silent for a minute or more.
  silenceMs: 120_000,
};

export function createProvider(
  settings: ProviderSettings,
  { network, payloads, logger, timeoutMs, wait = abortableSleep, ...told }: ProviderDependencies,
): Gateway {
  const watch = guardWatch(told.watch, logger);
  const keys = createKeyRing(settings.keys);
  const refusedFields = createRefusedFields();
  const secrets = [...settings.keys, ...Object.values(settings.headers)].filter(isSecret);

  async function attempt(
    key: string,
    input: WireInput,
    { signal, onEvent }: GenerateOptions,
    { totalMs, refused }: { totalMs: number; refused: ReadonlySet<OptionalField> },
  ): Promise<ProviderAnswer> {
    const { name, dialect, stream, style, baseUrl } = settings;
    const { model } = input;
    const encoded = encodeRequest(dialect, input, style, refused);
    const url = new URL(joinEndpoint(baseUrl, encoded.path));
    const firstByteMs = stream ? FIRST_BYTE_MS : totalMs;
    const deadlines = { ...DEADLINES, firstByteMs, totalMs };
    const transport = { network, payloads, deadlines, signal, onEvent };
    const sent = await send(url, headersFor(settings, key), encoded, transport);
    logger.info(facts(name, model, sent), 'provider answered');
    const answer = withoutSecrets(sent.answer, secrets);
    const error = toError(answer, sent, input.textOnly ? { expect: 'words' } : {});
    if (error === undefined) {
      return { answer: withWholeLinks(answer, url), provider: name, model, dialect };
    }
    await discardAnswer(answer);
    throw error;
  }

  async function generate(
    { replay, ...request }: ProviderRequest,
    options: GenerateOptions,
  ): Promise<ProviderAnswer> {
    const { name, dialect, stream } = settings;
    try {
      const model = request.model ?? settings.model;
      const refused = refusedFields.begin(model);
      const replayer = createReplayer(replay, { provider: name, model, dialect });
      const ask = (key: string, totalMs: number) => {
        const messages = replayer.messages() ?? request.messages;
        const input = { ...request, messages, model, stream };
        // A provider without keys has the empty one.
        const at = Math.max(settings.keys.indexOf(key), 0);
        return watched(
          () => attempt(key, input, options, { totalMs, refused }),
          (fact) => watch.tried({ provider: name, key: at, ...fact }),
        );
      };
      return await tryKeys(ask, {
        keys,
        timeoutMs,
        wait,
        ...options,
        hasSuccessor: options.hasSuccessor ?? false,
        onRefusal: ({ code, status, subject }) =>
          logger.warn({ provider: name, code, status, subject }, 'provider refused'),
        canMend: (refusal) =>
          replayer.giveUp(refusal) || refusedFields.note(model, refused, refusal),
      });
    } catch (thrown) {
      const error = toEaselError(thrown);
      error.provider = name;
      throw error;
    }
  }

  return {
    name: settings.name,
    generate,
    state() {
      const { name, dialect, model } = settings;
      return { name, dialect, model, keyRests: keys.rests() };
    },
    models: createModelList(settings, network, () =>
      headersFor(settings, keys.take() ?? keys.soonest()),
    ),
  };
}

function headersFor(settings: ProviderSettings, key: string): Record<string, string> {
  const auth: Record<string, string> =
    settings.dialect === 'gemini' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` };
  return {
    accept: 'application/json, text/event-stream',
    'accept-encoding': 'identity',
    'user-agent': 'Easel',
    ...(key === '' ? {} : auth),
    ...settings.headers,
  };
}

/** Some relays link to pictures of their own by path alone (Q13). */
function withWholeLinks(answer: Answer, url: URL): Answer {
  const pictures = answer.pictures.map((picture) =>
    'url' in picture && picture.url.startsWith('/')
      ? { ...picture, url: new URL(picture.url, url).href }
      : picture,
  );
  return { ...answer, pictures };
}

/** Shorter ones (`sandbox`) are words. */
function isSecret({ length }: string): boolean {
  return length >= 8;
}

/** Gateways quote the key that they refuse, and no pattern knows every relay's keys. */
function withoutSecrets(answer: Answer, secrets: readonly string[]): Answer {
  const hide = (text: string) => secrets.reduce((rest, key) => rest.replaceAll(key, '…'), text);
  const { text, finishMessage, htmlTitle, error } = answer;
  return {
    ...answer,
    text: hide(text),
    finishMessage: finishMessage && hide(finishMessage),
    htmlTitle: htmlTitle && hide(htmlTitle),
    error: error && { ...error, message: hide(error.message), tags: hide(error.tags) },
  };
}

function facts(provider: string, model: string, { status, answer }: Sent): object {
  const { kind, bytes, pictures, finishReason, usage, truncated } = answer;
  const found = pictures.map((picture) => picture.rank);
  return { provider, model, status, kind, bytes, found, finishReason, usage, truncated };
}
