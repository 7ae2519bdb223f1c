/** Several providers, tried in the order of `PROVIDERS`. */
import { toEaselError } from '../errors.ts';
import type { Logger } from '../ports.ts';
import type { GenerateOptions, Provider, ProviderAnswer, ProviderRequest } from './provider.ts';
import { mayFailOver } from './retry.ts';

/** A provider made of providers: the next one is asked only when the one before certainly did no work. */
export function createProviderChain(
  providers: [Provider, ...Provider[]],
  logger: Logger,
): Provider {
  const [first] = providers;

  async function generate(
    request: ProviderRequest,
    options: GenerateOptions,
  ): Promise<ProviderAnswer> {
    for (const [at, provider] of providers.entries()) {
      const hasSuccessor = at < providers.length - 1;
      // A model that a person chose is the first provider's; the others have their own names.
      const { model: _model, ...rest } = request;
      try {
        return await provider.generate(at === 0 ? request : rest, { ...options, hasSuccessor });
      } catch (thrown) {
        const error = toEaselError(thrown);
        if (!hasSuccessor || !mayFailOver(error)) throw error;
        logger.warn({ provider: provider.name, code: error.code }, 'failing over');
        options.onFailover?.(error);
      }
    }
    throw new Error('a chain has at least one provider');
  }

  return { name: first.name, generate, models: (signal) => first.models(signal) };
}
