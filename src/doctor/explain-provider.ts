/** Why a gateway gave no list of models, and what to do. */
import type { EaselError } from '../core/index.ts';
import type { ProviderSettings } from '../core/provider/presets.ts';
import { about, type CheckContext, type Finding } from './finding.ts';
import { mendUnreached, whyUnreached } from './unreached.ts';

export interface About {
  /** The finding's name. */
  label: string;
  /** Which key of the variable, where there are several. */
  place: string;
  context: CheckContext;
}

const TRY = 'npm run imagine -- "a fox" shows whether it paints, at the price of a picture';

export function explainProvider(
  error: EaselError,
  settings: ProviderSettings,
  { label, place, context }: About,
): Finding {
  const found = about(label);
  const { code, status } = error;
  const base = variableOf(settings, 'BASE_URL');
  if (isRefusedKey(error, settings)) {
    return found.bad(
      `refuses the key (HTTP ${status})`,
      `${variableOf(settings, 'API_KEY')}${place}: copy it anew`,
    );
  }
  if (code === 'redirected') {
    const text = `sends requests on to another address (HTTP ${status})`;
    return found.bad(text, `${base}: name the address where it ends`);
  }
  if (status === 404 || status === 405) {
    const text = `has no list of models (HTTP ${status}), so it cannot be checked without paying`;
    return found.warning(text, `${TRY}; if not, look at ${base}`);
  }
  if (status !== undefined) {
    const text = `answers with HTTP ${status} just now`;
    return found.warning(text, `try again in a few minutes; ${TRY}`);
  }
  if (code === 'unreachable' || code === 'cancelled')
    return unreached(error, settings, base, { label, context });
  const text = 'its list of models cannot be read, so it cannot be checked without paying';
  return found.warning(text, `${base}: is it a gateway's address? ${TRY}`);
}

/** `OPENAI_NEXT_MODEL` for `MODEL` of `openai-next`. */
export function variableOf({ name }: ProviderSettings, suffix: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_${suffix}`;
}

/** Google says 400 to a wrong key (its `API_KEY_INVALID`); a list takes nothing else that could be wrong. */
function isRefusedKey({ code, status }: EaselError, { dialect }: ProviderSettings): boolean {
  return code === 'auth' || (status === 400 && dialect === 'gemini');
}

function unreached(
  error: EaselError,
  { baseUrl }: ProviderSettings,
  variable: string,
  { label, context }: Pick<About, 'label' | 'context'>,
): Finding {
  const url = new URL(baseUrl);
  const why = whyUnreached(error, { ...context, url });
  const advice = `${variable}: is it the gateway's address?`;
  const mend = mendUnreached(url, context.config, advice);
  return about(label).bad(`${url.hostname} cannot be reached: ${why}`, mend);
}
