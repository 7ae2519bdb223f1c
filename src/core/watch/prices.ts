/** What pictures cost. */
import type { EndFact } from './watch.ts';

/** US dollars for one picture, by model; `*` for every model that is not named. */
export type Prices = Readonly<Record<string, number>>;

/** It names costs, as the gateways that it plays do, and takes nothing. */
const FREE_PROVIDER = 'sandbox';

/** US dollars for one job: what the gateway said, else price times pictures; undefined where neither is known. */
export function costOf(
  { provider, model, pictures, usage }: EndFact,
  prices: Prices,
): number | undefined {
  if (model === undefined) return usage?.cost;
  if (provider === FREE_PROVIDER) return 0;
  if (usage?.cost !== undefined) return usage.cost;
  const price = Object.hasOwn(prices, model) ? prices[model] : prices['*'];
  return price === undefined ? undefined : price * pictures;
}
