/** Medians as Markdown tables. */
import { FORMATS, type Format, isFormat } from './formats.ts';
import type { Cost } from './meter.ts';
import { type PeerName, peers } from './peers/peers.ts';
import { CROWD, peerNames, REFERENCE, type Situation } from './plan.ts';
import type { Result } from './run.ts';
import { growthExponent } from './statistics.ts';

const MEBIBYTE = 1024 * 1024;
const BIG = 24 * MEBIBYTE;
const MIDDLE = 8 * MEBIBYTE;

/** Looks up medians; undefined for what was not measured. */
export type Find = (peer: PeerName, situation: Situation) => Cost | undefined;

export function createFind(results: readonly Result[]): Find {
  const nameOf = (peer: string, { format, bytes, streams }: Situation) =>
    [peer, format, bytes, streams].join(' ');
  const costs = new Map(results.map(({ one, cost }) => [nameOf(one.peer, one), cost]));
  return (peer, situation) => costs.get(nameOf(peer, situation));
}

/** One table for each format, and one for many streams. */
export function writeTables(results: readonly Result[]): string {
  const find = createFind(results);
  const formats = Object.keys(FORMATS).filter(isFormat);
  return [...formats.map((format) => formatTable(format, results, find)), crowdTable(find)].join(
    '\n\n',
  );
}

function formatTable(format: Format, results: readonly Result[], find: Find): string {
  const single = results.filter(({ one }) => one.format === format && one.streams === 1);
  const sizes = [...new Set(single.map(({ one }) => one.bytes))];
  const list = sizes.map((bytes) => bytes / MEBIBYTE).join(' / ');
  const head = [
    'peer',
    `CPU x: ${list} MB`,
    `wall x: ${list} MB`,
    'CPU ms, 24 MB',
    'wall ms, 24 MB',
    'peak MB: 8 / 24 MB',
    'delay ms: 8 / 24 MB',
    'growth',
  ];
  const rows = peerNames.flatMap((peer) => {
    const at = (bytes: number) => find(peer, { format, bytes, streams: 1 });
    const big = at(BIG);
    if (big === undefined) return [];
    const ratios = (figure: keyof Cost) =>
      sizes.map((bytes) => ratio(find, peer, { format, bytes, streams: 1 }, figure)).join(' / ');
    const pair = (figure: keyof Cost) => `${show(at(MIDDLE)?.[figure])} / ${show(big[figure])}`;
    const figures = [show(big.cpuMs), show(big.wallMs), pair('peakMegabytes'), pair('delayMs')];
    const growth = show(growthOf(find, peer, format));
    return [[peers[peer].title, ratios('cpuMs'), ratios('wallMs'), ...figures, growth]];
  });
  return `### ${format}: ${FORMATS[format]}\n\n${markdownTable(head, rows)}`;
}

function crowdTable(find: Find): string {
  const head = ['peer', 'CPU x', 'wall x', 'CPU ms', 'wall ms', 'peak MB', 'delay ms'];
  const rows = peerNames.flatMap((peer) => {
    const cost = find(peer, CROWD);
    if (cost === undefined) return [];
    const ratios = [ratio(find, peer, CROWD, 'cpuMs'), ratio(find, peer, CROWD, 'wallMs')];
    const figures = [cost.cpuMs, cost.wallMs, cost.peakMegabytes, cost.delayMs].map(show);
    return [[peers[peer].title, ...ratios, ...figures]];
  });
  return `### ${CROWD.streams} streams of 8 MB at once, format ${CROWD.format}\n\n${markdownTable(head, rows)}`;
}

/** The exponent of CPU time between 8 and 24 MB. */
export function growthOf(find: Find, peer: PeerName, format: Format): number | undefined {
  const small = find(peer, { format, bytes: MIDDLE, streams: 1 });
  const large = find(peer, { format, bytes: BIG, streams: 1 });
  if (small === undefined || large === undefined) return undefined;
  return growthExponent({ size: MIDDLE, cost: small.cpuMs }, { size: BIG, cost: large.cpuMs });
}

/** To the reference in the same situation. */
export function ratioOf(
  find: Find,
  peer: PeerName,
  situation: Situation,
  figure: keyof Cost,
): number | undefined {
  const cost = find(peer, situation)?.[figure];
  const reference = find(REFERENCE, situation)?.[figure];
  return cost === undefined || reference === undefined ? undefined : cost / reference;
}

function ratio(...question: Parameters<typeof ratioOf>): string {
  return show(ratioOf(...question));
}

/** Two digits below ten, else none behind the point. */
export function show(value: number | undefined): string {
  if (value === undefined) return '-';
  return Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

export function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
