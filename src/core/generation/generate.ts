/** A request and its pictures → verified, stored pictures. */
import { EaselError, toEaselError } from '../errors.ts';
import type { PictureStore } from '../image/picture-store.ts';
import type { GenerateOptions, Provider, ProviderRequest } from '../provider/provider.ts';
import type { MediaType, Picture, PictureOptions, Source, Usage } from '../types.ts';
import { selectPictures, type Verified, type Verifier } from './select.ts';

export interface GenerationRequest {
  prompt: string;
  /** Normalised pictures, in the person's order. */
  images: { data: Uint8Array; mediaType: MediaType }[];
  options: PictureOptions;
}

export interface Generation {
  /** At least one, each of them whole, none twice. */
  pictures: Picture[];
  /** The model's words. */
  text: string;
  sources: Source[];
  usage: Usage | undefined;
  provider: string;
  model: string;
  /** The answer broke off behind the pictures. */
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
   * `internal` when the disk fails
   */
  generate(request: GenerationRequest, options: GenerateOptions): Promise<Generation>;
}

export function createGenerator({
  provider,
  verifier,
  pictures,
}: GeneratorDependencies): Generator {
  return {
    async generate(request, options) {
      const { answer, ...origin } = await provider.generate(toProviderRequest(request), options);
      const verified = await selectPictures(answer, verifier, options.signal);
      const stored = await store(pictures, verified);
      const { text, sources, usage, truncated } = answer;
      const { provider: name, model } = origin;
      return { pictures: stored, text, sources, usage, truncated, provider: name, model };
    },
  };
}

/** One user turn: the pictures first, as the model's own guide has it for edits, then the words. */
function toProviderRequest({ prompt, images, options }: GenerationRequest): ProviderRequest {
  const pictures = images.map(({ data, mediaType }) => ({
    type: 'image' as const,
    data,
    mediaType,
  }));
  const parts = [...pictures, { type: 'text' as const, text: prompt }];
  return { ...options, messages: [{ role: 'user', parts }] };
}

/** Frees the payloads, whatever happens. The pictures are paid for when the disk fails. */
async function store(pictures: PictureStore, verified: Verified[]): Promise<Picture[]> {
  const stored: Picture[] = [];
  try {
    for (const { payload, inspection } of verified) {
      stored.push(await pictures.add(payload, inspection));
    }
    return stored;
  } catch (cause) {
    throw new EaselError(toEaselError(cause).code, { billed: 'maybe', cause });
  } finally {
    for (const { payload } of verified) await payload.discard();
  }
}
