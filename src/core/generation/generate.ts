/** A request and its pictures → verified, stored pictures. */
import { EaselError, toEaselError } from '../errors.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type {
  GenerateOptions,
  Provider,
  ProviderAnswer,
  ProviderRequest,
} from '../provider/provider.ts';
import type { Replay } from '../provider/replayer.ts';
import type { Picture, PictureOptions, Source, Usage } from '../types.ts';
import { payloadsOf } from '../wire/answer-payloads.ts';
import type { Dialect, Message, Payload } from '../wire/types.ts';
import { type StoredPart, storeParts } from './parts.ts';
import { selectPictures, type Verified, type Verifier } from './select.ts';

export interface GenerationRequest {
  /** What every provider and dialect understands; oldest first, the last one the user's. */
  messages: Message[];
  /** The conversation as the model itself wrote it, for the provider that it came from. */
  replay?: Replay;
  options: PictureOptions;
  /** Asks for words only: for `describe`. */
  textOnly?: boolean;
}

/** Who answered, and what it said. */
export interface Words {
  text: string;
  sources: Source[];
  usage: Usage | undefined;
  provider: string;
  model: string;
  dialect: Dialect;
}

export interface Generation extends Words {
  /** At least one, each of them whole, none twice. */
  pictures: Picture[];
  /** The model's turn for verbatim replay; none where a piece of it is no picture above, or cannot be kept. */
  parts?: StoredPart[];
  /** The answer broke off behind the pictures, or the disk did. */
  truncated: boolean;
}

export interface GeneratorDependencies {
  provider: Provider;
  verifier: Verifier;
  pictures: PictureStore;
}

export interface Generator {
  /**
   * @throws EaselError any code of a provider; billed `maybe` `incomplete-image`, `unreachable-image`, `cancelled`, and
   * `internal` when the disk takes none of the pictures
   */
  generate(request: GenerationRequest, options: GenerateOptions): Promise<Generation>;
  /** The answer to a `textOnly` request, pictures in it left out. @throws EaselError any code of a provider */
  describe(request: GenerationRequest, options: GenerateOptions): Promise<Words>;
}

export function createGenerator({
  provider,
  verifier,
  pictures,
}: GeneratorDependencies): Generator {
  return {
    async generate(request, options) {
      const answered = await provider.generate(toProviderRequest(request), options);
      const { answer } = answered;
      const verified = await selectPictures(answer, verifier, options.signal);
      try {
        const stored = await store(pictures, verified);
        const made = [...stored.values()];
        const parts = await storeParts(answered, stored, pictures);
        const truncated = answer.truncated || made.length < verified.length;
        return { ...wordsOf(answered), pictures: made, truncated, ...(parts && { parts }) };
      } finally {
        await discardAll([...payloadsOf(answer), ...verified.map(({ payload }) => payload)]);
      }
    },
    async describe(request, options) {
      const answered = await provider.generate(toProviderRequest(request), options);
      await discardAll(payloadsOf(answered.answer));
      return wordsOf(answered);
    },
  };
}

function toProviderRequest({ options, ...request }: GenerationRequest): ProviderRequest {
  return { ...options, ...request };
}

function wordsOf({ answer, provider, model, dialect }: ProviderAnswer): Words {
  const { text, sources, usage } = answer;
  return { text, sources, usage, provider, model, dialect };
}

/** In order, each by its payload. What is stored is paid for, so a disk that fills up only costs the others. */
async function store(pictures: PictureStore, verified: Verified[]): Promise<Map<Payload, Picture>> {
  const stored = new Map<Payload, Picture>();
  for (const { payload, inspection } of verified) {
    try {
      stored.set(payload, await pictures.add(payload, inspection));
    } catch (cause) {
      if (stored.size > 0) break;
      throw new EaselError(toEaselError(cause).code, { billed: 'maybe', cause });
    }
  }
  return stored;
}

async function discardAll(payloads: Payload[]): Promise<void> {
  for (const payload of payloads) await payload.discard();
}
