/** The samples of a run as one SVG: four panels over the same time, legible on light and on dark paper. */
import type { PhaseRun, Run, Sample } from './run.ts';

interface Panel {
  title: string;
  /** The figure of each sample, in the order of the samples. */
  values: number[];
  /** What was promised, where something was. */
  limit?: number;
}

const WIDTH = 880;
const LEFT = 64;
const RIGHT = 16;
const TOP = 28;
const PANEL_HEIGHT = 104;
const GAP = 34;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const TICK_SECONDS = 20;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .title { font-weight: 600; fill: #24292f; }
  .grid { stroke: #8c959f; stroke-opacity: .35; }
  .limit { stroke: #cf222e; stroke-dasharray: 5 4; }
  .line { fill: none; stroke: #0969da; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; } .title { fill: #f0f6fc; }
    .limit { stroke: #ff7b72; } .line { stroke: #4493f8; }
  }`;

export function drawPlot({ phases }: Run): string {
  const samples = phases.flatMap((phase) => phase.samples);
  const endMs = samples.at(-1)?.ms ?? 1;
  const panels = panelsOf(samples);
  const height = TOP + panels.length * (PANEL_HEIGHT + GAP);
  const scale = (ms: number) => LEFT + (ms / endMs) * PLOT_WIDTH;
  const times = samples.map(({ ms }) => scale(ms));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="The bot under load over time">`,
    `<style>${STYLE}\n</style>`,
    ...phases.map((phase) => drawPhase(phase, scale, height)),
    ...panels.map((panel, index) => drawPanel(panel, times, TOP + index * (PANEL_HEIGHT + GAP))),
    drawTicks(endMs, scale, height - GAP + 16),
    '</svg>\n',
  ].join('\n');
}

function panelsOf(samples: readonly Sample[]): Panel[] {
  return [
    {
      title: 'resident memory, MB (promised at 100 streams: 450)',
      values: samples.map(({ residentMegabytes }) => residentMegabytes),
      limit: 450,
    },
    { title: 'answers under way', values: samples.map(({ streams }) => streams) },
    {
      title: 'event-loop delay, ms, p99 of each second (promised: 50)',
      values: samples.map(({ delayMs }) => delayMs),
      limit: 50,
    },
    { title: 'results per second', values: ratesOf(samples) },
  ];
}

/** Over the second before each sample. */
function ratesOf(samples: readonly Sample[]): number[] {
  let first = 0;
  return samples.map(({ ms, delivered }) => {
    while ((samples[first]?.ms ?? ms) < ms - 1_000) first += 1;
    const before = samples[first];
    const spanMs = ms - (before?.ms ?? ms);
    return spanMs > 0 ? ((delivered - (before?.delivered ?? 0)) * 1_000) / spanMs : 0;
  });
}

function drawPhase({ name, startMs }: PhaseRun, scale: (ms: number) => number, height: number) {
  const x = scale(startMs).toFixed(1);
  return `<path class="grid" d="M${x} ${TOP - 14}V${height - GAP}"/><text x="${x}" dx="4" y="${TOP - 14}">${name}</text>`;
}

function drawPanel({ title, values, limit }: Panel, times: number[], top: number): string {
  const max = ceiling(Math.max(1, limit ?? 0, ...values));
  const bottom = top + PANEL_HEIGHT;
  const y = (value: number) => bottom - (value / max) * (PANEL_HEIGHT - 16);
  const points = values.map((value, index) => `${times[index]?.toFixed(1)} ${y(value).toFixed(1)}`);
  const across = (value: number, kind: string) =>
    `<path class="${kind}" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/>`;
  const labels = [0, max / 2, max].map(
    (value) =>
      `${across(value, 'grid')}<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  return [
    `<text class="title" x="${LEFT + 4}" y="${top + 8}">${title}</text>`,
    ...labels,
    limit === undefined ? '' : across(limit, 'limit'),
    `<path class="line" d="M${points.join('L')}"/>`,
  ].join('\n');
}

/** The next of 1, 2, 4, 6, 8 times a power of ten: halves of them are round, too. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 8, 10].find((one) => one * power >= value) ?? 10;
  return factor * power;
}

function drawTicks(endMs: number, scale: (ms: number) => number, y: number): string {
  const count = Math.floor(endMs / 1_000 / TICK_SECONDS) + 1;
  const ticks = Array.from({ length: count }, (_, index) => index * TICK_SECONDS);
  return ticks
    .map(
      (s) => `<text x="${scale(s * 1_000).toFixed(1)}" y="${y}" text-anchor="middle">${s} s</text>`,
    )
    .join('');
}
