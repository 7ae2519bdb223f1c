/** The arithmetic of the tables. */
import type { Cost } from './meter.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(
    Math.ceil(middle) - 1,
    Math.floor(middle) + 1,
  );
  return (low + high) / 2;
}

/** Each figure's own median. */
export function medianCost(costs: readonly Cost[]): Cost {
  return {
    cpuMs: median(costs.map((cost) => cost.cpuMs)),
    wallMs: median(costs.map((cost) => cost.wallMs)),
    peakMegabytes: median(costs.map((cost) => cost.peakMegabytes)),
    delayMs: median(costs.map((cost) => cost.delayMs)),
  };
}

/** The power of the size with which the cost grew: 1 is linear, 2 quadratic. */
export function growthExponent(
  small: { size: number; cost: number },
  large: { size: number; cost: number },
): number {
  return Math.log(large.cost / small.cost) / Math.log(large.size / small.size);
}
